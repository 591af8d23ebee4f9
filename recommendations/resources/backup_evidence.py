"""Evidence of AWS Backup where a regime asks for it: daily reports of jobs into the log bucket, and a framework of Audit Manager.

Sources: aws-facts sections f (report templates, controls), l (what the regimes want to see: SOC 2 A1.3, ISO 27001 A.8.13, HIPAA, DORA).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from recommendations.facts import CustomerFacts
from recommendations.places import Place
from recommendations.resources.common import Resource, resource, short, sub
from recommendations.resources.trail import LOG_BUCKET

# The role by which AWS Backup writes reports; AWS makes it with the first report plan.
WRITER = "arn:aws:iam::*:role/aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports"
PREFIX = "backup-reports"
# A daily copy, its start window, and a night's grace.
NEWEST_DAYS = 2


@dataclass(frozen=True)
class Held:
    """What AWS Backup holds in one account: its vaults' shortest retention, whether all are locked, where copies go, restore targets."""

    place: Place
    workloads: tuple[str, ...]
    shortest: int
    locked: bool
    regions: tuple[str, ...]
    accounts: tuple[str, ...]
    tested: bool
    longest_rto: timedelta


def wanted(customer: CustomerFacts) -> bool:
    """Whether a regime applies, so that somebody will ask for evidence."""
    return bool(set(customer.regimes) - {"none"})


def evidence(customer: CustomerFacts, held: Held) -> list[Resource]:
    """Report plans and the framework of one account, in its primary Region."""
    templates = ["backup", *(["copy"] if held.regions or held.accounts else []), *(["restore"] if held.tested else [])]
    where = held.place.where(*held.workloads)
    made = []
    for kind in templates:
        properties = {
            "ReportPlanDescription": f"Every day: {kind} jobs of AWS Backup",
            "ReportDeliveryChannel": {
                "S3BucketName": sub(f"${{{LOG_BUCKET}.name}}"),
                "S3KeyPrefix": f"{PREFIX}/{held.place.name}/{kind}",
                "Formats": ["CSV", "JSON"],
            },
            "ReportSetting": {"ReportTemplate": f"{kind.upper()}_JOB_REPORT"},
        }
        key = short(f"report-{kind}--{held.place.name}")
        made.append(resource(key, "AWS::Backup::ReportPlan", customer, properties, **where))
    checked: dict[str, Any] = {
        "FrameworkDescription": "What the design promises of AWS Backup, checked every day",
        "FrameworkControls": controls(held),
    }
    key = short(f"framework--{held.place.name}")
    return [*made, resource(key, "AWS::Backup::Framework", customer, checked, **where)]


def controls(held: Held) -> list[dict[str, Any]]:
    """The controls that the design fulfils once it is applied, with its own figures."""
    found: list[dict[str, Any]] = [
        control("BACKUP_RECOVERY_POINT_ENCRYPTED"),
        control("BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED"),
        control("BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK", requiredRetentionDays=str(held.shortest)),
        control("BACKUP_LAST_RECOVERY_POINT_CREATED", recoveryPointAgeUnit="days", recoveryPointAgeValue=str(NEWEST_DAYS)),
    ]
    if held.locked:
        found.append(control("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK", minRetentionDays=str(held.shortest)))
    if held.regions:
        found.append(control("BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION", crossRegionList=",".join(held.regions)))
    if held.accounts:
        found.append(control("BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT"))
    if held.tested:
        longest = held.longest_rto // timedelta(minutes=1)
        found.append(control("RESTORE_TIME_FOR_RESOURCES_MEET_TARGET", maxRestoreTime=str(max(longest, 1))))
    return found


def control(name: str, **parameters: str) -> dict[str, Any]:
    rows = [{"ParameterName": parameter, "ParameterValue": value} for parameter, value in parameters.items()]
    return {"ControlName": name, "ControlInputParameters": rows} if rows else {"ControlName": name}


def report_statements(accounts: Sequence[str]) -> list[dict[str, Any]]:
    """Lets AWS Backup of these accounts write reports into the log bucket; the accounts are the principals: the role comes later."""
    if not accounts:
        return []
    return [
        {
            "Sid": "StowplanBackupReports",
            "Effect": "Allow",
            "Principal": {"AWS": roots(accounts)},
            "Action": "s3:PutObject",
            "Resource": sub(f"${{{LOG_BUCKET}.arn}}/{PREFIX}/*"),
            "Condition": {"ArnLike": {"aws:PrincipalArn": WRITER}, "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        }
    ]


def report_key_statements(accounts: Sequence[str]) -> list[dict[str, Any]]:
    """The same for the key of the log bucket."""
    if not accounts:
        return []
    use = {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*"}
    condition = {"ArnLike": {"aws:PrincipalArn": WRITER}}
    return [{"Sid": "StowplanBackupReports", **use, "Principal": {"AWS": roots(accounts)}, "Condition": condition}]


def roots(accounts: Sequence[str]) -> list[dict[str, str]]:
    return [sub(f"arn:aws:iam::${{account.{name}}}:root") for name in accounts]
