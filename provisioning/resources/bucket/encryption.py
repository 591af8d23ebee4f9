"""Default encryption of new objects. Objects that are there already keep theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.resources.base import Call, Properties, read
from provisioning.resources.bucket.part import Bucket, designed_or_kept, s3_call


class Encryption:
    properties: tuple[str, ...] = ("Encryption",)
    reads = frozenset({"s3:GetEncryptionConfiguration"})
    writes = frozenset({"s3:PutEncryptionConfiguration"})

    def read(self, bucket: Bucket) -> Properties:
        found = read(
            lambda: bucket.s3.get_bucket_encryption(**bucket.names),
            "s3:GetEncryptionConfiguration",
            absent=("ServerSideEncryptionConfigurationNotFoundError",),
        )
        rules = found["ServerSideEncryptionConfiguration"]["Rules"] if found else []
        if not rules:
            return {"Encryption": None}
        rule = rules[0]
        value = {**rule.get("ApplyServerSideEncryptionByDefault", {}), "BucketKeyEnabled": bool(rule.get("BucketKeyEnabled"))}
        if rule.get("BlockedEncryptionTypes"):
            value["BlockedEncryptionTypes"] = rule["BlockedEncryptionTypes"]
        return {"Encryption": value}

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        value = designed_or_kept("Encryption", want, have)
        blocked = (have.get("Encryption") or {}).get("BlockedEncryptionTypes")
        if value is not None and blocked:
            value = {"BlockedEncryptionTypes": blocked, **value}
        return {"Encryption": value}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        value = found.get("Encryption")
        if value is None:
            return {"Encryption": None}
        # A bucket key saves KMS requests; without KMS the flag means nothing.
        bucket_key = bool(value.get("BucketKeyEnabled")) and value.get("SSEAlgorithm") != "AES256"
        key = value.get("KMSMasterKeyID")
        if isinstance(key, str) and ":key/" in key:
            key = key.partition(":key/")[2]
        return {"Encryption": {**value, "KMSMasterKeyID": key, "BucketKeyEnabled": bucket_key}}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        value = after["Encryption"]
        default = {name: value[name] for name in ("SSEAlgorithm", "KMSMasterKeyID") if value.get(name) is not None}
        rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bool(value.get("BucketKeyEnabled"))}
        if value.get("BlockedEncryptionTypes"):
            rule["BlockedEncryptionTypes"] = value["BlockedEncryptionTypes"]
        how = "with the customer's own key" if value.get("KMSMasterKeyID") is not None else f"with {value['SSEAlgorithm']}"
        return [
            s3_call(
                bucket,
                "put_bucket_encryption",
                f"Encrypt new objects {how}",
                "s3:PutEncryptionConfiguration",
                ServerSideEncryptionConfiguration={"Rules": [rule]},
            )
        ]
