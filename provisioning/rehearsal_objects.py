"""The drill of a bucket: a few old versions copied into a bucket of the drill's own and compared byte by byte, by their SHA-256."""

from __future__ import annotations

import hashlib
import time
from itertools import islice
from typing import Any

from provisioning.rehearsal_site import Site, seconds
from provisioning.resources.base import tag_list

# A sample is small enough for minutes and large enough to prove keys, permissions and versions.
SAMPLE, LISTED = 10, 5000
MAX_BYTES = 256 * 1024**2
# Restored from these only hours after it was asked for.
ASLEEP = frozenset({"GLACIER", "DEEP_ARCHIVE"})
BLOCKS = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


def restore_objects(site: Site, bucket: str) -> dict[str, Any]:
    """`items`: each version with both checksums; `reason` is empty where all are the same. Raises ClientError, BotoCoreError."""
    s3 = site.client("s3")
    began = time.monotonic()
    sample, asleep = _sample(s3, bucket)
    site.step(f"Choose {len(sample)} versions of {bucket}", began)
    if not sample:
        why = f"{bucket} holds nothing that can be restored at once"
        why += f"; {asleep} versions are in Glacier Flexible Retrieval or Deep Archive and have to be retrieved first" if asleep else ""
        return {"items": [], "restored": 0, "bytes": 0, "measured_seconds": seconds(time.monotonic() - began), "reason": why}
    drill = _own_bucket(site, s3, bucket)
    start = time.monotonic()
    for number, version in enumerate(sample):
        site.note("object", f"{number:03d}", bucket=drill)
        source = {"Bucket": bucket, "Key": version["Key"], "VersionId": version["VersionId"]}
        s3.copy_object(Bucket=drill, Key=f"{number:03d}", CopySource=source, TaggingDirective="REPLACE", MetadataDirective="COPY")
    site.step(f"Copy them into {drill}", start)
    measured = seconds(time.monotonic() - began)
    start = time.monotonic()
    items = [_compared(s3, bucket, drill, f"{number:03d}", version) for number, version in enumerate(sample)]
    site.step("Compare the checksums", start)
    wrong = [item["key"] for item in items if not item["same"]]
    reason = f"not the same after the restore: {', '.join(wrong)}" if wrong else ""
    size = sum(item["bytes"] for item in items)
    return {"items": items, "restored": len(items), "bytes": size, "measured_seconds": measured, "reason": reason}


def _sample(s3: Any, bucket: str) -> tuple[list[dict[str, Any]], int]:
    """Versions that a restore would bring back, older ones before current ones; and how many are asleep."""
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    rows = list(islice((row for page in pages for row in page.get("Versions", ())), LISTED))
    awake = [row for row in rows if row.get("StorageClass") not in ASLEEP]
    chosen: list[dict[str, Any]] = []
    room = MAX_BYTES
    for row in sorted(awake, key=lambda one: (one["IsLatest"], one["Key"], one["VersionId"])):
        if len(chosen) < SAMPLE and row["Size"] <= room:
            chosen.append(row)
            room -= row["Size"]
    return chosen, len(rows) - len(awake)


def _own_bucket(site: Site, s3: Any, source: str) -> str:
    """A private bucket with the encryption of the source."""
    start = time.monotonic()
    name = f"stowplan-drill-{site.identity}"
    site.note("bucket", name)
    where = {} if site.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": site.region}}
    s3.create_bucket(Bucket=name, **where)
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(site.tags)})
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=BLOCKS)
    encryption = s3.get_bucket_encryption(Bucket=source)["ServerSideEncryptionConfiguration"]
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=encryption)
    site.step(f"Make the bucket {name}", start)
    return name


def _compared(s3: Any, bucket: str, drill: str, key: str, version: dict[str, Any]) -> dict[str, Any]:
    ours = _sha256(s3.get_object(Bucket=drill, Key=key)["Body"])
    theirs = _sha256(s3.get_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])["Body"])
    found = {"key": version["Key"], "version": version["VersionId"], "bytes": version["Size"], "latest": version["IsLatest"]}
    return {**found, "source_sha256": theirs, "restored_sha256": ours, "same": ours == theirs}


def _sha256(body: Any) -> str:
    digest = hashlib.sha256()
    for part in body.iter_chunks(1024**2):
        digest.update(part)
    return digest.hexdigest()
