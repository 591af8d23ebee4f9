"""Baltic Bank: strict locks for the books, erasure for messages, keys in an account of their own, data in Germany and Ireland."""

from tests.golden.reasons import ABSENT, Reason

TRADING = "resources/dlm-trading-desk/properties/PolicyDetails/Schedules"
REASONS = (
    Reason(
        "workloads/ledger-postings-archive/lifecycle/steps",
        "STANDARD 0, GLACIER_IR 30, GLACIER 120",
        "Deep Archive is cheaper and opens within the 12 h that reads may wait, but an RTO of 12 h has to find, open and check: Flexible"
        " Retrieval opens in 5 h (section a, RTO consequence).",
    ),
    Reason(
        "workloads/ledger-postings-archive/recovery/ransomware/rto",
        "439m",
        "By hand: 15 staff + 15 search + 69 to ask for 4.1 million objects at 1,000 a second + 300 to open + 20 to copy them at 3,500 a"
        " second + 20 to check the signatures (section a).",
    ),
    Reason(
        "resources/bucket-ledger-postings-archive/properties/ObjectLock",
        {"Days": 3653, "Mode": "COMPLIANCE"},
        "The bank's books: nobody, root included, for ten years; S3 offers no way back but closing the account (section d).",
    ),
    Reason(
        "workloads/card-transactions/lifecycle/steps",
        "STANDARD 0, GLACIER_IR 365",
        "Instant Retrieval from day 90 would be cheaper, but is designed for 99.9 %, and 99.95 % was asked for what is in use (section a).",
    ),
    Reason(
        "workloads/card-transactions/costs/Copy in eu-west-1: old versions: S3 Glacier Instant Retrieval, storage/quantity",
        "301078.388",
        "The dearest line of the replica, thirteen times its data: versions are replicated, and each bucket's lock holds them for itself."
        " By hand: (0.8 % a day - 25 % a year) of 22,528 GiB = 164.8 GiB a day, for 1,827 days (sections c, d, m 4).",
    ),
    Reason(
        "workloads/kyc-document-store/lifecycle/expire_day",
        3562,
        "Ten years less 91 days: an expired object lives on as an old version, and nothing may outlive the AML maximum (sections b, l).",
    ),
    Reason(
        "resources/bucket-customer-mail-and-chat/properties/ObjectLock",
        None,
        "Under a strict company rule: people may have messages erased, which no lock would allow (sections d, l Art. 17).",
    ),
    Reason(
        "workloads/customer-mail-and-chat/lifecycle/steps",
        "STANDARD 0",
        "150 million objects of 32 KiB: the colder classes bill 128 KiB each and lifecycle does not move them (sections a, b, m 7).",
    ),
    Reason(
        "resources/bucket-data-warehouse/properties/ObjectLock/Mode",
        "GOVERNANCE",
        "Not strict although the rule is: marts can be made again slowly, and COMPLIANCE is irrevocable (sections d, m 4).",
    ),
    Reason(
        "resources/bucket-data-warehouse/properties/LifecycleRules/stowplan-yearly/Expiration",
        {"Days": 1797},
        "Five years less 30 days: five years are the most that its class may be kept, and an expired copy lives on as an old version for"
        " 30 days, in which a deletion can still be taken back (sections b, l).",
    ),
    Reason(
        "workloads/core-banking-ledger/recovery/region-loss/rpo",
        "20m",
        "5 minutes of log and 15 of Replication Time Control against a target of 15: no copy of files is faster, so a finding asks for a"
        " replica of the database (sections c, j).",
    ),
    Reason(
        "workloads/core-banking-ledger/recovery/deletion/rto",
        "110m",
        "By hand: 15 staff + 15 search + 3 TiB at 8 of 10 Gbit/s in 55 min + 15 to recover + 10 to reconcile (section f).",
    ),
    Reason(
        "workloads/instant-payments/settings/dr_strategy/value",
        "pilot-light",
        "AWS Backup keeps five minutes at best and loads 1.8 TiB for 105: an RPO of a minute needs a replica that is built apart (j).",
    ),
    Reason(
        "resources/bucket-microsoft-365/properties/LifecycleRules/stowplan-daily/Transitions",
        [{"Days": 1, "StorageClass": "GLACIER"}],
        "35 of the 90 days that Flexible Retrieval bills: USD 10.39 a month with the fee, 24.59 without one, although section a forbids"
        " such a class as a rule of thumb. It opens in 5 h of the 24 that are accepted; a day late, so that the replica is made first"
        " (sections a, c).",
    ),
    Reason(
        "resources/bucket-microsoft-365/properties/Replication/Rules/stowplan-dr-daily/Destination/StorageClass",
        "DEEP_ARCHIVE",
        "35 of the 180 days that it bills: USD 5.06 a month with the fee, 23.08 without one. It opens in 12 h, and three days are accepted"
        " after the loss of the Region (section a).",
    ),
    Reason(
        "workloads/data-warehouse/lifecycle/tracks/0/steps",
        "STANDARD 0",
        "Unlike the ledger's, daily dumps that live 14 days: 90 x 0.005 = 0.45 a GiB in Instant Retrieval against 14 x 0.0245 = 0.34 in"
        " Standard, so the fee does not pay (section a).",
    ),
    Reason(
        "resources/restore-monthly--core-prod/properties/RecoveryPointSelection/RecoveryPointTypes",
        ["CONTINUOUS", "SNAPSHOT"],
        "Both kinds are tested: snapshots alone would leave the copy that is used first untried (section f).",
    ),
    Reason(
        "resources/restored-instant-payments--aurora/properties/ValidationWindowHours",
        24,
        "The restored cluster is billed while it stands: a day to look at it, not the week that AWS allows (section f).",
    ),
    Reason(
        "resources/framework--core-prod/properties/FrameworkControls/RESTORE_TIME_FOR_RESOURCES_MEET_TARGET/ControlInputParameters",
        [{"ParameterName": "maxRestoreTime", "ParameterValue": "30"}],
        "In minutes, the target itself: the control is to fail as long as the restore takes longer (section f).",
    ),
    Reason(
        "resources/vault-payment-records-compliance--core-prod/properties/LockConfiguration",
        {"ChangeableForDays": 3, "MaxRetentionDays": 1827, "MinRetentionDays": 2},
        "Days to change it make it compliance mode, three the fewest; 2 days are the hourly points, 35 continuous lie between (section f).",
    ),
    Reason(
        "resources/key-ledger--core-prod/account_alias",
        "keys",
        "Not beside the data: an administrator of core-prod may use the key and not delete it (sections g, m 5).",
    ),
    Reason(
        "resources/key-ledger--core-prod/properties/RotationPeriodInDays",
        180,
        "Within the 90 to 2,560 days that KMS allows; as asked (section g).",
    ),
    Reason(
        "resources/trail-keys/properties/AdvancedEventSelectors/objects",
        ABSENT,
        "Every account has a trail, for use of keys and changes; objects are logged where buckets hold data (section h).",
    ),
    Reason(
        f"{TRADING}/daily/RetainRule",
        {"Interval": 8, "IntervalUnit": "WEEKS"},
        "Daily ones kept eight weeks stand for the weekly ones: four schedules at most (section e).",
    ),
    Reason(
        "workloads/trading-desk/recovery/deletion/rpo",
        "2h",
        "Hourly is the densest schedule and starts up to an hour late: an RPO of 1 h is a conflict, not a rounding (sections e, j).",
    ),
    Reason(
        f"{TRADING}/yearly/ArchiveRule",
        ABSENT,
        "No archive tier: it stores a full copy and takes 72 h, and copies in another Region are not archived (sections e, m 12).",
    ),
    Reason(
        "resources/bucket-regulatory-reporting/properties/LifecycleRules/stowplan-logs/Expiration",
        {"Days": 35},
        "SQL Server on EC2: snapshots hold the volumes, this bucket the log for the 35 days of the daily ones (section f).",
    ),
    Reason(
        "resources/select-fraud-detection/properties/Resources",
        ["arn:aws:ec2:*:*:volume/*", "arn:aws:elasticfilesystem:*:*:file-system/*"],
        "Volumes of containers, EBS and EFS alike, by the tag: a cluster itself is made from its charts (section f).",
    ),
    Reason(
        "resources/bucket-branch-file-shares/properties/LifecycleRules/stowplan-data/Expiration",
        ABSENT,
        "The bucket mirrors shares that live on: age says nothing of a file there, only old versions have a time (sections b, m 2).",
    ),
    Reason(
        "resources/bucket-tape-vault-1998-2020/properties/LifecycleRules/stowplan-data/Transitions",
        [{"Days": 1, "StorageClass": "DEEP_ARCHIVE"}],
        "Straight to the class that opens in 12 h, for an RTO of seven days; a day late, so that the replica is made first (a, c).",
    ),
    Reason(
        "resources/replica-tape-vault-1998-2020/region",
        "eu-west-1",
        "Ireland is on the list of countries; Sweden is too, but one copy was asked for (section l, GDPR Art. 44).",
    ),
    Reason(
        "findings/provider-exit-not-covered/severity",
        "medium",
        "Leaving AWS was named as an event; no design in AWS covers it, so it is said (section l, DORA).",
    ),
    Reason(
        "resources/mail-8bd87a35--core-prod--eu-central-1/properties/Protocol",
        "email",
        "Of pager, ticket and e-mail only the last: SNS reaches it without an account elsewhere, though a person must confirm (section i).",
    ),
)
