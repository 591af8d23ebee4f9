"""Words and standards that the documents explain. Sources: AWS documentation of each service; NIST and ISO titles as published."""

TERMS = (
    ("RPO", "Recovery point objective: how much data may be lost, counted back from the event."),
    ("RTO", "Recovery time objective: how long recovery may take, from the event to proven use."),
    ("Tier", "The class of importance that a workload is in; it comes with promised targets."),
    (
        "Storage class",
        "What S3 charges and how soon it hands data out: from Standard, at once, to Glacier Deep Archive, within twelve hours.",
    ),
    ("Lifecycle rule", "Moves data to a colder class, or deletes it, at a given age. It runs inside S3, every day, without a job of ours."),
    ("Version", "With versioning on, S3 keeps what was overwritten or deleted; such replaced versions have a lifecycle of their own."),
    ("Object Lock", "Nobody can delete or change an object before its date. In compliance mode not even the account's root user."),
    (
        "Replication",
        "S3 copies new objects to a bucket in another Region; with Replication Time Control 99.99 % of them within 15 minutes.",
    ),
    ("Snapshot", "A copy of an EBS volume as it was at one moment; only blocks that changed are stored again."),
    ("DLM", "Amazon Data Lifecycle Manager makes, keeps, copies and deletes EBS snapshots by a policy that finds volumes by their tag."),
    ("KMS key", "An AWS Key Management Service key. Without the right to use it, encrypted data is of no use."),
    ("CloudTrail", "The record of who did what in an account; with data events also of each read and write of an object."),
    ("Digest", "The SHA-256 of the design. It stands on every page, is what is approved, and what is applied."),
)
STANDARDS = (
    (
        "AWS Well-Architected Framework",
        "Reliability REL09 (back up data) and REL13 (plan for disaster recovery); Security SEC08 (protect data at rest).",
    ),
    ("NIST SP 800-34", "Contingency planning: business impact, recovery strategies, tests."),
    ("NIST SP 800-209", "Security of storage infrastructure: isolation, immutability and encryption of copies."),
    ("ISO 22301", "Business continuity management."),
    ("ISO/IEC 27040", "Storage security."),
)
