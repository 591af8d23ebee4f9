"""Default quotas of AWS that a design would break, each named with what it needs.

Source: AWS General Reference, service quotas of S3, Data Lifecycle Manager, CloudTrail, IAM, KMS, SNS and AWS Backup, whose restore testing
has its own in its guide ("Restore testing quotas and parameters"). `raisable` says what can be done.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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


ONE_TAG = "give workloads with equal needs one tag"
COUNTED: Mapping[str, Quota] = {
    "AWS::S3::Bucket": Quota(10_000, False, "buckets an account", "protection", "AWS raises it on request", ("wl_kind", "wl_account")),
    "AWS::DLM::LifecyclePolicy": Quota(
        100,
        True,
        "Data Lifecycle Manager policies a Region",
        "dlm",
        f"{ONE_TAG}, or equal settings: those share a policy",
        ("wl_tags", "wl_retain", "wl_account"),
    ),
    "AWS::Events::Rule": Quota(300, True, "event rules a Region", None, "AWS raises it on request", ("wl_account",)),
    "AWS::CloudWatch::Alarm": Quota(5_000, True, "alarms a Region", "monitoring", "AWS raises it on request", ("wl_account",)),
    "AWS::Backup::BackupVault": Quota(
        100, True, "backup vaults a Region", "vault_lock", "AWS raises it on request", ("wl_class", "wl_account")
    ),
    "AWS::Backup::BackupPlan": Quota(300, True, "backup plans a Region", "backup_plan", ONE_TAG, ("wl_tags", "wl_account")),
    "AWS::Backup::RestoreTestingPlan": Quota(
        100,
        True,
        "restore testing plans a Region",
        "drills",
        ONE_TAG,
        ("wl_tags", "wl_account", "ops_drill"),
    ),
    "AWS::KMS::Key": Quota(100_000, True, "KMS keys a Region", "encryption", "AWS raises it on request", ("wl_class", "wl_account")),
    "AWS::SNS::Topic": Quota(100_000, True, "topics a Region", "alerts", "AWS raises it on request", ("wl_account",)),
    "AWS::CloudTrail::Trail": Quota(5, True, "trails a Region", "trail", "AWS does not raise it", ("aws_accounts", "sec_log")),
    "AWS::IAM::Role": Quota(
        1_000, False, "IAM roles an account", "replication", "AWS raises it to 5,000 on request", ("wl_xregion", "wl_account")
    ),
}
# What stands in a plan: the property that names the plan, and the quota of each plan.
HELD: Mapping[str, tuple[str, Quota]] = {
    "AWS::Backup::BackupSelection": (
        "BackupPlanId",
        Quota(100, False, "selections a backup plan", "backup_plan", ONE_TAG, ("wl_tags",)),
    ),
    "AWS::Backup::RestoreTestingSelection": (
        "RestoreTestingPlanName",
        Quota(30, False, "selections a restore testing plan", "drills", ONE_TAG, ("wl_tags", "ops_drill")),
    ),
}
FAST_SNAPSHOTS = 5  # snapshots kept ready for fast restore, an account and Region (aws-facts e)
RULES_A_BUCKET = 1_000
KEY_POLICY_BYTES = 32_768
BUCKET_POLICY_BYTES = 20_480
ROLE_POLICY_BYTES = 10_240
# Characters of what a reference becomes, at the most: names have 63, and the ARN of a role is the longest.
LENGTHS = {"arn": 95, "name": 63, "id": 36, "account": 12, "region": 14}
VARIABLE = re.compile(r"\$\{([^}]+)\}")


# Quotas that are told one by one; a design that breaks more of them has to be cut anyway.
SHOWN = 10


def quotas(parts: FindingParts) -> Iterator[Finding]:
    """One finding that names every quota and place that the design's resources would break: a check is told once."""
    found = list(_broken(parts))
    if found:
        more = [f"{len(found) - SHOWN:,} more are broken."] if len(found) > SHOWN else []
        sentence = " ".join([*(one["sentence"] for one in found[:SHOWN]), *more])
        fix = " ".join(dict.fromkeys(one["fix"] for one in found))
        answers = dict.fromkeys(answer for one in found for answer in one["answers"])
        yield {**found[0], "sentence": sentence, "fix": fix, "answers": list(answers)}


def _broken(parts: FindingParts) -> Iterator[Finding]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in parts.resources:
        quota = COUNTED.get(one["type"])
        if quota:
            account = one["account_alias"] or one["account_role"]
            counts[one["type"], account, one["region"] if quota.regional else ""] += 1
        yield from too_large(one)
    yield from fast_snapshots(parts)
    yield from full_plans(parts)
    for (kind, account, region), count in sorted(counts.items()):
        quota = COUNTED[kind]
        if count > quota.most:
            place = f"{account} in {region}" if region else account
            sentence = f"The design needs {count:,} of at most {quota.most:,} {quota.what}, in account {place}."
            fix = f"Quota: {quota.raisable}, or spread the workloads over more accounts."
            yield finding("quota-exceeded", "high", OPERATIONS, None, sentence, fix, quota.answers, quota.setting)


def fast_snapshots(parts: FindingParts) -> Iterator[Finding]:
    """Snapshots that are kept ready, at least one of each workload of a policy with fast snapshot restore."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in parts.resources:
        if one["type"] != "AWS::DLM::LifecyclePolicy":
            continue
        if any("FastRestoreRule" in schedule for schedule in one["properties"]["PolicyDetails"]["Schedules"]):
            counts[one["account_alias"] or one["account_role"], one["region"]] += max(len(one["workloads"]), 1)
    for (account, region), count in sorted(counts.items()):
        if count > FAST_SNAPSHOTS:
            sentence = (
                f"The design keeps {count} or more of at most {FAST_SNAPSHOTS} snapshots ready for fast restore, "
                f"in account {account} in {region}."
            )
            fix = "Quota: AWS raises it on request; or accept a longer recovery time where volumes may load as they are read."
            yield finding("quota-exceeded", "high", OPERATIONS, None, sentence, fix, ("wl_rto", "wl_account"), "fast_restore")


def full_plans(parts: FindingParts) -> Iterator[Finding]:
    """Plans with more selections than AWS takes."""
    counts = Counter((one["type"], one["properties"][HELD[one["type"]][0]]["$sub"]) for one in parts.resources if one["type"] in HELD)
    for (kind, plan), count in sorted(counts.items()):
        quota = HELD[kind][1]
        if count > quota.most:
            key = plan.removeprefix("${").rpartition(".")[0]
            sentence = f"{key} needs {count:,} of at most {quota.most:,} {quota.what}."
            yield finding("quota-exceeded", "high", OPERATIONS, None, sentence, f"Quota: {quota.raisable}.", quota.answers, quota.setting)


def too_large(resource: Mapping[str, object]) -> Iterator[Finding]:
    """Limits of one resource, which AWS does not raise: rules of a bucket, sizes of policies."""
    properties = resource["properties"]
    if not isinstance(properties, Mapping):
        return
    rules = len(properties.get("LifecycleRules") or ())
    if rules > RULES_A_BUCKET:
        sentence = f"{resource['key']} needs {rules:,} of at most {RULES_A_BUCKET:,} lifecycle rules a bucket."
        yield finding("quota-exceeded", "high", OPERATIONS, None, sentence, "Use fewer prefixes.", ("wl_retain",), "storage_class")
    rules = len((properties.get("Replication") or {}).get("Rules") or ())
    if rules > RULES_A_BUCKET:
        sentence = f"{resource['key']} needs {rules:,} of at most {RULES_A_BUCKET:,} replication rules a bucket."
        yield finding("quota-exceeded", "high", OPERATIONS, None, sentence, "Use fewer prefixes.", ("wl_retain",), "replication")
    for policy, most, fix, answers, table in policies(resource):
        size = written_bytes(policy)
        if size > most:
            sentence = f"The policy of {resource['key']} needs up to {size:,} of at most {most:,} bytes."
            yield finding("quota-exceeded", "high", OPERATIONS, None, sentence, fix, answers, table)


def policies(resource: Mapping[str, Any]) -> Iterator[tuple[Any, int, str, tuple[str, ...], str]]:
    """(policy, bytes that AWS takes, fix, answers, table) of each policy that grows with the workloads."""
    properties, kind = resource["properties"], resource["type"]
    if kind == "AWS::KMS::Key":
        fix = "Give the workloads more record classes, or keep the keys beside the data."
        yield properties["Policy"], KEY_POLICY_BYTES, fix, ("wl_class", "sec_key_owner"), "encryption"
    if kind == "AWS::S3::Bucket":
        fix = "Let fewer accounts write into it."
        yield properties["PolicyStatements"], BUCKET_POLICY_BYTES, fix, ("aws_accounts",), "trail"
    if kind == "AWS::IAM::Role":
        yield properties["Policies"], ROLE_POLICY_BYTES, "Spread the workloads over more accounts.", ("wl_account",), "replication"


def written_bytes(value: Any) -> int:
    """Bytes of a policy with all its references written out; an upper bound, since names are not known before they are made."""
    short = canonical_json(value).decode()
    if len(short) * 3 < ROLE_POLICY_BYTES:
        return len(short.encode())
    return len(VARIABLE.sub(_longest, short).encode())


def _longest(variable: re.Match[str]) -> str:
    """Something as long as a variable can become: `${key.arn}`, `${account.NAME}`, `${region}`."""
    ending = variable[1].rpartition(".")[2]
    return "x" * LENGTHS.get(ending, LENGTHS["account"])
