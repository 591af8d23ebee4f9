"""AWS::EC2::EbsEncryption: new volumes of an account and Region are encrypted. Turned on, never off; one an account and Region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.names import EBS_ENCRYPTION
from provisioning.resources.base import Call, Hazard, Observed, Place, Properties, ResourceType, read


class EbsEncryption(ResourceType):
    kind = EBS_ENCRYPTION
    reads = frozenset({"ec2:GetEbsEncryptionByDefault", "ec2:GetEbsDefaultKmsKeyId"})
    writes = frozenset({"ec2:EnableEbsEncryptionByDefault", "ec2:ModifyEbsDefaultKmsKeyId"})

    def observe(self, place: Place) -> Observed:
        ec2 = place.client("ec2")
        on = read(lambda: ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"], "ec2:GetEbsEncryptionByDefault")
        key = read(lambda: ec2.get_ebs_default_kms_key_id()["KmsKeyId"], "ec2:GetEbsDefaultKmsKeyId")
        return Observed(True, f"{place.account}/{place.region}", {"Enabled": bool(on), "KmsKeyId": key})

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        # A key that others chose as the default stays where the design names none.
        return {"Enabled": True, "KmsKeyId": want.get("KmsKeyId") or observed.properties["KmsKeyId"]}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        return dict(properties)

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        calls = []
        have = observed.properties
        if after["KmsKeyId"] != have["KmsKeyId"]:
            words = f"Encrypt new volumes in {place.region} with {after['KmsKeyId']} by default"
            parameters = {"KmsKeyId": after["KmsKeyId"]}
            calls.append(Call("ec2", "modify_ebs_default_kms_key_id", parameters, words, "ec2:ModifyEbsDefaultKmsKeyId"))
        if not have["Enabled"]:
            words = f"Encrypt new volumes in {place.region} by default"
            calls.append(Call("ec2", "enable_ebs_encryption_by_default", {}, words, "ec2:EnableEbsEncryptionByDefault"))
        return calls

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        where = f"account {place.account}, {place.region}"
        found = []
        if not observed.properties["Enabled"]:
            found.append(
                Hazard("foreign", f"Every new volume and snapshot copy in {where} is encrypted from now on, also those of others there.")
            )
        if after["KmsKeyId"] != (had := observed.properties["KmsKeyId"]):
            found.append(Hazard("foreign", f"New volumes in {where} are no longer encrypted with {had} by default; those there keep it."))
        return found
