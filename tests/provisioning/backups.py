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


def restore_plan(hour: int = 3) -> dict[str, Any]:
    chosen = {
        "Algorithm": "LATEST_WITHIN_WINDOW",
        "IncludeVaults": [sub("${vault-main.arn}")],
        "RecoveryPointTypes": ["SNAPSHOT"],
        "SelectionWindowDays": 30,
    }
    properties = {
        "ScheduleExpression": f"cron(0 {hour} ? 1/3 SUN#2 *)",
        "ScheduleExpressionTimezone": "Europe/Berlin",
        "StartWindowHours": 24,
        "RecoveryPointSelection": chosen,
    }
    return resource("restore-quarterly", "AWS::Backup::RestoreTestingPlan", properties)


def restore_selection(hours: int = 24) -> dict[str, Any]:
    properties = {
        "RestoreTestingPlanName": sub("${restore-quarterly.name}"),
        "ProtectedResourceType": "RDS",
        "IamRoleArn": sub("${role-backup.arn}"),
        "ProtectedResourceArns": ["*"],
        "ProtectedResourceConditions": {"StringEquals": [{"Key": "aws:ResourceTag/Backup", "Value": "gold"}]},
        "ValidationWindowHours": hours,
    }
    found = resource("restore-databases", "AWS::Backup::RestoreTestingSelection", properties)
    del found["properties"]["Tags"]
    return found


def report_plan(template: str = "BACKUP_JOB_REPORT") -> dict[str, Any]:
    properties = {
        "ReportPlanDescription": "Jobs of the day before",
        "ReportDeliveryChannel": {"S3BucketName": "reports-of-harbour", "S3KeyPrefix": "backup-reports", "Formats": ["CSV", "JSON"]},
        "ReportSetting": {"ReportTemplate": template},
    }
    return resource("report-jobs", "AWS::Backup::ReportPlan", properties)


def framework(days: int = 35) -> dict[str, Any]:
    controls = [
        {"ControlName": "BACKUP_RECOVERY_POINT_ENCRYPTED"},
        {
            "ControlName": "BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK",
            "ControlInputParameters": [{"ParameterName": "requiredRetentionDays", "ParameterValue": str(days)}],
        },
    ]
    return resource("framework-backup", "AWS::Backup::Framework", {"FrameworkDescription": "Evidence", "FrameworkControls": controls})


def proven(**more: Any) -> list[dict[str, Any]]:
    """The same with restore tests, reports and controls."""
    return [*backed_up(**more), restore_plan(), restore_selection(), report_plan(), framework()]
