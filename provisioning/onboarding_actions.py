"""What AWS says of IAM actions: which stand on `*`, which need another beside them, which cannot be taken back. Pure.

Source: AWS's Service Authorization Reference.
"""

# Actions that AWS judges on `*` only.
UNSCOPED = frozenset(
    {
        "backup-storage:MountCapsule",
        "backup:CreateBackupPlan",
        "backup:CreateFramework",
        "backup:CreateReportPlan",
        "backup:CreateRestoreTestingPlan",
        "backup:ListBackupPlans",
        "backup:ListBackupVaults",
        "backup:ListFrameworks",
        "backup:ListReportPlans",
        "backup:ListRestoreTestingPlans",
        "cloudtrail:DescribeTrails",
        "cloudwatch:DescribeAlarms",
        "config:DescribeConfigurationRecorderStatus",
        "dlm:CreateLifecyclePolicy",
        "dlm:GetLifecyclePolicies",
        "events:ListRules",
        "iam:ListRoles",
        "kms:CreateKey",
        "kms:ListAliases",
        "kms:ListKeys",
        "s3:CreateJob",
        "s3:ListAllMyBuckets",
        "s3:ListJobs",
        "sns:ListTopics",
        "tag:GetResources",
    }
)
# Reads that look for what carries the assessment's tag, so they cannot ask for the tag first: the part of the ARN after the account.
SEARCHES = {
    "kms:ListResourceTags": "key/*",
    "iam:ListRoleTags": "role/stowplan-*",
    "cloudtrail:ListTags": "trail/stowplan-*",
    "backup:ListTags": "backup-*",
    "cloudwatch:ListTagsForResource": "alarm:stowplan-*",
    "events:ListTagsForResource": "rule/stowplan-*",
    "s3:GetJobTagging": "job/*",
    "sns:ListTagsForResource": "stowplan-*",
}
# The same where an ARN of AWS Backup ends in an id of AWS's.
SEARCHES_OF = {
    "AWS::Backup::Framework": "framework:stowplan_*",
    "AWS::Backup::ReportPlan": "report-plan:stowplan_*",
    "AWS::Backup::RestoreTestingPlan": "restore-testing-plan:stowplan_*",
    "AWS::Backup::RestoreTestingSelection": "restore-testing-plan:stowplan_*",
}
# What a creating call needs beside its own action, since it tags what it makes.
TAGGING = {
    "backup:CreateBackupPlan": "backup:TagResource",
    "backup:CreateBackupVault": "backup:TagResource",
    "backup:CreateFramework": "backup:TagResource",
    "backup:CreateReportPlan": "backup:TagResource",
    "backup:CreateRestoreTestingPlan": "backup:TagResource",
    "kms:CreateKey": "kms:TagResource",
    "dlm:CreateLifecyclePolicy": "dlm:TagResource",
    "iam:CreateRole": "iam:TagRole",
    "cloudtrail:CreateTrail": "cloudtrail:AddTags",
    "cloudwatch:PutMetricAlarm": "cloudwatch:TagResource",
    "events:PutRule": "events:TagResource",
    "s3:CreateJob": "s3:PutJobTagging",
    "sns:CreateTopic": "sns:TagResource",
}
# Roles of AWS's own that it makes with the first of a type.
LINKED = {
    "backup:CreateReportPlan": "aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports",
    "backup:CreateRestoreTestingPlan": "aws-service-role/restore-testing.backup.amazonaws.com/AWSServiceRoleForBackupRestoreTesting",
}
# Cannot be taken back: in a statement of their own, so that a customer can give them for the run only.
HELD_APART = frozenset({"s3:PutBucketObjectLockConfiguration", "backup:PutBackupVaultLockConfiguration"})
# Never needed by plan or apply, whatever else the role is given later.
DENIED = (
    "backup:DeleteBackupVault*",
    "backup:DeleteRecoveryPoint",
    "backup:UpdateRecoveryPointLifecycle",
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
    "dlm:DeleteLifecyclePolicy",
    "ec2:DeleteSnapshot",
    "ec2:DeleteVolume",
    "kms:DisableKey",
    "kms:ScheduleKeyDeletion",
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket",
    "s3:DeleteObject*",
)
GLOBAL = ("iam:*", "sts:*", "s3:ListAllMyBuckets")
# What the batch job's plan reads of its buckets.
BUCKET_READS = frozenset({"s3:ListBucket", "s3:ListBucketVersions"})
