"""Gaps of one workload: what is known to be wrong with its protection today, and answers that do not fit together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from assessment.answer_tree import AnswerTree, Scope
from recommendations import storage as s3
from recommendations.findings_model import COST, OPERATIONS, PERFORMANCE, RELIABILITY, SECURITY, Finding, FindingParts, finding
from recommendations.recovery_figures import words

OPEN = ("unknown", "unanswered")
LIFE = ("storage_class", "dlm", "backup_plan")
# wl_gap: severity, pillar, sentence, fix, tables whose setting closes it.
KNOWN: dict[str, tuple[str, str, str, str, tuple[str, ...]]] = {
    "never-restored": ("high", RELIABILITY, "It was never restored.", "The drill calendar has its first restore.", ("drills",)),
    "no-offsite-copy": ("high", RELIABILITY, "It has no copy off site today.", "The design keeps copies away from it.", ("protection",)),
    "fails-often": ("high", RELIABILITY, "Its backups fail often.", "Every failed or missing copy is reported.", ("monitoring",)),
    "too-slow": ("medium", PERFORMANCE, "Its restores are too slow.", "See its recovery table, step by step.", ("dr_strategy",)),
    "not-encrypted": ("high", SECURITY, "Its copies are not encrypted today.", "Every copy is encrypted.", ("encryption",)),
    "kept-too-long": ("medium", COST, "It is kept longer than needed.", "Its copies go when their time is over.", LIFE),
}
EXCEPTIONS = {
    "wl_immut": ("immutable copies", "object_lock"),
    "wl_xregion": ("a copy in another Region", "replication"),
    "wl_xacct": ("a copy in another account", "iam"),
}
HOURS = {"1h": 1, "8h": 8, "24h": 24, "72h": 72}


def workload_gaps(tree: AnswerTree, parts: FindingParts) -> Iterator[Finding]:
    """The gaps of every workload in file order."""
    for scope in tree.workloads:
        yield from known_gaps(scope, parts)
        yield from open_answers(scope, parts)
        yield from exceptions(scope, parts)
        yield from targets(scope)
        yield from copies(scope, parts)


def known_gaps(scope: Scope, parts: FindingParts) -> Iterator[Finding]:
    for word in scope.value("wl_gap") or ():
        if word in KNOWN:
            severity, pillar, sentence, fix, tables = KNOWN[word]
            yield finding(word, severity, pillar, scope.key, sentence, fix, ("wl_gap",), parts.setting(tables, scope.key))


def open_answers(scope: Scope, parts: FindingParts) -> Iterator[Finding]:
    """Answers whose absence leaves a hole in the protection."""
    if scope.state("wl_owner") in OPEN or "unknown-owner" in (scope.value("wl_gap") or ()):
        fix = "Name who owns it on the business side; until then the engagement's approver decides."
        yield finding("unowned-workload", "medium", OPERATIONS, scope.key, "Nobody owns it.", fix, ("wl_owner", "wl_gap"), None)
    if scope.visible("wl_class") and scope.value("wl_class") is None:
        sentence = "Its record class is open, so no minimum is applied and nothing expires."
        yield finding("record-class-open", "medium", SECURITY, scope.key, sentence, "Pick its record class.", ("wl_class",), None)
    if scope.state("wl_access") in OPEN and parts.part(scope.key).facts.kind in ("object-data", "archive-set"):
        sentence = "Nobody knows how often it is read, so classes that charge for reading are used with care only."
        fix = "Measure it for a month (S3 Storage Class Analysis, access logs), then answer again."
        table = parts.setting(("storage_class",), scope.key)
        yield finding("access-not-measured", "low", COST, scope.key, sentence, fix, ("wl_access",), table)
    if scope.visible("wl_tags") and parts.part(scope.key).facts.tag_proposed and parts.setting(("dlm", "backup_plan"), scope.key):
        sentence = "No tag picks its resources; without the tag nothing is copied, in silence."
        fix = f"Put the tag {'='.join(parts.part(scope.key).facts.tag)} on its resources, or name the tag they carry."
        table = parts.setting(("dlm", "backup_plan"), scope.key)
        yield finding("resources-not-tagged", "high", OPERATIONS, scope.key, sentence, fix, ("wl_tags",), table)


def exceptions(scope: Scope, parts: FindingParts) -> Iterator[Finding]:
    """An exception from a company rule without a reason."""
    for question, (what, table) in EXCEPTIONS.items():
        if scope.value(question) == "not-needed" and not scope.value(f"{question}_why"):
            sentence = f"It is excepted from {what}, and no reason is given."
            setting = parts.setting((table,), scope.key)
            check, answers = f"exception-without-reason-{question[3:]}", (question, f"{question}_why")
            yield finding(check, "medium", SECURITY, scope.key, sentence, "Give the reason.", answers, setting)


def targets(scope: Scope) -> Iterator[Finding]:
    """Stated targets against the tier's promise and against the impact over time."""
    tier = scope.value("rec_tiers")[scope.value("wl_tier")]
    looser = [name for name in ("rto", "rpo") if scope.value(f"wl_{name}") > tier[name]]
    if looser:
        told = " and ".join(f"{name.upper()} {words(scope.value(f'wl_{name}'))} against {words(tier[name])}" for name in looser)
        sentence = f"Its targets are looser than its tier promises: {told}."
        answers = ("wl_tier", "rec_tiers", *(f"wl_{name}" for name in looser))
        yield finding(
            "targets-looser-than-tier", "low", RELIABILITY, scope.key, sentence, "Tighten them, or move it to another tier.", answers, None
        )
    severe = first_severe(scope.value("wl_impact") or {})
    if severe is not None and timedelta(hours=severe) < scope.value("wl_rto"):
        sentence = f"The impact is severe after {severe} h, but it may be down for {words(scope.value('wl_rto'))}."
        fix = f"Lower its RTO to {severe} h or less, or correct the impact."
        yield finding("impact-before-recovery", "medium", RELIABILITY, scope.key, sentence, fix, ("wl_impact", "wl_rto"), None)


def first_severe(impact: dict[str, Any]) -> int | None:
    """The first hour after which any impact is severe."""
    return min((HOURS[row] for row, kinds in impact.items() if "severe" in kinds.values()), default=None)


def copies(scope: Scope, parts: FindingParts) -> Iterator[Finding]:
    """Copies that are not consistent, not kept, or never go."""
    kind, facts = scope.value("wl_kind"), parts.part(scope.key).facts
    if kind == "database" and scope.value("wl_consist") in ("crash", "file-system"):
        sentence = "A database is copied without its engine knowing; the copy may not open cleanly."
        fix = "Ask for application or transaction log consistency."
        yield finding("database-not-consistent", "high", RELIABILITY, scope.key, sentence, fix, ("wl_consist",), None)
    if kind not in ("object-data", "archive-set") and facts.reproduce != "within-rto" and not any(facts.copies.values()):
        fix = "Say how many copies of each kind are kept."
        yield finding("no-copies-kept", "critical", RELIABILITY, scope.key, "No copy of any kind is kept.", fix, ("wl_retain",), None)
    if kind in ("object-data", "archive-set") and facts.expire_days is None:
        fix = "Set an age at which it goes, or confirm that it is kept for ever."
        table = parts.setting(("storage_class",), scope.key)
        yield finding("never-expires", "low", COST, scope.key, "Nothing of it is ever deleted.", fix, ("wl_expire", "wl_class"), table)
    if scope.value("wl_obj_size") is not None and facts.object_bytes < s3.SMALL_OBJECT:
        sentence = "Its objects are under 128 KiB, so the colder classes do not pay and it stays in S3 Standard."
        if facts.large_bytes:
            part = f"{100 * facts.large_bytes // facts.size} %"
            sentence = f"Most of its objects are under 128 KiB and stay in S3 Standard; only larger ones, {part} of the bytes, move."
        fix = "Pack small objects into larger ones before they age."
        table = parts.setting(("storage_class",), scope.key)
        yield finding("small-objects", "low", COST, scope.key, sentence, fix, ("wl_obj_size",), table)
