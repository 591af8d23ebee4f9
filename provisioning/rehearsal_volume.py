"""The drill of EBS snapshots: the newest one becomes a volume of the drill's own. Its size, source and encryption are read back.

EBS fills a volume from its snapshot by itself, block by block, and checks each block's SHA-256 on the way; nobody outside reads a volume
without attaching it to a server, so the files on it are for the customer's own drill.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from provisioning.rehearsal_site import Site, seconds
from provisioning.resources.base import tag_list

WAIT, PAUSE = 600.0, 2.0


def restore_volume(site: Site, targets: Sequence[dict[str, str]]) -> dict[str, Any]:
    """`items`: the snapshot and what became of it. Raises ClientError, BotoCoreError."""
    ec2 = site.client("ec2")
    began = time.monotonic()
    snapshot = _newest(ec2, targets)
    site.step("Find the newest snapshot", began)
    if snapshot is None:
        looked = ", ".join(f"{tag['Key']}={tag['Value']}" for tag in targets)
        why = f"there is no finished snapshot with the tag {looked} in {site.region}"
        return {"items": [], "bytes": 0, "measured_seconds": seconds(time.monotonic() - began), "reason": why}
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
    size = snapshot["VolumeSize"] * 1024**3
    return {"items": [item], "bytes": size, "measured_seconds": seconds(time.monotonic() - began), "reason": "; ".join(wrong)}


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
