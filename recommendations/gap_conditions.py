"""Conditions of the customer's gaps: plain questions to the answers in force."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from assessment.answer_tree import Scope

LOW_SUCCESS = Decimal(95)  # percent of jobs; below it copies are missing somewhere every day
OFF_SITE = frozenset({"second-site", "tape", "cloud-bucket", "removable-disks"})
# Which connection carries which way over which data may travel; an interface endpoint is reached over a private line only.
PATHS = {
    "tls-public": {"internet"},
    "vpn": {"vpn"},
    "direct-connect-macsec": {"direct-connect"},
    "vpc-endpoint-only": {"vpn", "direct-connect"},
}
SCRIPTS = frozenset({"scripts", "native-dumps", "vm-snapshots"})
SENSITIVE = frozenset({"personal", "special-category", "health", "card", "trade-secrets"})
Condition = Callable[[Scope], bool]


def pain(word: str) -> Condition:
    return lambda scope: word in (scope.value("cur_pain") or ())


def says(question: str, *values: str) -> Condition:
    return lambda scope: scope.value(question) in values


def either(*tests: Condition) -> Condition:
    return lambda scope: any(test(scope) for test in tests)


def events(scope: Scope) -> tuple[str, ...]:
    return tuple(scope.value("rec_disrupt") or ())


def role_with(**wanted: bool) -> Condition:
    """Whether one row of sec_access has all these marks."""
    return lambda scope: any(all(row[name] is mark for name, mark in wanted.items()) for row in scope.value("sec_access") or ())


def success_below(scope: Scope) -> bool:
    share = scope.value("cur_success")
    return share is not None and share < LOW_SUCCESS


def copies_on_one_site(scope: Scope) -> bool:
    media = set(scope.value("cur_media") or ())
    return bool(media) and "none" not in media and not media & OFF_SITE


def no_backup(scope: Scope) -> bool:
    return "none" in (scope.value("cur_tools") or ()) or "none" in (scope.value("cur_media") or ())


def one_account(scope: Scope) -> bool:
    return len({row["account"] for row in scope.value("aws_accounts") or ()}) == 1


def manual_steps(scope: Scope) -> int:
    return len([step for step in scope.value("cur_manual_steps") or () if step != "none"])


def sensitive_under_aws_key(scope: Scope) -> bool:
    return scope.value("sec_enc") in ("aws-owned", "aws-managed") and bool(SENSITIVE & set(scope.value("cmp_pii") or ()))


def no_classes(scope: Scope) -> bool:
    return not scope.value("cmp_retention_tbl")


def no_approver(scope: Scope) -> bool:
    return not any(row["role"] == "approver" for row in scope.value("eng_people") or ())


def open_answer(question: str) -> Condition:
    """Asked, and neither stated nor assumed nor out of place."""
    return lambda scope: scope.state(question) in ("unknown", "unanswered")


def no_allowed_path(scope: Scope) -> bool:
    allowed = scope.value("sec_transit") or ()
    return bool(allowed) and not any(PATHS[way] & set(scope.value("net_link") or ()) for way in allowed)


def evidence_missing(scope: Scope) -> bool:
    return "none" in (scope.value("cmp_evidence") or ()) and "none" not in (scope.value("cmp_regimes") or ("none",))


def only_scripts(scope: Scope) -> bool:
    tools = set(scope.value("cur_tools") or ())
    return bool(tools) and tools <= SCRIPTS
