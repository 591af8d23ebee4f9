"""Northwind Clinics: HIPAA, records of ten years, copies in a second Region and a second account, locks that named people can lift."""

from tests.golden.reasons import ABSENT, Reason

EHR = "resources/bucket-electronic-health-record/properties"
RULES = f"{EHR}/Replication/Rules"
PORTAL = "resources/dlm-patient-portal/properties/PolicyDetails"
HR = "resources/plan-human-resources-and-finance/properties/Rules"
REASONS = (
    Reason(
        f"{EHR}/LifecycleRules/stowplan-monthly/Transitions",
        [{"Days": 1, "StorageClass": "DEEP_ARCHIVE"}],
        "A day late: S3 does not replicate what is archived already, so the copy has to leave first (section c).",
    ),
    Reason(
        f"{EHR}/LifecycleRules/stowplan-weekly/Transitions",
        [{"Days": 0, "StorageClass": "GLACIER_IR"}],
        "At once, unlike the monthly ones: Instant Retrieval opens in milliseconds and is replicated (section c).",
    ),
    Reason(
        f"{EHR}/LifecycleRules/stowplan-weekly/Expiration",
        {"Days": 91},
        "13 weeks: just over the 90 days that Instant Retrieval bills, so no fee is paid for them, unlike for the daily copies (a).",
    ),
    Reason(
        f"{EHR}/LifecycleRules/stowplan-daily/Transitions",
        [{"Days": 0, "StorageClass": "GLACIER_IR"}],
        "35 of the 90 days that Instant Retrieval bills. By hand, a GiB: 90 x 0.004 = 0.36 against 35 x 0.023 = 0.81 in Standard, so the"
        " fee pays. Section a forbids such a class as a rule of thumb; S3 only bills it (decision 0007).",
    ),
    Reason(
        "workloads/electronic-health-record/costs/Daily copies: S3 Standard, writes/quantity",
        "256.827",
        "By hand: 1,975.6 pieces of 1 GiB a month, each in 128 parts of 8 MiB, with one request to start and one to complete: 130 (b).",
    ),
    Reason(
        "resources/reports--nwc-prod/properties/ObjectLock",
        None,
        "The one bucket without a lock: S3 delivers no access logs into a bucket with Object Lock (section d).",
    ),
    Reason(
        "resources/role-dlm-nwc-prod/properties/Policies/snapshots/Statement/StowplanReadVolumes/Action",
        ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom"],
        "No ReEncryptTo, though section g lists it for both keys: nothing is encrypted to the volume's key, only from it. The key of the"
        " copies has ReEncrypt* in a statement of its own (section g).",
    ),
    Reason(
        "resources/vault-business-records-governance--nwc-prod/properties/Policy/Statement/StowplanNeverDelete/Action",
        ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
        "Two of the four that are usual: to deny changes of the policy, or of the vault, to everybody would shut out whoever has to mend"
        " or undo it. The lock holds the points (section f).",
    ),
    Reason(
        f"{EHR}/ObjectLock",
        {"Days": 35, "Mode": "GOVERNANCE"},
        "35 days although charts are kept ten years: a bucket has one default, and a longer one would hold the daily copies beyond their"
        " time; the copy job locks the long-kept ones itself, which is handed over (section d).",
    ),
    Reason(
        f"{RULES}/stowplan-dr-logs/Destination/Metrics",
        {"EventThreshold": {"Minutes": 15}, "Status": "Enabled"},
        "Replication Time Control is refused without metrics, and 15 minutes is the one legal value (section c).",
    ),
    Reason(
        f"{RULES}/stowplan-dr-monthly/Destination/ReplicationTime",
        ABSENT,
        "No time control for copies that no recovery to now needs: it costs by the GiB (section c).",
    ),
    Reason(
        f"{RULES}/stowplan-dr-daily/DeleteMarkerReplication",
        {"Status": "Disabled"},
        "The element is required with a filter; disabled, a deletion does not travel to the copy (sections c, m 10).",
    ),
    Reason(
        f"{RULES}/stowplan-dr-daily/SourceSelectionCriteria",
        {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
        "Without it S3 skips every object under a KMS key and says nothing (section c).",
    ),
    Reason(
        f"{RULES}/stowplan-dr-daily/Destination/EncryptionConfiguration/ReplicaKmsKeyID",
        "${drkey-clinical-records--nwc-backup.arn}",
        "A key of the destination's Region and account; a wrong one is accepted and every object fails (section c).",
    ),
    Reason(
        "resources/bucket-billing-and-claims/properties/LifecycleRules/stowplan-yearly/Expiration",
        {"Days": 2527},
        "Seven years less the 30 days of an old version, so that no byte of a claim is there after the company's maximum (sections b, l).",
    ),
    Reason(
        "resources/drkey-clinical-records--nwc-backup/properties/MultiRegion",
        False,
        "S3 encrypts replicas anew, also between multi-Region keys: two plain keys keep the loss of one from reaching both (section g).",
    ),
    Reason(
        "resources/drkey-clinical-records--nwc-backup/properties/Policy/Statement/StowplanReplicas0/Condition/StringEquals",
        {"kms:ViaService": "s3.us-west-2.amazonaws.com"},
        "The replication roles of the other account reach the key through S3 of this Region only (section g).",
    ),
    Reason(
        "resources/alias-logkey--nwc-logs/properties/TargetKeyId",
        "${logkey--nwc-logs.id}",
        "The logs have a key of their own: whoever reads charts needs no key of the audit trail (section g, SEC08-BP04).",
    ),
    Reason(
        "resources/logkey--nwc-logs/properties/Policy/Statement/StowplanTrailEncrypts/Condition/StringLike",
        {
            "kms:EncryptionContext:aws:cloudtrail:arn": [
                {"$sub": "arn:aws:cloudtrail:*:${account.nwc-backup}:trail/*"},
                {"$sub": "arn:aws:cloudtrail:*:${account.nwc-logs}:trail/*"},
                {"$sub": "arn:aws:cloudtrail:*:${account.nwc-prod}:trail/*"},
            ]
        },
        "CloudTrail encrypts for the trails of these three accounts and nobody else's (sections g, h).",
    ),
    Reason(
        "resources/role-replicate-electronic-health-record/properties/Policies/replicate/Statement/StowplanReadVersions/Action",
        [
            "s3:GetObjectVersionForReplication",
            "s3:GetObjectVersionAcl",
            "s3:GetObjectVersionTagging",
            "s3:GetObjectRetention",
            "s3:GetObjectLegalHold",
        ],
        "The last two only because the source is locked; and no ObjectOwnerOverride, as the destination's owner owns all in it (c).",
    ),
    Reason(
        "resources/logs/properties/ObjectLock",
        {"Days": 2192, "Mode": "GOVERNANCE"},
        "2,192 days, not 2,190: six years with their leap days are never shorter than the calendar's (section l, 45 CFR 164.316).",
    ),
    Reason(
        "resources/logs/properties/LifecycleRules/stowplan-logs/Transitions",
        [{"Days": 90, "StorageClass": "GLACIER_IR"}],
        "Never an archive that has to be opened: the last three months are at hand at once, the rest still in milliseconds (section l).",
    ),
    Reason(
        "resources/trail-nwc-prod/properties/AdvancedEventSelectors/objects/FieldSelectors/2",
        {"Field": "resources.ARN", "NotStartsWith": [{"$sub": "${logs.arn}/"}]},
        "All objects were asked for, but those of the log bucket: each log file would cause the next one (sections h, m 16).",
    ),
    Reason(
        "workloads/pacs-imaging-archive/lifecycle/steps",
        "STANDARD 0, GLACIER_IR 90",
        "Flexible Retrieval opens in hours and the images are wanted in minutes; expedited is no promise for 310 million objects (a).",
    ),
    Reason(
        "resources/bucket-pacs-imaging-archive/properties/LifecycleRules/stowplan-clean-up/Expiration",
        ABSENT,
        "A rule with an age for the same objects removes lonely delete markers already, and may not say both (section b).",
    ),
    Reason(
        "workloads/pacs-imaging-archive/recovery/region-loss/rpo",
        "25h",
        "A daily copy and an hour that replication without time control may take: an hour over the 24 h, left visible (sections c, j).",
    ),
    Reason(
        "resources/bucket-scanned-charts-and-consents/properties/LifecycleRules/stowplan-data/Expiration",
        ABSENT,
        "Nothing is deleted: never was the answer, which a finding tells of; old versions go as soon as the lock lets them (b, d).",
    ),
    Reason(
        "workloads/clinical-access-logs/lifecycle/noncurrent/held_days",
        2192,
        "The rule says 181 days, the lock six years: lifecycle cannot delete a locked version, so six years are what it costs (b, d).",
    ),
    Reason(
        "workloads/clinical-access-logs/recovery/account-loss/rpo",
        None,
        "Both copies live in the log account, as asked: no copy is left if it is lost, and no figure hides that (sections j, m 9).",
    ),
    Reason(
        "resources/dlm-department-file-servers/properties/PolicyDetails/Schedules/daily/CreateRule/Interval",
        8,
        "Every 12 h was asked for; started up to an hour late that breaks an RPO of 12 h, and no interval lies between 8 and 12 (e).",
    ),
    Reason(
        f"{PORTAL}/Schedules/weekly/RetainRule",
        {"Interval": 6, "IntervalUnit": "MONTHS"},
        "Five kinds of copies and four schedules at most: weekly ones kept six months stand for the monthly ones too (section e).",
    ),
    Reason(
        f"{PORTAL}/ResourceTypes",
        ["INSTANCE"],
        "All volumes of an instance at one moment, as its file systems span them; volume by volume would tear them apart (section e).",
    ),
    Reason(
        f"{PORTAL}/Schedules/yearly/CrossRegionCopyRules/0/RetainRule",
        {"Interval": 6, "IntervalUnit": "YEARS"},
        "Copies know ages only, which is why the policy itself keeps by age (section e).",
    ),
    Reason(
        "workloads/patient-portal/recovery/ransomware/rpo",
        "241m",
        "Every 3 h, up to an hour until it starts, a minute for the copy: a minute over the 4 h is missed, not rounded away (section j).",
    ),
    Reason(
        f"{HR}/stowplan-continuous/CopyActions",
        ABSENT,
        "Continuous recovery points stay in their account and Region; hourly snapshots beside them are what travels (sections f, j).",
    ),
    Reason(
        f"{HR}/stowplan-hourly/CopyActions",
        [
            {
                "DestinationBackupVaultArn": {"$sub": "${drvault-business-records-governance--nwc-prod.arn}"},
                "Lifecycle": {"DeleteAfterDays": 2},
            },
            {
                "DestinationBackupVaultArn": {"$sub": "${vault-business-records-governance--nwc-backup.arn}"},
                "Lifecycle": {"DeleteAfterDays": 2},
            },
        ],
        "Two copies: for a database one action reaches another Region or another account, not both (section f).",
    ),
    Reason(
        "resources/plan-laboratory-system/properties/Rules/stowplan-hourly/CopyActions/0/DestinationBackupVaultArn",
        "${drvault-hipaa-documentation-governance--nwc-backup.arn}",
        "One copy for virtual machines: it reaches the other Region and the other account in one step (section f).",
    ),
    Reason(
        f"{HR}/stowplan-yearly/Lifecycle",
        {"DeleteAfterDays": 2557},
        "Seven years and no cold tier: AWS Backup has none for RDS (section f).",
    ),
    Reason(
        "resources/vault-business-records-governance--nwc-prod/properties/LockConfiguration",
        {"MaxRetentionDays": 2557, "MinRetentionDays": 2},
        "From the hourly rule to the yearly one, or jobs fail; and without days to change it the lock is in governance mode (section f).",
    ),
    Reason(
        "workloads/human-resources-and-finance/costs/AWS Backup, recovery points/quantity",
        "4058.351",
        "By hand: 600 GiB x (1 + 35 daily x 2.02 % + 10.8 monthly x 26.7 % + 6.0 yearly x 36 %) = 600 x 6.764; not halved, as the database"
        " compresses its own dumps only, and AWS bills a snapshot as it is (section f, prices of AWS Backup for RDS).",
    ),
    Reason(
        "drills/laboratory-system/way",
        "by-hand",
        "Restore testing knows no virtual machines of a gateway (section f).",
    ),
    Reason(
        "resources/topic--nwc-prod--us-east-1/properties/KmsMasterKeyId",
        "${key-business-records--nwc-prod.arn}",
        "A customer managed key whose policy lets EventBridge and CloudWatch in; aws/sns would swallow the alerts (section g).",
    ),
    Reason(
        "resources/alarm-replication-late--nwc-prod--us-east-1/properties/TreatMissingData",
        "ignore",
        "No data means nothing to replicate: neither good nor bad, unlike a backup that is due (sections c, i).",
    ),
)
