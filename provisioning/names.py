"""Names of AWS resources: functions of (account, Region, engagement slug, resource key) alone. Two machines, two runs, one name.

    stowplan-<slug, at most 16>-<key, at most 20>-<first 8 hex digits of SHA-256 over all four>

At most 55 characters of [a-z0-9-], ending in a hex digit: fits a bucket (3 to 63, lower case, no reserved suffix), a role (64),
a trail (3 to 128), a topic (256), a rule (64), an alarm (255) and, behind `alias/`, a key alias (256).
Keys, DLM policies and subscriptions get their id from AWS and have no name.
What AWS Backup names has at most 50 characters, so its keys are cut at 15; its plans and selections have an id of AWS's beside that title.
"""

from __future__ import annotations

import hashlib
import re

SLUG_LENGTH = 16
KEY_LENGTH = 20
BACKUP_KEY_LENGTH = 15
HASH_LENGTH = 8

BUCKET = "AWS::S3::Bucket"
KEY = "AWS::KMS::Key"
ALIAS = "AWS::KMS::Alias"
ROLE = "AWS::IAM::Role"
DLM_POLICY = "AWS::DLM::LifecyclePolicy"
TRAIL = "AWS::CloudTrail::Trail"
VAULT = "AWS::Backup::BackupVault"
BACKUP_PLAN = "AWS::Backup::BackupPlan"
SELECTION = "AWS::Backup::BackupSelection"
RESTORE_PLAN = "AWS::Backup::RestoreTestingPlan"
RESTORE_SELECTION = "AWS::Backup::RestoreTestingSelection"
REPORT_PLAN = "AWS::Backup::ReportPlan"
FRAMEWORK = "AWS::Backup::Framework"
TOPIC = "AWS::SNS::Topic"
SUBSCRIPTION = "AWS::SNS::Subscription"
RULE = "AWS::Events::Rule"
ALARM = "AWS::CloudWatch::Alarm"
BATCH = "AWS::S3::BatchReplication"
ACCOUNT_ACCESS = "AWS::S3::AccountPublicAccessBlock"
EBS_ENCRYPTION = "AWS::EC2::EbsEncryption"

_BACKUP_NAMED = (VAULT, RESTORE_PLAN, RESTORE_SELECTION, REPORT_PLAN, FRAMEWORK)
NAMED = frozenset({BUCKET, ALIAS, ROLE, TRAIL, *_BACKUP_NAMED, TOPIC, RULE, ALARM})
NAMED_BY_AWS = frozenset({KEY, DLM_POLICY, BACKUP_PLAN, SELECTION, SUBSCRIPTION, BATCH})
# Letters, digits and `_` only; their ARNs end in an id of AWS's, so `arn_of` gives a pattern that only a policy can use.
UNDERSCORED = frozenset({RESTORE_PLAN, RESTORE_SELECTION, REPORT_PLAN, FRAMEWORK})
# Found by a title of ours although AWS gives them an id as well.
TITLED = frozenset({BACKUP_PLAN, SELECTION})


class NameProblem(ValueError):
    """A name that cannot be derived, or an ARN of a type that has none before it is created. The message says which."""


def stem(account: str, region: str, slug: str, key: str, key_length: int = KEY_LENGTH) -> str:
    """The name that every type's name is made from; 12 to 55 characters."""
    parts = [part for part in (_cut(slug, SLUG_LENGTH), _cut(key, key_length)) if part]
    digest = hashlib.sha256("\n".join((account, region, slug, key)).encode()).hexdigest()[:HASH_LENGTH]
    return "-".join(["stowplan", *parts, digest])


def title_of(account: str, region: str, slug: str, key: str) -> str:
    """The name of something of AWS Backup, at most 50 characters."""
    return stem(account, region, slug, key, BACKUP_KEY_LENGTH)


def name_of(kind: str, *, account: str, region: str, slug: str, key: str, adopt: str | None = None) -> str:
    """The name of a resource of a type in `NAMED`. `adopt` is the name of a bucket that is there already and keeps it.

    `region` is the resource's own (for IAM roles, the primary Region). Raises NameProblem for a type that AWS names itself.
    """
    if kind not in NAMED:
        raise NameProblem(f"{key}: {kind} gets its name from AWS when it is created")
    if adopt and kind == BUCKET:
        return adopt
    if kind in UNDERSCORED:
        return title_of(account, region, slug, key).replace("-", "_")
    if kind == VAULT:
        return title_of(account, region, slug, key)
    name = stem(account, region, slug, key)
    return f"alias/{name}" if kind == ALIAS else name


def arn_of(kind: str, name: str, *, account: str, region: str) -> str:
    """The ARN of a resource by its name, or of a key or DLM policy by the id that AWS gave it."""
    match kind:
        case "AWS::S3::Bucket":
            return f"arn:aws:s3:::{name}"
        case "AWS::IAM::Role":
            return f"arn:aws:iam::{account}:role/{name}"
        case "AWS::KMS::Alias":
            return f"arn:aws:kms:{region}:{account}:{name}"
        case "AWS::KMS::Key":
            return f"arn:aws:kms:{region}:{account}:key/{name}"
        case "AWS::CloudTrail::Trail":
            return f"arn:aws:cloudtrail:{region}:{account}:trail/{name}"
        case "AWS::DLM::LifecyclePolicy":
            return f"arn:aws:dlm:{region}:{account}:policy/{name}"
        case "AWS::Backup::BackupVault":
            return f"arn:aws:backup:{region}:{account}:backup-vault:{name}"
        case "AWS::Backup::BackupPlan":
            return f"arn:aws:backup:{region}:{account}:backup-plan:{name}"
        case "AWS::Backup::RestoreTestingPlan" | "AWS::Backup::RestoreTestingSelection":
            # AWS judges a selection by its plan.
            plan = name if kind == RESTORE_PLAN else "stowplan_*"
            return f"arn:aws:backup:{region}:{account}:restore-testing-plan:{plan}-*"
        case "AWS::Backup::ReportPlan":
            return f"arn:aws:backup:{region}:{account}:report-plan:{name}-*"
        case "AWS::Backup::Framework":
            return f"arn:aws:backup:{region}:{account}:framework:{name}-*"
        case "AWS::SNS::Topic" | "AWS::SNS::Subscription":
            # What AWS calls a subscription begins with its topic's name.
            return f"arn:aws:sns:{region}:{account}:{name}"
        case "AWS::Events::Rule":
            return f"arn:aws:events:{region}:{account}:rule/{name}"
        case "AWS::CloudWatch::Alarm":
            return f"arn:aws:cloudwatch:{region}:{account}:alarm:{name}"
        case "AWS::S3::BatchReplication":
            return f"arn:aws:s3:{region}:{account}:job/{name}"
    raise NameProblem(f"{kind} is no type that Stowplan makes")


def _cut(text: str, length: int) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:length].strip("-")
