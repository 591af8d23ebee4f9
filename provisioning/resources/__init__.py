"""AWS resource types, one module each, and the registry of them."""

from __future__ import annotations

from provisioning.resources.account_public_access import AccountPublicAccess
from provisioning.resources.backup_framework import BackupFramework
from provisioning.resources.backup_plan import BackupPlan
from provisioning.resources.backup_report_plan import BackupReportPlan
from provisioning.resources.backup_restore_plan import BackupRestorePlan
from provisioning.resources.backup_restore_selection import BackupRestoreSelection
from provisioning.resources.backup_selection import BackupSelection
from provisioning.resources.backup_vault import BackupVault
from provisioning.resources.base import ResourceType
from provisioning.resources.batch_replication import BatchReplication
from provisioning.resources.cloudtrail_trail import CloudTrailTrail
from provisioning.resources.cloudwatch_alarm import CloudWatchAlarm
from provisioning.resources.dlm_policy import DlmPolicy
from provisioning.resources.ebs_encryption import EbsEncryption
from provisioning.resources.events_rule import EventsRule
from provisioning.resources.iam_role import IamRole
from provisioning.resources.kms_alias import KmsAlias
from provisioning.resources.kms_key import KmsKey
from provisioning.resources.s3_bucket import S3Bucket
from provisioning.resources.sns_subscription import SnsSubscription
from provisioning.resources.sns_topic import SnsTopic

_BACKUP = (
    *(BackupVault(), BackupPlan(), BackupSelection()),
    *(BackupRestorePlan(), BackupRestoreSelection(), BackupReportPlan(), BackupFramework()),
)
_MONITORING = (SnsTopic(), SnsSubscription(), EventsRule(), CloudWatchAlarm())
# One an account, an account and Region, or for ever.
_ONCE = (AccountPublicAccess(), EbsEncryption(), BatchReplication())
_ALL: tuple[ResourceType, ...] = (
    KmsKey(),
    KmsAlias(),
    IamRole(),
    S3Bucket(),
    DlmPolicy(),
    CloudTrailTrail(),
    *_BACKUP,
    *_MONITORING,
    *_ONCE,
)
TYPES: dict[str, ResourceType] = {one.kind: one for one in _ALL}
