"""Vaults, a plan and a selection of AWS Backup, made by hand."""

from typing import Any

from tests.provisioning.cases import DR, key, resource, role, sub

NEVER = {
    "Sid": "StowplanNeverDelete",
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
    "Resource": "*",
}
MANAGED = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"


def vault(name: str = "vault-main", of: str = "key-data", lock: Any = None, **more: Any) -> dict[str, Any]:
    properties = {
        "EncryptionKeyArn": sub(f"${{{of}.arn}}"),
        "Policy": {"Version": "2012-10-17", "Statement": [NEVER]},
        "LockConfiguration": {"MinRetentionDays": 7} if lock is None else lock,
    }
    return resource(name, "AWS::Backup::BackupVault", properties, **more)


def rule_of(days: int = 35) -> dict[str, Any]:
    return {
        "RuleName": "stowplan-daily",
        "TargetBackupVaultName": sub("${vault-main.name}"),
        "ScheduleExpression": "cron(0 1 ? * * *)",
        "ScheduleExpressionTimezone": "Europe/Berlin",
        "StartWindowMinutes": 60,
        "CompletionWindowMinutes": 480,
        "Lifecycle": {"DeleteAfterDays": days},
        "CopyActions": [{"DestinationBackupVaultArn": sub("${vault-dr.arn}"), "Lifecycle": {"DeleteAfterDays": days}}],
        "EnableContinuousBackup": True,
        "RecoveryPointTags": {"stowplan:schedule": "daily"},
    }


def plan(days: int = 35) -> dict[str, Any]:
    return resource("backup-databases", "AWS::Backup::BackupPlan", {"Rules": [rule_of(days)]})


def selection(tag: str = "gold") -> dict[str, Any]:
    properties = {
        "BackupPlanId": sub("${backup-databases.id}"),
        "IamRoleArn": sub("${role-backup.arn}"),
        "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "Backup", "ConditionValue": tag}],
    }
    found = resource("select-databases", "AWS::Backup::BackupSelection", properties)
    # Selections have no tags.
    del found["properties"]["Tags"]
    return found


def backed_up(days: int = 35, tag: str = "gold", lock: Any = None) -> list[dict[str, Any]]:
    """A plan into a vault, copied into a vault of the second Region, for what carries a tag."""
    return [
        key("key-data"),
        key("key-dr", DR),
        vault(lock=lock),
        vault("vault-dr", "key-dr", lock=lock, region=DR),
        role("role-backup", "backup.amazonaws.com", ManagedPolicyArns=[MANAGED]),
        plan(days),
        selection(tag),
    ]
