"""Lumen Media: 600 TiB for the least money, in one Region and one account; access that nobody foresees for part of it."""

from tests.golden.reasons import ABSENT, Reason

DLM = "resources/dlm-transcode-servers/properties"
PLAN = "resources/plan-asset-database/properties/Rules"
REASONS = (
    Reason(
        "workloads/master-archive/lifecycle/steps",
        "STANDARD 0, GLACIER_IR 30, GLACIER 120, DEEP_ARCHIVE 365",
        "Masters are read monthly until day 90, but leave Instant Retrieval on day 120 only: it bills 90 days, and leaving sooner would pay"
        " for days that are not used (section a). Deep Archive opens in 12 h, which the answers allow and an RTO of 48 h outlasts.",
    ),
    Reason(
        "workloads/master-archive/recovery/deletion/rto",
        "1607m",
        "By hand: 14 h until staff come in the morning + 15 min search + 1 min to ask for a day's 204 objects + 12 h Deep Archive + 1 min +"
        " 30 min relinking. The longest step is a person, not a storage class (sections a, j).",
    ),
    Reason(
        "workloads/master-archive/costs/S3 Standard, writes/quantity",
        "1656.601",
        "By hand: 8,539 masters a month of 1.5 GiB, each in 192 parts of 8 MiB, with one request to start and one to complete: 194 (b).",
    ),
    Reason(
        "workloads/master-archive/costs/S3 Standard, abandoned uploads (assumed: 1 of 100 in parts, half done, aborted after 7 days)"
        "/quantity",
        "14.729",
        "By hand: 420.8 GiB a day x 1 % x a half x 7 days, the days of the rule that aborts them. An assumption that is named as one, and"
        " the same with everything in S3 Standard (section b).",
    ),
    Reason(
        "resources/bucket-master-archive/properties/Encryption",
        {"BucketKeyEnabled": True, "SSEAlgorithm": "aws:kms"},
        "aws/s3 without a key of the customer's: its policy is fixed and cannot be shared, but no copy leaves the account (section g).",
    ),
    Reason(
        "resources/bucket-master-archive/properties/TransitionDefaultMinimumObjectSize",
        "all_storage_classes_128K",
        "The default, yet written out: a Put without the field changes what an older configuration does (section b).",
    ),
    Reason(
        "workloads/stock-footage-library/lifecycle/steps",
        "INTELLIGENT_TIERING 0",
        "Partners read clips unpredictably: each read from an infrequent class would be billed, Intelligent-Tiering has no such fee (a).",
    ),
    Reason(
        "resources/bucket-stock-footage-library/properties/IntelligentTiering",
        ABSENT,
        "The optional archive tiers are cheaper still, but make objects asynchronous, and partners download in milliseconds (a, m 19).",
    ),
    Reason(
        "resources/bucket-stock-footage-library/properties/LifecycleRules/stowplan-data/NoncurrentVersionExpiration",
        {"NoncurrentDays": 30},
        "As asked for. Instant Retrieval bills 90 days all the same; with that fee it is less than 30 days in the dear tier (section a).",
    ),
    Reason(
        "workloads/render-cache/lifecycle/steps",
        "STANDARD 0",
        "Frames are almost never read after day 30 but go on day 45: Standard-IA from day 30 would bill 30 days for 15 (section a).",
    ),
    Reason(
        "resources/bucket-render-cache/properties/Versioning",
        ABSENT,
        "Versions would only cost, as frames are made again; suspending what is on would be a danger of its own (section m 6).",
    ),
    Reason(
        "workloads/render-cache/costs/S3 Standard, writes/quantity",
        "980460.503",
        "In thousands, and right: 15 % of 40 TiB a day in frames of 200 KiB is 32.2 million PUTs a day, 980 million a month. Five times"
        " the storage; no class makes it cheaper, larger frames would (section m 7). The bill without lifecycle rules has the same line.",
    ),
    Reason(
        "workloads/render-cache/recovery/deletion/mechanism",
        "Made again from its source",
        "No copy at all for a cache that is made again within its RTO: what is reproduced needs no backup (section k, REL09-BP01).",
    ),
    Reason(
        "workloads/edit-suites-nas/recovery/deletion/rto",
        "5905m",
        "By hand: 22 TiB x 8 bit / (800 Mbit/s x 80 %) = 302,368 s, 84 h, + 14 h staff + 15 min + 10 min (section f). The class opens at"
        " once; the line is what misses the 24 h, and a finding says so instead of a rounded figure (section j).",
    ),
    Reason(
        "resources/trail-lumen/properties/AdvancedEventSelectors",
        [{"FieldSelectors": [{"Equals": ["Management"], "Field": "eventCategory"}], "Name": "management"}],
        "Objects are not logged: 980 million PUTs a month would be 9,800 units of data events, and nobody asked (section h).",
    ),
    Reason(
        "resources/logs/properties/Encryption",
        {"BucketKeyEnabled": False, "SSEAlgorithm": "AES256"},
        "SSE-S3 for the log bucket although AWS's KMS key was asked for: the policy of aws/s3 cannot let CloudTrail in (sections g, h).",
    ),
    Reason(
        f"{DLM}/PolicyDetails/Schedules/daily/CreateRule/Interval",
        12,
        "Twice a day for an RPO of 24 h: a snapshot starts within an hour of its time, so one a day could be 25 h old (sections e, j).",
    ),
    Reason(
        f"{DLM}/PolicyDetails/Schedules/weekly/RetainRule",
        {"Interval": 4, "IntervalUnit": "WEEKS"},
        "By age, not by number: all schedules of a policy share the kind of retention, and counts leave orphans (section e).",
    ),
    Reason(f"{DLM}/Description", "Stowplan snapshots of transcode-servers", "A description takes no dot, colon or slash (section e)."),
    Reason(
        "resources/role-dlm-lumen/properties/Policies/snapshots/Statement/StowplanAge/Condition",
        {"Null": {"aws:ResourceTag/aws:dlm:lifecycle-policy-id": "false"}},
        "AWS's own policy for the role may delete any snapshot; this one only those that Data Lifecycle Manager tags as its own (o).",
    ),
    Reason(
        "resources/ebs--lumen/properties",
        {"Enabled": True},
        "New volumes are encrypted with the default key: a customer key as the default stops services whose role it does not admit (g).",
    ),
    Reason(f"{PLAN}/stowplan-continuous/Lifecycle", {"DeleteAfterDays": 35}, "35 days are all that continuous backup allows (section f)."),
    Reason(
        f"{PLAN}/stowplan-daily/StartWindowMinutes", 60, "The shortest start window there is; the default of 8 h would add to the RPO (f)."
    ),
    Reason(
        "resources/select-asset-database/properties/Resources",
        ["arn:aws:rds:*:*:db:*", "arn:aws:rds:*:*:cluster:*"],
        "By type and tag together: tags alone would take every kind of resource, an empty selection everything (sections f, m 3).",
    ),
    Reason(
        "resources/vault-open--lumen/properties/LockConfiguration",
        None,
        "No lock was asked for; the vault's policy still denies deleting by hand, which costs nothing and an administrator can undo (f).",
    ),
    Reason(
        "resources/restore-quarterly--lumen/properties/ScheduleExpression",
        "cron(0 5 ? 1/3 SUN#2 *)",
        "A yearly drill was asked for; nothing was ever restored, so an important database is restored each quarter (section m 17).",
    ),
    Reason(
        "resources/framework--lumen/properties/FrameworkControls/BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK/ControlInputParameters",
        [{"ParameterName": "requiredRetentionDays", "ParameterValue": "35"}],
        "As long as the shortest-lived recovery point of the plan: a longer one would report each of them (section f).",
    ),
    Reason(
        "resources/report-restore--lumen/properties/ReportSetting",
        {"ReportTemplate": "RESTORE_JOB_REPORT"},
        "Only job reports were asked for as evidence; restores are jobs too (section f).",
    ),
    Reason(
        "resources/topic--lumen--ap-south-1/properties/KmsMasterKeyId",
        ABSENT,
        "Not encrypted rather than under aws/sns: that key does not let EventBridge and CloudWatch publish, alerts would be lost (g).",
    ),
    Reason(
        "resources/topic--lumen--ap-south-1/properties/PolicyStatements/StowplanEventsPublish/Condition",
        ABSENT,
        "CloudWatch may publish for this account only, EventBridge without a condition: it is documented with none for SNS, and one that"
        " it does not send would lose every alert (section i).",
    ),
    Reason(
        "resources/bucket-edit-suites-nas/properties/LifecycleRules/stowplan-data/NoncurrentVersionTransitions",
        [{"NoncurrentDays": 1, "StorageClass": "GLACIER_IR"}],
        "The files stay in Intelligent-Tiering, their old versions go to Instant Retrieval after a day: nobody reads them but after an"
        " accident, they have 91 days left for the 90 that are billed, and the step down is allowed (sections a, b).",
    ),
    Reason(
        "resources/alarm-missing-dlm-transcode-servers--lumen--ap-south-1/properties/TreatMissingData",
        "breaching",
        "Where a success is due, silence is the failure (section i).",
    ),
    Reason(
        "resources/alarm-snapshots-nothing--lumen--ap-south-1/properties/Metrics/0/Expression",
        'SELECT MIN(ResourcesTargeted) FROM SCHEMA("AWS/EBS", DLMPolicyId)',
        "The namespace of Data Lifecycle Manager is AWS/EBS; a policy that finds no volume fails nothing and says nothing (i, m 18).",
    ),
    Reason(
        "resources/alarm-missing-vault-open--lumen--lumen--ap-south-1/properties/EvaluationPeriods",
        26,
        "26 hours of one-hour periods: more than a day is allowed where a period is an hour; a day, the start window and the job (f, i).",
    ),
    Reason(
        "resources/rule-backup--lumen--ap-south-1/properties/EventPattern/detail/$or/1",
        {"status": ["FAILED", "ABORTED", "EXPIRED", "PARTIAL"]},
        "Some events of AWS Backup say status, not state; and a partial copy recovers nothing for sure (sections f, i).",
    ),
)
