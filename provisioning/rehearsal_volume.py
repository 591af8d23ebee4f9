"""The drill of EBS snapshots: the newest one becomes a volume of the drill's own, whose size, source and encryption are read back.

A few of the snapshot's blocks are read by the EBS direct APIs and their SHA-256 compared with the one that EBS keeps of each; EBS fills a
volume from the same blocks by itself. Nobody reads a volume without a server: the files on it are for the customer's own drill.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Sequence
from typing import Any

from provisioning.rehearsal_site import Site, seconds
from provisioning.resources.base import tag_list

WAIT, PAUSE = 600.0, 2.0
SAMPLE, LISTED = 10, 1000


def restore_volume(site: Site, targets: Sequence[dict[str, str]]) -> dict[str, Any]:
    """`items`: the snapshot and what became of it. Raises ClientError, BotoCoreError."""
    ec2 = site.client("ec2")
    began = time.monotonic()
    snapshot = _newest(ec2, targets)
    site.step("Find the newest snapshot", began)
    if snapshot is None:
        looked = ", ".join(f"{tag['Key']}={tag['Value']}" for tag in targets)
        why = f"there is no finished snapshot with the tag {looked} in {site.region}"
        return {"items": [], "restored": 0, "bytes": 0, "measured_seconds": seconds(time.monotonic() - began), "reason": why}
    start = time.monotonic()
    zone = min(one["ZoneName"] for one in ec2.describe_availability_zones()["AvailabilityZones"])
    tags = [{"ResourceType": "volume", "Tags": tag_list(site.tags)}]
    answer = ec2.create_volume(
        SnapshotId=snapshot["SnapshotId"], AvailabilityZone=zone, VolumeType="gp3", Encrypted=True, TagSpecifications=tags
    )
    site.note("volume", answer["VolumeId"])
    volume = _available(ec2, answer["VolumeId"])
    site.step(f"Make volume {answer['VolumeId']} of {snapshot['SnapshotId']}", start)
    read = {"snapshot": volume["SnapshotId"], "gib": volume["Size"], "encrypted": volume["Encrypted"], "state": volume["State"]}
    wanted = {"snapshot": snapshot["SnapshotId"], "gib": snapshot["VolumeSize"], "encrypted": True, "state": "available"}
    wrong = [f"{name} is {read[name]}, not {wanted[name]}" for name in wanted if read[name] != wanted[name]]
    item = {"key": snapshot["SnapshotId"], "started": snapshot["StartTime"].isoformat(timespec="seconds"), **read, "same": not wrong}
    measured = seconds(time.monotonic() - began)
    start = time.monotonic()
    blocks = _blocks(site.client("ebs"), snapshot["SnapshotId"])
    site.step(f"Compare the checksums of {len(blocks)} blocks", start)
    wrong += [f"{block['key']} is not the same as its checksum" for block in blocks if not block["same"]]
    size = snapshot["VolumeSize"] * 1024**3
    return {"items": [item, *blocks], "restored": 1, "bytes": size, "measured_seconds": measured, "reason": "; ".join(wrong)}


def _blocks(ebs: Any, snapshot: str) -> list[dict[str, Any]]:
    """A few blocks, spread over the first thousand, each with both checksums; none where the volume was empty."""
    listed = ebs.list_snapshot_blocks(SnapshotId=snapshot, MaxResults=LISTED)["Blocks"]
    found = []
    for block in listed[:: max(1, -(-len(listed) // SAMPLE))]:
        index = block["BlockIndex"]
        answer = ebs.get_snapshot_block(SnapshotId=snapshot, BlockIndex=index, BlockToken=block["BlockToken"])
        data = answer["BlockData"].read()
        ours, theirs = hashlib.sha256(data).hexdigest(), base64.b64decode(answer["Checksum"]).hex()
        sums = {"source_sha256": theirs, "restored_sha256": ours, "same": ours == theirs}
        found.append({"key": f"block {index}", "bytes": len(data), **sums})
    return found


def _newest(ec2: Any, targets: Sequence[dict[str, str]]) -> dict[str, Any] | None:
    found: list[dict[str, Any]] = []
    for tag in targets:
        filters = [{"Name": f"tag:{tag['Key']}", "Values": [tag["Value"]]}, {"Name": "status", "Values": ["completed"]}]
        pages = ec2.get_paginator("describe_snapshots").paginate(OwnerIds=["self"], Filters=filters)
        found += [row for page in pages for row in page["Snapshots"]]
    return max(found, key=lambda one: (one["StartTime"], one["SnapshotId"]), default=None)


def _available(ec2: Any, volume: str) -> dict[str, Any]:
    """The volume once it can be attached, or as it is when the time for that is over."""
    end = time.monotonic() + WAIT
    while True:
        row: dict[str, Any] = ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]
        if row["State"] != "creating" or time.monotonic() > end:
            return row
        time.sleep(PAUSE)
