"""EBS direct APIs for snapshots that EC2 made too: moto keeps no blocks of theirs, so they are those of empty volumes."""

from typing import Any

from moto.ebs.models import EBSBackend, EBSSnapshot


def list_snapshot_blocks(backend: EBSBackend, snapshot_id: str) -> Any:
    """Takes the place of moto's method; raises EC2's error for a snapshot that nobody made."""
    if snapshot_id not in backend.snapshots:
        [made] = backend.ec2_backend.describe_snapshots(snapshot_ids=[snapshot_id])
        backend.snapshots[snapshot_id] = EBSSnapshot(account_id=backend.account_id, snapshot=made)
    return backend.snapshots[snapshot_id]
