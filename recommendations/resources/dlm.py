"""EBS snapshot policies of Data Lifecycle Manager with the role that runs them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from recommendations.design import canonical_json
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.places import Place
from recommendations.resources.common import Resource, document, resource, short, statement, sub, trust
from recommendations.schedules import Schedule, Start
from recommendations.snapshot_tiers import WARM_MONTHS

SNAPSHOTS = "arn:aws:ec2:*::snapshot/*"
# Policies of an account and Region (aws-facts section e), and target tags of one policy (DLM API Reference, PolicyDetails).
MOST_POLICIES, MOST_TAGS = 100, 50
# Every snapshot of a policy carries this tag (EBS User Guide, "How Amazon Data Lifecycle Manager works", Tags). It carries `dlm:managed`
# too, but the value of that is not documented and anybody can set it; nobody but AWS sets a tag that begins with `aws:`.
MADE_BY_DLM = {"Null": {"aws:ResourceTag/aws:dlm:lifecycle-policy-id": "false"}}
GRANT = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
ENCRYPT = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]


def role_key(place: Place) -> str:
    return short(f"role-dlm-{place.name}")


def dlm_role(
    customer: CustomerFacts,
    place: Place,
    regions: Sequence[str],
    keys: Sequence[str],
    workloads: Sequence[str],
    *,
    fast: bool = False,
    archived: bool = False,
) -> Resource:
    """The role that Data Lifecycle Manager assumes in one account: takes, tags, copies snapshots, and deletes only those that it made.

    `keys` are the keys of the copies in another Region. The keys of the volumes are the customer's and unknown here, so their use
    is granted through EC2 and for the own account only.
    """
    via = {
        "StringEquals": {"kms:ViaService": [f"ec2.{region}.amazonaws.com" for region in regions], "kms:CallerAccount": sub("${account}")}
    }
    statements = [
        statement("StowplanLook", ["ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeVolumes"], "*"),
        statement(
            "StowplanTake",
            ["ec2:CreateSnapshot", "ec2:CreateSnapshots"],
            [
                sub("arn:aws:ec2:*:${account}:instance/*"),
                sub("arn:aws:ec2:*:${account}:volume/*"),
                SNAPSHOTS,
            ],
        ),
        statement("StowplanTagAndCopy", ["ec2:CopySnapshot", "ec2:CreateTags"], SNAPSHOTS),
        statement(
            "StowplanAge",
            ["ec2:DeleteSnapshot"],
            SNAPSHOTS,
            Condition=MADE_BY_DLM,
        ),
        statement(
            "StowplanReadVolumes",
            ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom"],
            "*",
            Condition=via,
        ),
        statement("StowplanGrantVolumes", ["kms:CreateGrant"], "*", Condition={**via, **GRANT}),
    ]
    statements += tier_statements(fast, archived)
    if keys:
        arns = [sub(f"${{{key}.arn}}") for key in keys]
        statements += [
            statement("StowplanEncryptCopies", ENCRYPT, arns),
            statement("StowplanGrantCopies", ["kms:CreateGrant"], arns, Condition=GRANT),
        ]
    properties = {
        "Description": "Stowplan EBS snapshots by Data Lifecycle Manager",
        "AssumeRolePolicyDocument": trust("dlm.amazonaws.com"),
        "Policies": {"snapshots": document(*statements)},
        "ManagedPolicyArns": [],
    }
    return resource(role_key(place), "AWS::IAM::Role", customer, properties, role=place.role, alias=place.alias, workloads=tuple(workloads))


def tier_statements(fast: bool, archived: bool) -> list[dict[str, Any]]:
    """What the role may do besides, where policies keep snapshots ready (`fast`) or put them away (`archived`); as in AWS's own
    AWSDataLifecycleManagerServiceRole, but only for snapshots that it made."""
    found = []
    if fast:
        found += [
            statement("StowplanLookFast", ["ec2:DescribeAvailabilityZones", "ec2:DescribeFastSnapshotRestores"], "*"),
            statement(
                "StowplanFast", ["ec2:DisableFastSnapshotRestores", "ec2:EnableFastSnapshotRestores"], SNAPSHOTS, Condition=MADE_BY_DLM
            ),
        ]
    if archived:
        found += [
            statement("StowplanLookTier", ["ec2:DescribeSnapshotTierStatus"], "*"),
            statement("StowplanArchive", ["ec2:ModifySnapshotTier"], SNAPSHOTS, Condition=MADE_BY_DLM),
        ]
    return found


def dlm_policy(
    workload: WorkloadFacts,
    customer: CustomerFacts,
    place: Place,
    schedules: Sequence[Schedule],
    start: Start,
    copy: tuple[str, str | None] | None,
    workloads: Sequence[str],
    fast_zones: Sequence[str] = (),
) -> Resource:
    """One policy for the resources that carry the workload's tag. `copy` is (Region, resource key of its KMS key or None).

    In `fast_zones` the newest snapshot of the densest schedule, the first, is kept ready for fast restore.
    """
    tag, value = workload.tag
    details: dict[str, Any] = {
        "PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
        "ResourceTypes": ["INSTANCE" if workload.multi_volume else "VOLUME"],
        "ResourceLocations": ["CLOUD"],
        "TargetTags": [{"Key": tag, "Value": value}],
        "Schedules": [schedule_of(one, start, copy) for one in schedules],
    }
    if fast_zones:
        details["Schedules"][0]["FastRestoreRule"] = {"Count": 1, "AvailabilityZones": list(fast_zones)}
    properties = {
        "ExecutionRoleArn": sub(f"${{{role_key(place)}.arn}}"),
        "Description": f"Stowplan snapshots of {workload.key}",
        "State": "ENABLED",
        "PolicyDetails": details,
    }
    return resource(policy_key(workload.key), "AWS::DLM::LifecyclePolicy", customer, properties, **place.where(*workloads))


def shared(policies: Sequence[Resource]) -> list[Resource]:
    """The policies, one a tag; where an account and Region has more than its quota, those of equal settings are one, up to 50 tags each.

    A tag stays in exactly one policy, with its own key where it is alone and with the first one's where it is not. Decision 0009.
    """
    counts = Counter(_place(one) for one in policies)
    found: list[Resource] = []
    latest: dict[bytes, Resource] = {}
    tags: Counter[str] = Counter()
    for one in policies:
        place, details = _place(one), one["properties"]["PolicyDetails"]
        same = canonical_json([place, {name: value for name, value in details.items() if name != "TargetTags"}])
        into = latest.get(same)
        if counts[place] <= MOST_POLICIES or into is None or tags[into["key"]] == MOST_TAGS:
            found.append(one)
            latest[same], tags[one["key"]] = one, 1
            continue
        into["properties"]["PolicyDetails"]["TargetTags"] += details["TargetTags"]
        into["workloads"] += one["workloads"]
        tags[into["key"]] += 1
    for one in found:
        if (more := tags[one["key"]] - 1) > 0:
            one["properties"]["Description"] += f" and of {more} more tag{'s' if more > 1 else ''}"
    return found


def _place(policy: Resource) -> tuple[str, str, str]:
    return policy["account_role"], policy["account_alias"] or "", policy["region"]


def policy_key(workload: str) -> str:
    return short(f"dlm-{workload}")


def schedule_of(schedule: Schedule, start: Start, copy: tuple[str, str | None] | None) -> dict[str, Any]:
    """One schedule in the shape of the API: an interval with its time, or a cron expression; retention by age."""
    rule: dict[str, Any] = {"CronExpression": schedule.cron} if schedule.cron else {}
    if schedule.every_hours:
        rule = {"Interval": schedule.every_hours, "IntervalUnit": "HOURS", "Times": [start.time]}
    retain = {"Interval": schedule.count, "IntervalUnit": schedule.unit}
    found: dict[str, Any] = {
        "Name": schedule.kind,
        "CopyTags": True,
        "TagsToAdd": [{"Key": "stowplan:schedule", "Value": schedule.kind}],
        "CreateRule": rule,
        "RetainRule": retain,
    }
    if schedule.archive_months:
        put_away = {"Interval": schedule.archive_months, "IntervalUnit": "MONTHS"}
        found["RetainRule"] = {"Interval": WARM_MONTHS, "IntervalUnit": "MONTHS"}
        found["ArchiveRule"] = {"RetainRule": {"RetentionArchiveTier": put_away}}
    if copy:
        region, key = copy
        abroad: dict[str, Any] = {"Target": region, "Encrypted": True, "CopyTags": True, "RetainRule": retain}
        if key:
            abroad["CmkArn"] = sub(f"${{{key}.arn}}")
        found["CrossRegionCopyRules"] = [abroad]
    return found
