"""Default quotas of AWS that a design would break, each named with what it needs.

Source: AWS General Reference, service quotas of S3, Data Lifecycle Manager, IAM and KMS. `raisable` says what can be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from recommendations.design import canonical_json
from recommendations.findings_model import OPERATIONS, Finding, FindingParts, finding


@dataclass(frozen=True)
class Quota:
    """At most `most` of something; `regional`: per account and Region, else per account."""

    most: int
    regional: bool
    what: str
    setting: str | None
    raisable: str
    answers: tuple[str, ...]


COUNTED: Mapping[str, Quota] = {
    "AWS::S3::Bucket": Quota(10_000, False, "buckets an account", "protection", "AWS raises it on request", ("wl_kind", "wl_account")),
    "AWS::DLM::LifecyclePolicy": Quota(
        100,
        True,
        "Data Lifecycle Manager policies a Region",
        "dlm",
        "give workloads with equal needs one tag",
        ("wl_tags", "wl_account"),
    ),
    "AWS::Events::Rule": Quota(300, True, "event rules a Region", None, "AWS raises it on request", ("wl_account",)),
    "AWS::CloudWatch::Alarm": Quota(5_000, True, "alarms a Region", "monitoring", "AWS raises it on request", ("wl_account",)),
    "AWS::Backup::BackupVault": Quota(
        100, True, "backup vaults a Region", "vault_lock", "AWS raises it on request", ("wl_class", "wl_account")
    ),
    "AWS::Backup::BackupPlan": Quota(
        300, True, "backup plans a Region", "backup_plan", "give workloads with equal needs one tag", ("wl_tags", "wl_account")
    ),
    "AWS::IAM::Role": Quota(
        1_000, False, "IAM roles an account", "replication", "AWS raises it to 5,000 on request", ("wl_xregion", "wl_account")
    ),
}
RULES_A_BUCKET = 1_000
KEY_POLICY_BYTES = 32_768


def quotas(parts: FindingParts) -> Iterator[Finding]:
    """One finding for each quota and place that the design's resources would break."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in parts.resources:
        quota = COUNTED.get(one["type"])
        if quota:
            account = one["account_alias"] or one["account_role"]
            counts[one["type"], account, one["region"] if quota.regional else ""] += 1
        yield from too_large(one)
    for (kind, account, region), count in sorted(counts.items()):
        quota = COUNTED[kind]
        if count > quota.most:
            place = f"{account} in {region}" if region else account
            sentence = f"The design needs {count:,} of at most {quota.most:,} {quota.what}, in account {place}."
            fix = f"Quota: {quota.raisable}, or spread the workloads over more accounts."
            yield finding("quota-exceeded", "high", OPERATIONS, None, sentence, fix, quota.answers, quota.setting)


def too_large(resource: Mapping[str, object]) -> Iterator[Finding]:
    """Limits of one resource, which AWS does not raise: rules of a bucket, size of a key policy."""
    properties = resource["properties"]
    if not isinstance(properties, Mapping):
        return
    rules = len(properties.get("LifecycleRules") or ())
    if rules > RULES_A_BUCKET:
        sentence = f"{resource['key']} needs {rules:,} of at most {RULES_A_BUCKET:,} lifecycle rules a bucket."
        yield finding("quota-exceeded", "high", OPERATIONS, None, sentence, "Use fewer prefixes.", ("wl_retain",), "storage_class")
    if resource["type"] == "AWS::KMS::Key" and (size := len(canonical_json(properties["Policy"]))) > KEY_POLICY_BYTES:
        sentence = f"The policy of {resource['key']} needs {size:,} of at most {KEY_POLICY_BYTES:,} bytes: too many roles use one key."
        fix = "Give the workloads more record classes, or keep the keys beside the data."
        yield finding("quota-exceeded", "high", OPERATIONS, None, sentence, fix, ("wl_class", "sec_key_owner"), "encryption")
