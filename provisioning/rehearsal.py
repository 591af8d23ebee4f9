"""A restore drill: a sample restored from object versions, or a volume from its snapshot, into an isolated place, checked and cleared away.

Nothing of the customer's is written to: the sample goes into a bucket, or a volume, that the drill makes for itself. Both carry the tag
`stowplan:drill`, and only what the drill noted as its own and what carries that tag is deleted. No Django.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from assessment.engagement import engagement_from_document
from provisioning.names import BUCKET, DLM_POLICY, name_of
from provisioning.plan_file import PlanFile
from provisioning.rehearsal_objects import restore_objects
from provisioning.rehearsal_site import DRILL_TAG, Noted, Site, seconds
from provisioning.rehearsal_volume import restore_volume
from provisioning.resources.base import ClientSource
from recommendations.measured import RECORD

# The disruption whose recovery a drill proves: data is lost, the Region and the account are there.
DISRUPTION = "deletion"


class RehearsalProblem(ValueError):
    """The workload cannot be rehearsed; the message says why and what would be right. Nothing was made."""


def rehearse(plan: PlanFile, clients: ClientSource, workload: str, identity: str, noted: Noted = lambda entry: None) -> dict[str, Any]:
    """The record of one drill, `stowplan/rehearsal/1`. `identity` (lower-case letters and digits) names it and what it makes.

    `passed` says whether all that was restored is the same as its source; `measured_seconds` is the time from the first call to the
    last byte restored. Raises RehearsalProblem, TargetProblem, NotObserved; what AWS refuses ends the drill as failed, with the reason.
    """
    document = plan.design.document
    found = next((one for one in document["workloads"] if one["key"] == workload), None)
    if found is None:
        keys = ", ".join(one["key"] for one in document["workloads"])
        raise RehearsalProblem(f"workload {workload!r}: the design has no such workload; it has {keys}")
    resource = source_of(document, found)
    tags = own_tags(document, workload, resource) if resource["type"] == DLM_POLICY else []
    account = plan.target.account_of(resource)
    clients.check(resource["region"])
    site = Site(clients, account, resource["region"], document["engagement"]["slug"], identity, noted)
    began, at = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    try:
        outcome = _restored(site, resource, tags)
        reason = outcome.pop("reason")
    except (ClientError, BotoCoreError) as error:
        outcome, reason = {"items": [], "restored": 0, "bytes": 0, "measured_seconds": seconds(time.monotonic() - began)}, str(error)
    left = clear(clients, site.mine)
    return {
        "schema": RECORD,
        "design_digest": plan.digest,
        "workload": workload,
        "disruption": DISRUPTION,
        "way": "snapshot" if resource["type"] == DLM_POLICY else "versions",
        "source": resource["key"],
        "account": account,
        "region": resource["region"],
        "at": at,
        **outcome,
        "passed": not reason,
        "reason": reason,
        "steps": site.steps,
        "estimate": next((one["rto"] for one in found["recovery"] if one["disruption"] == DISRUPTION), None),
        "made": site.mine,
        "left": left,
    }


def source_of(document: Mapping[str, Any], workload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The bucket or the snapshot policy that holds the copies of a workload. Raises RehearsalProblem where there is neither."""
    resources: dict[str, Mapping[str, Any]] = {one["key"]: one for one in document["resources"]}
    bucket = (workload["lifecycle"] or {}).get("bucket")
    if bucket in resources:
        return resources[bucket]
    for one in resources.values():
        if one["type"] == DLM_POLICY and workload["key"] in one["workloads"]:
            return one
    plans = [one["resource"] for one in document["drills"] if one["workload"] == workload["key"] and one["resource"]]
    instead = f"AWS Backup restores it by itself ({plans[0]})" if plans else "its runbook says how to restore it by hand"
    raise RehearsalProblem(f"workload {workload['key']!r}: it has neither a bucket nor snapshots of its own; {instead}")


def own_tags(document: Mapping[str, Any], workload: str, policy: Mapping[str, Any]) -> list[dict[str, str]]:
    """Of a policy's target tags the workload's own, from its answer: where tags share a policy, a neighbour's snapshot proves nothing."""
    tags: list[dict[str, str]] = policy["properties"]["PolicyDetails"]["TargetTags"]
    if len(tags) == 1:
        return tags
    engagement = engagement_from_document(document["answers"])
    named = next(one.answers.get("wl_tags") for one in engagement.workloads if one.key == workload)
    key, _, value = (str(named.value) if named and named.value else f"stowplan:workload={workload}").partition("=")
    own = [tag for tag in tags if (tag["Key"], tag["Value"]) == (key, value)]
    if not own:
        raise RehearsalProblem(f"workload {workload!r}: its tag {key}={value} is not one of {policy['key']}; make the design again")
    return own


def _restored(site: Site, resource: Mapping[str, Any], tags: Sequence[dict[str, str]]) -> dict[str, Any]:
    if resource["type"] == BUCKET:
        place = {"account": site.account, "region": site.region, "slug": site.slug}
        return restore_objects(site, name_of(BUCKET, key=resource["key"], adopt=resource["adopt"], **place))
    return restore_volume(site, tags)


def clear(clients: ClientSource, mine: list[dict[str, Any]]) -> list[str]:
    """Deletes what a drill noted as its own, the last made first; a sentence for each thing that is still there.

    A bucket or volume without the drill's tag is left: whoever has it now, it is not the drill's.
    """
    left = []
    for entry in reversed(mine):
        try:
            _delete(clients, entry)
        except (ClientError, BotoCoreError) as error:
            left.append(f"{entry['kind']} {entry['id']} in {entry['account']}, {entry['region']}: {error}")
    return left


def _delete(clients: ClientSource, entry: Mapping[str, Any]) -> None:
    try:
        if entry["kind"] == "volume":
            ec2 = clients.client("ec2", entry["account"], entry["region"])
            [volume] = ec2.describe_volumes(VolumeIds=[entry["id"]])["Volumes"]
            if any(tag["Key"] == DRILL_TAG for tag in volume.get("Tags", ())):
                ec2.delete_volume(VolumeId=entry["id"])
            return
        s3 = clients.client("s3", entry["account"], entry["region"])
        if entry["kind"] == "object" and _is_ours(s3, entry["bucket"]):
            s3.delete_object(Bucket=entry["bucket"], Key=entry["id"])
        elif entry["kind"] == "bucket" and _is_ours(s3, entry["id"], untagged=True):
            s3.delete_bucket(Bucket=entry["id"])
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in ("NoSuchBucket", "NoSuchKey", "InvalidVolume.NotFound"):
            raise


def _is_ours(s3: Any, bucket: str, *, untagged: bool = False) -> bool:
    """By the drill's tag. `untagged`: also without any, as between its creation and its tag; S3 deletes no bucket that holds anything."""
    try:
        return any(tag["Key"] == DRILL_TAG for tag in s3.get_bucket_tagging(Bucket=bucket)["TagSet"])
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != "NoSuchTagSet":
            raise
        return untagged
