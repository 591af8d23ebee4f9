"""How settings are put back to what they were before a run: the calls of one resource, and what cannot be put back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from provisioning import names
from provisioning.resources import TYPES
from provisioning.resources.base import Call, Observed, Place, Properties
from provisioning.resources.bucket.part import Bucket, Part, s3_call
from provisioning.resources.s3_bucket import PARTS
from provisioning.undo.removals import untag

# Sub-configurations of a bucket that are taken away as a whole where there was none: setting -> (operation, action, words).
TAKEN_AWAY = {
    "Tags": ("delete_bucket_tagging", "s3:PutBucketTagging", "Take all tags of the bucket away: it had none"),
    "ObjectOwnership": ("delete_bucket_ownership_controls", "s3:PutBucketOwnershipControls", "Take the ownership rule away"),
    "PublicAccessBlock": ("delete_public_access_block", "s3:PutBucketPublicAccessBlock", "Take the bucket's public access block away"),
    "Encryption": ("delete_bucket_encryption", "s3:PutEncryptionConfiguration", "Encrypt new objects with S3's own keys again"),
    "PolicyStatements": ("delete_bucket_policy", "s3:DeleteBucketPolicy", "Take the bucket policy away: there was none"),
    "LifecycleRules": ("delete_bucket_lifecycle", "s3:PutLifecycleConfiguration", "Take the lifecycle rules away: there were none"),
    "Replication": ("delete_bucket_replication", "s3:PutReplicationConfiguration", "Stop replication; copies that were made stay"),
}
BY_NAME = {
    "Inventory": ("delete_bucket_inventory_configuration", "s3:PutInventoryConfiguration"),
    "IntelligentTiering": ("delete_bucket_intelligent_tiering_configuration", "s3:PutIntelligentTieringConfiguration"),
}


def restoring(place: Place, observed: Observed, target: Properties, changed: set[str]) -> list[Call]:
    """The calls that put `changed` settings back as `target` has them; `target` holds every other setting as it is."""
    if place.kind == names.BUCKET:
        bucket = Bucket(place.client("s3"), place.own_name, place.account)
        return [call for part in PARTS if changed & set(part.properties) for call in _part(bucket, part, target, observed.properties)]
    had = {name for name in changed if target.get(name) in (None, [], {}, "", False)}
    special = SPECIAL.get(place.kind)
    calls, left = special(place, observed, target, changed, had) if special else ([], changed)
    if "Tags" in left:
        gone = sorted(set(observed.properties.get("Tags") or ()) - set(target.get("Tags") or ()))
        calls += untag(place, observed, gone)
    if left:
        # Only what is said otherwise: tags to take away were just dealt with.
        before = {**observed.properties, **{name: target.get(name) for name in changed - left}}
        if "Tags" in left:
            before["Tags"] = {name: text for name, text in (before.get("Tags") or {}).items() if name in (target.get("Tags") or {})}
        made = TYPES[place.kind].calls(place, target, replace(observed, properties=before))
        calls += [replace(call, words=f"As before the run: {call.words}") for call in made]
    return calls


def irreversible(place: Place, observed: Observed, setting: str, before: Any) -> str | None:
    """Why a setting stays as the run made it; None where it can be put back."""
    have = observed.properties
    if place.kind == names.KEY and setting == "MultiRegion":
        return "whether a key has more than one Region is fixed when it is made"
    if place.kind == names.VAULT and setting == "LockConfiguration":
        date = (have.get("LockConfiguration") or {}).get("LockDate")
        if date and datetime.fromisoformat(date) <= datetime.now(UTC):
            return f"the lock of the vault is final since {date[:10]}: nobody, AWS included, can lift it"
    if place.kind == names.BUCKET and setting == "Versioning" and have.get("ObjectLock") is not None:
        return "a bucket with Object Lock keeps its versions for ever"
    if place.kind == names.BUCKET and setting == "MFADelete":
        return "only the root user changes it"
    return None


def remainder(place: Place, setting: str, before: Any) -> str | None:
    """What is not quite as before although the setting is put back; None where it is."""
    if place.kind == names.BUCKET and setting == "Versioning" and before is None:
        return "versioning is suspended: it can never be turned off again; versions that are there stay"
    if place.kind == names.BUCKET and setting == "ObjectLock" and before is None:
        return "Object Lock stays on, without a default retention: it can never be turned off; what is locked stays locked"
    if place.kind == names.BUCKET and setting == "Encryption":
        return "objects written since the run keep the encryption that they were written with"
    return None


def _part(bucket: Bucket, part: Part, target: Properties, have: Properties) -> list[Call]:
    name = part.properties[0]
    value = target.get(name)
    if name == "Versioning":
        words = "Suspend versioning: new objects no longer keep earlier versions, as before the run"
        configuration = {"Status": "Suspended" if value is None else value}
        return [s3_call(bucket, "put_bucket_versioning", words, "s3:PutBucketVersioning", VersioningConfiguration=configuration)]
    if name == "ObjectLock":
        lock: dict[str, Any] = {"ObjectLockEnabled": "Enabled", **({"Rule": {"DefaultRetention": value}} if value else {})}
        words, action = "Set the default retention of new versions as before the run", "s3:PutBucketObjectLockConfiguration"
        return [s3_call(bucket, "put_object_lock_configuration", words, action, ObjectLockConfiguration=lock)]
    if name in BY_NAME:
        return _by_name(bucket, part, name, target, have)
    if name == "Logging" and value is None:
        words = "Stop logging requests, as before the run"
        return [s3_call(bucket, "put_bucket_logging", words, "s3:PutBucketLogging", BucketLoggingStatus={})]
    if name == "Notifications" and value is None:
        operation, words = "put_bucket_notification_configuration", "Stop reporting to EventBridge, as before the run"
        return [s3_call(bucket, operation, words, "s3:PutBucketNotification", NotificationConfiguration={})]
    if name in TAKEN_AWAY and not value:
        operation, action, words = TAKEN_AWAY[name]
        return [s3_call(bucket, operation, words, action)]
    return [replace(call, words=f"Put {name} back as before the run") for call in part.write(bucket, target, have)]


def _by_name(bucket: Bucket, part: Part, name: str, target: Properties, have: Properties) -> list[Call]:
    kept = {one["Id"] for one in target.get(name) or ()}
    operation, action = BY_NAME[name]
    calls = [
        s3_call(bucket, operation, f"Take {one['Id']} away: it was not there before the run", action, Id=one["Id"])
        for one in have.get(name) or ()
        if one["Id"] not in kept
    ]
    return [*calls, *part.write(bucket, target, have)] if kept else calls


Special = tuple[list[Call], set[str]]


def _key(place: Place, observed: Observed, target: Properties, changed: set[str], had: set[str]) -> Special:
    if "EnableKeyRotation" not in had:
        return [], changed
    words = "Turn rotation off, as before the run"
    parameters = {"KeyId": observed.identity}
    return [Call("kms", "disable_key_rotation", parameters, words, "kms:DisableKeyRotation")], changed - {
        "EnableKeyRotation",
        "RotationPeriodInDays",
    }


def _vault(place: Place, observed: Observed, target: Properties, changed: set[str], had: set[str]) -> Special:
    gone = {
        "Policy": ("delete_backup_vault_access_policy", "backup:DeleteBackupVaultAccessPolicy", "Take the vault's policy away"),
        "Notifications": ("delete_backup_vault_notifications", "backup:DeleteBackupVaultNotifications", "Stop telling of failed jobs"),
        "LockConfiguration": ("delete_backup_vault_lock_configuration", "backup:DeleteBackupVaultLockConfiguration", "Lift the lock"),
    }
    calls = [
        Call("backup", operation, {"BackupVaultName": place.own_name}, f"{words}, as before the run", action)
        for name, (operation, action, words) in gone.items()
        if name in had
    ]
    return calls, changed - had


def _role(place: Place, observed: Observed, target: Properties, changed: set[str], had: set[str]) -> Special:
    name, have = {"RoleName": place.own_name}, observed.properties
    calls = []
    for title in sorted(set(have.get("Policies") or ()) - set(target.get("Policies") or ())):
        words = f"Take back what the role may do ({title})"
        calls.append(Call("iam", "delete_role_policy", {**name, "PolicyName": title}, words, "iam:DeleteRolePolicy"))
    for arn in have.get("ManagedPolicyArns") or ():
        if arn not in (target.get("ManagedPolicyArns") or ()):
            words = f"Take {arn.rpartition('/')[2]} from the role"
            calls.append(Call("iam", "detach_role_policy", {**name, "PolicyArn": arn}, words, "iam:DetachRolePolicy"))
    return calls, changed


def _topic(place: Place, observed: Observed, target: Properties, changed: set[str], had: set[str]) -> Special:
    arn = names.arn_of(names.TOPIC, place.own_name, account=place.account, region=place.region)
    calls = []
    for name in sorted(had & {"DisplayName", "KmsMasterKeyId"}):
        parameters = {"TopicArn": arn, "AttributeName": name, "AttributeValue": ""}
        calls.append(
            Call("sns", "set_topic_attributes", parameters, f"Empty {name} of the topic, as before the run", "sns:SetTopicAttributes")
        )
    return calls, changed - had


def _rule(place: Place, observed: Observed, target: Properties, changed: set[str], had: set[str]) -> Special:
    kept = {one["Id"] for one in target.get("Targets") or ()}
    gone = [one["Id"] for one in observed.properties.get("Targets") or () if one["Id"] not in kept]
    parameters = {"Rule": place.own_name, "Ids": gone}
    words = "Take targets away that the rule did not have before the run"
    calls = [Call("events", "remove_targets", parameters, words, "events:RemoveTargets")] if gone and "Targets" in changed else []
    return calls, changed


def _ebs(place: Place, observed: Observed, target: Properties, changed: set[str], had: set[str]) -> Special:
    calls = []
    if "KmsKeyId" in changed:
        parameters = {"KmsKeyId": target["KmsKeyId"]}
        words = f"Encrypt new volumes with {target['KmsKeyId']} by default, as before the run"
        calls.append(Call("ec2", "modify_ebs_default_kms_key_id", parameters, words, "ec2:ModifyEbsDefaultKmsKeyId"))
    if "Enabled" in had:
        words = f"No longer encrypt new volumes in {place.region} by default, as before the run"
        calls.append(Call("ec2", "disable_ebs_encryption_by_default", {}, words, "ec2:DisableEbsEncryptionByDefault"))
    return calls, set()


def _account(place: Place, observed: Observed, target: Properties, changed: set[str], had: set[str]) -> Special:
    parameters = {"AccountId": place.account, "PublicAccessBlockConfiguration": dict(target)}
    words = f"Let account {place.account} decide on public access as before the run ({', '.join(sorted(changed))})"
    return [Call("s3control", "put_public_access_block", parameters, words, "s3:PutAccountPublicAccessBlock")], set()


SPECIAL = {
    names.KEY: _key,
    names.VAULT: _vault,
    names.ROLE: _role,
    names.TOPIC: _topic,
    names.RULE: _rule,
    names.EBS_ENCRYPTION: _ebs,
    names.ACCOUNT_ACCESS: _account,
}
