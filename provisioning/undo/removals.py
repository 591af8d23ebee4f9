"""How something that a run created is taken away again, type by type, and what has to be empty before. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from provisioning import names
from provisioning.names import arn_of
from provisioning.resources.backup_named import ARN
from provisioning.resources.base import Call, Observed, Place, read

# The longest waiting time that KMS knows: a deletion can be cancelled in it, and the key cannot be used meanwhile.
KEY_DAYS = 30
PENDING = "PendingConfirmation"


def removal(place: Place, observed: Observed) -> tuple[list[Call], str | None]:
    """(calls that take it away, or none; why it is kept, or None). Raises Denied, ClientError."""
    if place.kind in NEVER:
        return [], NEVER[place.kind]
    reason = HOLDS[place.kind](place) if place.kind in HOLDS else None
    if reason:
        return [], reason
    return CALLS[place.kind](place, observed), None


def _bucket_holds(place: Place) -> str | None:
    s3, own = place.client("s3"), {"Bucket": place.own_name, "ExpectedBucketOwner": place.account}
    found = read(lambda: s3.list_object_versions(**own, MaxKeys=1), "s3:ListBucketVersions") or {}
    if found.get("Versions") or found.get("DeleteMarkers"):
        return f"bucket {place.own_name} holds objects or versions of them; data is never deleted"
    uploads = read(lambda: s3.list_multipart_uploads(**own, MaxUploads=1), "s3:ListBucketMultipartUploads") or {}
    return f"an upload into bucket {place.own_name} has begun" if uploads.get("Uploads") else None


def _vault_holds(place: Place) -> str | None:
    backup = place.client("backup")
    asked = {"BackupVaultName": place.own_name, "MaxResults": 1}
    rows = read(lambda: backup.list_recovery_points_by_backup_vault(**asked), "backup:ListRecoveryPointsByBackupVault") or {}
    return f"backup vault {place.own_name} holds recovery points; data is never deleted" if rows.get("RecoveryPoints") else None


def _key_holds(place: Place) -> str | None:
    """Volumes and snapshots that the key encrypts. Its buckets and vaults are looked at by whoever knows the design."""
    mine = place.survey.once(("undo-key", place.key), lambda: _disks(place))
    return f"{mine[0]} in {place.region} is encrypted with it" if mine else None


def _disks(place: Place) -> list[str]:
    """Volumes and snapshots of the account encrypted with a key that carries this resource's tags."""
    ec2, key = place.client("ec2"), _key_id(place)
    volumes = read(
        lambda: [row for page in ec2.get_paginator("describe_volumes").paginate() for row in page["Volumes"]], "ec2:DescribeVolumes"
    )
    pages = ec2.get_paginator("describe_snapshots")
    snapshots = read(lambda: [row for page in pages.paginate(OwnerIds=["self"]) for row in page["Snapshots"]], "ec2:DescribeSnapshots")
    rows = [*((row["VolumeId"], row) for row in volumes or ()), *((row["SnapshotId"], row) for row in snapshots or ())]
    return [name for name, row in rows if key and str(row.get("KmsKeyId", "")).endswith(key)]


def _key_id(place: Place) -> str:
    from provisioning.resources.kms_key import KmsKey

    return KmsKey().observe(place).identity or ""


def _role(place: Place, observed: Observed) -> list[Call]:
    name, have = {"RoleName": place.own_name}, observed.properties
    calls = [
        Call(
            "iam", "delete_role_policy", {**name, "PolicyName": title}, f"Take back what the role may do ({title})", "iam:DeleteRolePolicy"
        )
        for title in sorted(have.get("Policies") or ())
    ]
    for arn in have.get("ManagedPolicyArns") or ():
        words = f"Take {arn.rpartition('/')[2]} from the role"
        calls.append(Call("iam", "detach_role_policy", {**name, "PolicyArn": arn}, words, "iam:DetachRolePolicy"))
    return [*calls, Call("iam", "delete_role", name, f"Delete role {place.own_name}", "iam:DeleteRole")]


def _rule(place: Place, observed: Observed) -> list[Call]:
    targets = [one["Id"] for one in observed.properties.get("Targets") or ()]
    calls = []
    if targets:
        parameters = {"Rule": place.own_name, "Ids": targets}
        calls.append(Call("events", "remove_targets", parameters, "Take the rule's targets away", "events:RemoveTargets"))
    return [*calls, Call("events", "delete_rule", {"Name": place.own_name}, f"Delete rule {place.own_name}", "events:DeleteRule")]


def _vault(place: Place, observed: Observed) -> list[Call]:
    name = {"BackupVaultName": place.own_name}
    words = f"Delete the empty backup vault {place.own_name}"
    return [Call("backup", "delete_backup_vault", name, words, "backup:DeleteBackupVault")]


def _key(place: Place, observed: Observed) -> list[Call]:
    parameters = {"KeyId": observed.identity, "PendingWindowInDays": KEY_DAYS}
    words = f"Schedule the deletion of key {observed.identity} in {KEY_DAYS} days; until then it can be cancelled (kms.cancel_key_deletion)"
    return [Call("kms", "schedule_key_deletion", parameters, words, "kms:ScheduleKeyDeletion")]


def _subscription(place: Place, observed: Observed) -> list[Call]:
    if observed.identity == PENDING:
        # SNS has no call for one that nobody confirmed; it ends by itself, or with its topic.
        return []
    arn = f"arn:aws:sns:{place.region}:{place.account}:{observed.identity}"
    words = f"End the subscription of {observed.properties.get('Endpoint')}"
    return [Call("sns", "unsubscribe", {"SubscriptionArn": arn}, words, "sns:Unsubscribe")]


def _one(service: str, operation: str, action: str, what: str, parameters: Callable[[Place, Observed], dict[str, Any]]) -> Any:
    """The calls of a type that one call takes away. `what` is its name in words."""

    def calls(place: Place, observed: Observed) -> list[Call]:
        return [Call(service, operation, parameters(place, observed), f"Delete {what} {observed.identity}", action)]

    return calls


CALLS: Mapping[str, Callable[[Place, Observed], list[Call]]] = {
    names.BUCKET: _one(
        *("s3", "delete_bucket", "s3:DeleteBucket", "the empty bucket"),
        lambda place, found: {"Bucket": place.own_name, "ExpectedBucketOwner": place.account},
    ),
    names.KEY: _key,
    names.ALIAS: _one("kms", "delete_alias", "kms:DeleteAlias", "the name", lambda place, found: {"AliasName": place.own_name}),
    names.ROLE: _role,
    names.DLM_POLICY: _one(
        *("dlm", "delete_lifecycle_policy", "dlm:DeleteLifecyclePolicy", "(its snapshots stay) snapshot policy"),
        lambda place, found: {"PolicyId": found.identity},
    ),
    names.TRAIL: _one("cloudtrail", "delete_trail", "cloudtrail:DeleteTrail", "trail", lambda place, found: {"Name": place.own_name}),
    names.VAULT: _vault,
    names.BACKUP_PLAN: _one(
        *("backup", "delete_backup_plan", "backup:DeleteBackupPlan", "(its recovery points stay) backup plan"),
        lambda place, found: {"BackupPlanId": found.identity},
    ),
    names.SELECTION: _one(
        *("backup", "delete_backup_selection", "backup:DeleteBackupSelection", "backup selection"),
        lambda place, found: {"BackupPlanId": found.properties["BackupPlanId"], "SelectionId": found.identity},
    ),
    names.RESTORE_PLAN: _one(
        *("backup", "delete_restore_testing_plan", "backup:DeleteRestoreTestingPlan", "restore testing plan"),
        lambda place, found: {"RestoreTestingPlanName": place.own_name},
    ),
    names.RESTORE_SELECTION: _one(
        *("backup", "delete_restore_testing_selection", "backup:DeleteRestoreTestingSelection", "restore testing selection"),
        lambda place, found: {
            "RestoreTestingPlanName": found.properties["RestoreTestingPlanName"],
            "RestoreTestingSelectionName": place.own_name,
        },
    ),
    names.REPORT_PLAN: _one(
        *("backup", "delete_report_plan", "backup:DeleteReportPlan", "report plan"), lambda place, found: {"ReportPlanName": place.own_name}
    ),
    names.FRAMEWORK: _one(
        *("backup", "delete_framework", "backup:DeleteFramework", "framework"), lambda place, found: {"FrameworkName": place.own_name}
    ),
    names.TOPIC: _one(
        *("sns", "delete_topic", "sns:DeleteTopic", "topic"),
        lambda place, found: {"TopicArn": arn_of(names.TOPIC, place.own_name, account=place.account, region=place.region)},
    ),
    names.SUBSCRIPTION: _subscription,
    names.RULE: _rule,
    names.ALARM: _one(
        *("cloudwatch", "delete_alarms", "cloudwatch:DeleteAlarms", "alarm"), lambda place, found: {"AlarmNames": [place.own_name]}
    ),
}
HOLDS: Mapping[str, Callable[[Place], str | None]] = {names.BUCKET: _bucket_holds, names.VAULT: _vault_holds, names.KEY: _key_holds}
NEVER = {names.BATCH: "the copies that the job made are data and stay; a job cannot be taken back"}
TAGGING = {
    names.KEY: ("kms", "untag_resource", "kms:UntagResource"),
    names.ROLE: ("iam", "untag_role", "iam:UntagRole"),
    names.DLM_POLICY: ("dlm", "untag_resource", "dlm:UntagResource"),
    names.TRAIL: ("cloudtrail", "remove_tags", "cloudtrail:RemoveTags"),
    names.TOPIC: ("sns", "untag_resource", "sns:UntagResource"),
    names.RULE: ("events", "untag_resource", "events:UntagResource"),
    names.ALARM: ("cloudwatch", "untag_resource", "cloudwatch:UntagResource"),
}


def untag(place: Place, observed: Observed, gone: Sequence[str]) -> list[Call]:
    """The call that takes tags away from anything but a bucket, whose tags are one setting."""
    if not gone:
        return []
    identity = str(observed.identity)
    parameters: dict[str, Any]
    if place.kind == names.KEY:
        parameters = {"KeyId": identity, "TagKeys": list(gone)}
    elif place.kind == names.ROLE:
        parameters = {"RoleName": identity, "TagKeys": list(gone)}
    else:
        arn = observed.properties.get(ARN) or arn_of(place.kind, identity, account=place.account, region=place.region)
        if place.kind == names.TRAIL:
            parameters = {"ResourceId": arn, "TagsList": [{"Key": name} for name in gone]}
        elif place.kind in (names.RULE, names.ALARM):
            parameters = {"ResourceARN": arn, "TagKeys": list(gone)}
        elif place.kind in (names.TOPIC, names.DLM_POLICY):
            parameters = {"ResourceArn": arn, "TagKeys": list(gone)}
        else:
            parameters = {"ResourceArn": arn, "TagKeyList": list(gone)}
    service, operation, action = TAGGING.get(place.kind, ("backup", "untag_resource", "backup:UntagResource"))
    return [Call(service, operation, parameters, f"Take back the tags {', '.join(gone)}", action)]
