"""The questionnaire's cross-answer checks that need the answers alone (`where: before`), as findings.

Each function computes one check of questionnaire.yaml, whose words it fills in; errors are raised by the reader instead.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from assessment.answer_tree import AnswerTree, Scope, text_of
from assessment.link import REDUCTION, Line, seed_days, window_bytes
from assessment.quantities import parse_duration, write_duration, write_size

LATENCY = {"milliseconds": "0m", "minutes": "5m", "up-to-12h": "12h", "up-to-48h": "48h"}
COPY_DAYS = {
    "hourly": Decimal(1) / 24,
    "daily": Decimal(1),
    "weekly": Decimal(7),
    "monthly": Decimal("365.25") / 12,
    "yearly": Decimal("365.25"),
}
AVAILABILITY = {"99-0": "0.99", "99-5": "0.995", "99-9": "0.999", "99-95": "0.9995", "99-99": "0.9999"}


@dataclass(frozen=True)
class Finding:
    """A check that fired. `path` is where to change something, as in an engagement file; `answers` are question ids."""

    check: str
    severity: str
    workload: str | None
    path: str
    sentence: str
    fix: str
    answers: tuple[str, ...]


Hit = tuple[str | None, str, dict[str, Any]]
CheckFunction = Callable[[AnswerTree], Iterator[Hit]]


def run_checks(tree: AnswerTree, today: date | None = None) -> list[Finding]:
    """All findings in the order of the questionnaire's checks. Without `today` nothing is said about the deadline."""
    findings = []
    for check in tree.questionnaire.checks:
        function = CHECKS.get(check.id)
        hits = function(tree) if function else (seed_misses_deadline(tree, today) if check.id == "seed-misses-deadline" and today else ())
        for workload, path, words in hits:
            sentence = check.message.format_map(Words({name: shown(value) for name, value in words.items()}))
            findings.append(Finding(check.id, check.severity, workload, path, sentence, check.fix, check.reads))
    return findings


class Words(dict[str, str]):
    """A name in braces that nobody filled in stays readable."""

    def __missing__(self, key: str) -> str:
        return key


def shown(value: Any) -> str:
    return write_duration(value) if isinstance(value, timedelta) else str(value)


def at(index: int, question: str) -> str:
    return f"workloads[{index}].answers.{question}"


def label(scope: Scope, question: str) -> str:
    return text_of(scope.questionnaire.question(question), scope.value(question))


def numbered(tree: AnswerTree) -> Iterator[tuple[int, Scope]]:
    yield from enumerate(tree.workloads)


def interval(scope: Scope) -> timedelta | None:
    """The time between two copies that the answers ask for."""
    word = scope.value("wl_freq")
    if word is None:
        return None
    option = next(o for o in scope.questionnaire.question("wl_freq").options if o.value == word)
    asked = parse_duration(option.interval)
    shipped = scope.value("wl_log_every") if scope.value("wl_log_backup") else None
    return min(asked, shipped) if shipped is not None else asked


def frequency_longer_than_rpo(tree: AnswerTree) -> Iterator[Hit]:
    for index, scope in numbered(tree):
        gap, rpo = interval(scope), scope.value("wl_rpo")
        if gap is not None and gap > rpo:
            yield scope.key, at(index, "wl_freq"), {"interval": gap, "wl_rpo": rpo}


def rto_without_reserve(tree: AnswerTree) -> Iterator[Hit]:
    tiers = tree.customer.value("rec_tiers")
    for index, scope in numbered(tree):
        mtd = scope.value("wl_mtd") or tiers[scope.value("wl_tier")]["mtd"]
        if scope.value("wl_rto") >= mtd:
            yield scope.key, at(index, "wl_rto"), {"wl_rto": scope.value("wl_rto"), "wl_mtd": mtd}


def latency_slower_than_rto(tree: AnswerTree) -> Iterator[Hit]:
    for index, scope in numbered(tree):
        word = scope.value("wl_latency")
        if word and parse_duration(LATENCY[word]) > scope.value("wl_rto"):
            wait = {"up-to-12h": "up to 12 hours", "up-to-48h": "up to 48 hours"}.get(word, "minutes")
            yield scope.key, at(index, "wl_latency"), {"wl_latency": wait, "wl_rto": scope.value("wl_rto")}


def kept_days(scope: Scope) -> tuple[str, Decimal] | None:
    """(question, days) of what is kept longest; None for ever."""
    if scope.value("wl_kind") in ("object-data", "archive-set"):
        expire = scope.value("wl_expire")
        return ("wl_expire", Decimal(expire.days)) if isinstance(expire, timedelta) else None
    copies = scope.value("wl_retain") or {}
    return "wl_retain", max((COPY_DAYS[kind] * count for kind, count in copies.items()), default=Decimal(0))


def retention_against_class(tree: AnswerTree) -> Iterator[Hit]:
    classes = {row["class"]: row for row in tree.customer.value("cmp_retention_tbl") or ()}
    for index, scope in numbered(tree):
        row = classes.get(scope.value("wl_class") or "")
        if row is None:
            continue
        kept = kept_days(scope)
        least, most = row["min"], row.get("max")
        # A year of copies is 365.25 days while the class's years are rounded up to whole days: compare rounded up too.
        days = None if kept is None else timedelta(days=int(kept[1].to_integral_value(rounding="ROUND_CEILING")))
        if (days is not None and days < least) or (most is not None and (days is None or days > most)):
            words = {"wl_class": row["class"], "min": least, "max": most or "without end", "kept": days if days is not None else "for ever"}
            yield scope.key, at(index, kept[0] if kept else "wl_expire"), words


def strict_lock_with_erasure(tree: AnswerTree) -> Iterator[Hit]:
    classes = {row["class"]: row for row in tree.customer.value("cmp_retention_tbl") or ()}
    if tree.customer.value("cmp_immutable") != "strict":
        return
    for index, scope in numbered(tree):
        row = classes.get(scope.value("wl_class") or "")
        if row and row["erasure"] and scope.value("wl_immut") != "not-needed":
            yield scope.key, at(index, "wl_immut"), {"wl_class": row["class"]}


def allowed_countries(tree: AnswerTree) -> tuple[str, ...] | None:
    """Countries where copies may stand; None is everywhere."""
    named = tree.customer.value("cmp_residency")
    if named == "any":
        return None
    return tuple(named or ()) or (tree.questionnaire.regions[tree.customer.value("aws_primary")],)


def dr_region_outside_residency(tree: AnswerTree) -> Iterator[Hit]:
    allowed = allowed_countries(tree)
    if allowed is None:
        return
    for question, regions in (
        ("aws_primary", [tree.customer.value("aws_primary")]),
        ("aws_dr", tree.customer.value("aws_dr") or ()),
    ):
        for region in regions:
            country = tree.questionnaire.regions[region]
            if country not in allowed:
                yield None, f"answers.{question}", {"region": region, "country": country}


def outside(tree: AnswerTree) -> list[Scope]:
    return [scope for scope in tree.workloads if scope.value("wl_where") != "aws"]


def line_of(tree: AnswerTree) -> Line:
    working = tree.customer.value("net_bw")
    off = tree.customer.value("net_bw_off")
    return Line(working, working if off is None else off)


def daily_change_exceeds_window(tree: AnswerTree) -> Iterator[Hit]:
    """All workloads outside of AWS share the line; those with the same window share its capacity."""
    changed: dict[str, Decimal] = {}
    for scope in outside(tree):
        daily = Decimal(scope.value("wl_size")) * Decimal(scope.value("wl_change")) / 100 * REDUCTION[scope.value("wl_reduce")]
        window = scope.value("wl_window") or "night"
        changed[window] = changed.get(window, Decimal(0)) + daily
    total = sum(changed.values(), Decimal(0))
    capacity = max((window_bytes(line_of(tree), window, Decimal(8)) for window in changed), default=0)
    tight = any(part > window_bytes(line_of(tree), window, Decimal(8)) for window, part in changed.items())
    if changed and (tight or total > capacity):
        yield None, "answers.net_bw_off", {"bytes": rounded(int(total)), "capacity": rounded(capacity)}


def rounded(count: int) -> str:
    """Bytes with one decimal of a fitting unit, for a sentence."""
    for unit, factor in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20)):
        if count >= factor:
            return f"{(Decimal(count) / factor).quantize(Decimal('0.1'))} {unit}"
    return write_size(count)


def seed_misses_deadline(tree: AnswerTree, today: date) -> Iterator[Hit]:
    deadline = tree.customer.value("eng_deadline")
    total = sum(int(Decimal(s.value("wl_size")) * REDUCTION[s.value("wl_reduce")]) for s in outside(tree))
    if deadline is None or tree.customer.value("net_device") or not total:
        return
    days = seed_days(line_of(tree), total)
    if days is None or today + timedelta(days=min(days, 100_000)) > deadline:
        end = "never" if days is None else (today + timedelta(days=min(days, 100_000))).isoformat()
        yield None, "answers.eng_deadline", {"days": days if days is not None else "countless", "date": end, "eng_deadline": deadline}


def dependency_chain(tree: AnswerTree) -> Iterator[Hit]:
    """Before a design exists, a dependency with a longer RTO than the workload's own is enough."""
    names = {scope.name: scope for scope in tree.workloads}
    for index, scope in numbered(tree):
        slow = [names[name] for name in scope.value("wl_deps") or () if names[name].value("wl_rto") > scope.value("wl_rto")]
        if slow:
            longest = max(one.value("wl_rto") for one in slow)
            words = {"workload": scope.name, "chain": ", ".join(one.name for one in slow), "sum": longest, "wl_rto": scope.value("wl_rto")}
            yield scope.key, at(index, "wl_deps"), words


def event_without_copy(tree: AnswerTree) -> Iterator[Hit]:
    events = tree.customer.value("rec_disrupt") or ()
    if "account-loss" in events and tree.customer.value("sec_separate_acct") == "none":
        yield None, "answers.sec_separate_acct", {"event": "The loss of an AWS account", "what": "everything"}
    if "region-loss" not in events:
        return
    allowed = allowed_countries(tree)
    regions = [r for r in tree.customer.value("aws_dr") or () if allowed is None or tree.questionnaire.regions[r] in allowed]
    for index, scope in numbered(tree):
        if scope.value("wl_tier") != "mission-critical":
            continue
        if not regions or scope.value("wl_xregion") == "not-needed":
            path = at(index, "wl_xregion") if regions else "answers.aws_dr"
            yield scope.key, path, {"event": "The loss of a Region", "what": scope.name}


def error_budget(tree: AnswerTree) -> Iterator[Hit]:
    promise = tree.customer.value("rec_sla")
    if promise not in AVAILABILITY:
        return
    budget = timedelta(seconds=int((1 - Decimal(AVAILABILITY[promise])) * 8760 * 3600))
    for index, scope in numbered(tree):
        if scope.value("wl_tier") == "mission-critical" and budget < scope.value("wl_rto"):
            minutes = timedelta(minutes=budget // timedelta(minutes=1))
            words = {"rec_sla": label(tree.customer, "rec_sla"), "budget": minutes, "workload": scope.name, "wl_rto": scope.value("wl_rto")}
            yield scope.key, at(index, "wl_rto"), words


CHECKS: dict[str, CheckFunction] = {
    "frequency-longer-than-rpo": frequency_longer_than_rpo,
    "rto-without-reserve": rto_without_reserve,
    "latency-slower-than-rto": latency_slower_than_rto,
    "retention-against-class": retention_against_class,
    "strict-lock-with-erasure": strict_lock_with_erasure,
    "dr-region-outside-residency": dr_region_outside_residency,
    "daily-change-exceeds-window": daily_change_exceeds_window,
    "dependency-chain": dependency_chain,
    "event-without-copy": event_without_copy,
    "error-budget": error_budget,
}
