"""What the decision tables read: answers and defaults turned into plain facts, one record per customer and per workload.

Durations are timedelta, sizes bytes, rates Decimal fractions of one. Days are rounded up, so that nothing is kept too short.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, Protocol

from slugify import slugify

KINDS = ("hourly", "daily", "weekly", "monthly", "yearly")
# Days that one copy of a kind stands for; n yearly copies are n years, n monthly ones n/12 years (questionnaire, retention-against-class).
KIND_DAYS = {
    "hourly": Decimal(1) / 24,
    "daily": Decimal(1),
    "weekly": Decimal(7),
    "monthly": Decimal("30.4375"),
    "yearly": Decimal("365.25"),
}
REDUCTION = {"none": Decimal(1), "little": Decimal("0.8"), "half": Decimal("0.5"), "well": Decimal("0.3")}
LATENCY = {
    "milliseconds": timedelta(0),
    "minutes": timedelta(minutes=5),
    "up-to-12h": timedelta(hours=12),
    "up-to-48h": timedelta(hours=48),
}
# The shortest time in which regimes want logs to be kept (aws-facts section l: PCI 10.5.1; HIPAA documentation used as evidence).
LOG_MINIMUM_DAYS = {"pci-dss": 365, "hipaa": 2192, "sox": 2557, "sec-17a-4": 2192}


class Scope(Protocol):
    """The part of `assessment.answer_tree.Scope` that is read here."""

    key: str
    name: str

    def value(self, question: str) -> Any: ...
    def state(self, question: str) -> str: ...


def days_of(value: timedelta) -> int:
    """Whole days, rounded up."""
    return int((Decimal(value.days) + Decimal(value.seconds) / 86400).to_integral_value(ROUND_CEILING))


def kept_days(kind: str, copies: int) -> int:
    """For how many days `copies` of a kind reach back, rounded up."""
    return int((KIND_DAYS[kind] * copies).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class CustomerFacts:
    """Facts of the whole engagement. `bucket_bytes` is the size of all workloads whose data lives in buckets."""

    customer: str
    industry: str
    slug: str
    primary: str
    dr: str | None
    refused: tuple[str, ...]
    disruptions: tuple[str, ...]
    encryption: str
    key_owner: str
    key_account: str | None
    rotation_days: int | None
    separate_account: str
    log_depth: str
    log_days: int
    regimes: tuple[str, ...]
    pii: tuple[str, ...]
    immutable: str
    hold: str
    classes: Mapping[str, Mapping[str, Any]]
    accounts: tuple[Mapping[str, Any], ...]
    tags: Mapping[str, str]
    zone: str
    download: int
    staff: str
    manual_steps: tuple[str, ...]
    drill: str
    last_result: str
    restores_a_year: int
    restore_bytes: int
    bucket_bytes: int = 0

    @property
    def log_role(self) -> str:
        return "log-archive" if any(a["role"] == "log-archive" for a in self.accounts) else "production"


@dataclass(frozen=True)
class WorkloadFacts:
    """Facts of one workload. `expire_days` None keeps for ever; `kept` maps a kind of copy to days."""

    key: str
    name: str
    purpose: str
    kind: str
    where: str
    db_host: str
    engine: str
    logs: bool
    log_every: timedelta | None
    tier: str
    rto: timedelta
    rpo: timedelta
    region_rto: timedelta
    region_rpo: timedelta
    avail: str
    size: int
    provisioned: int
    change: Decimal
    growth: Decimal
    reduction: Decimal
    object_bytes: int
    objects: int
    reads: tuple[str, str, str, str] | None
    latency: timedelta
    copies: Mapping[str, int]
    expire_days: int | None
    versions: int
    versions_days: int
    record_class: str | None
    class_min_days: int | None
    class_max_days: int | None
    erasure: bool
    interval: timedelta
    window: str
    custom_window: Mapping[str, Any] | None
    consistency: str | None
    multi_volume: bool
    immutable: str
    xregion: str
    xacct: str
    reproduce: str
    restore_where: str
    restore_units: tuple[str, ...]
    deps: tuple[str, ...]
    steps: tuple[Mapping[str, Any], ...]
    tag: tuple[str, str]
    tag_proposed: bool
    bucket: str
    account_role: str
    account_alias: str | None

    @property
    def critical(self) -> bool:
        return self.tier in ("mission-critical", "important")


def residency_allows(region: str, allowed: Any, primary: str, countries: Mapping[str, str]) -> bool:
    """Whether a copy may stand in `region`: `any`, the named countries, or (when empty) the country of the primary Region."""
    if allowed == "any":
        return True
    names = tuple(allowed or ()) or (countries[primary],)
    return countries.get(region) in names


def customer_facts(scope: Scope, customer: Any, countries: Mapping[str, str]) -> CustomerFacts:
    """Facts from the customer's answers; `countries` maps Region to country."""
    v = scope.value
    primary = v("aws_primary")
    wished = tuple(v("aws_dr") or ())
    fitting = [r for r in wished if residency_allows(r, v("cmp_residency"), primary, countries)]
    regimes = tuple(v("cmp_regimes") or ())
    window = v("aws_window")
    return CustomerFacts(
        customer=customer.name,
        industry=customer.industry or v("eng_industry") or "other",
        slug=slugify(customer.name, max_length=40) or "customer",
        primary=primary,
        dr=fitting[0] if fitting else None,
        refused=tuple(r for r in wished if r not in fitting),
        disruptions=tuple(v("rec_disrupt") or ()),
        encryption=v("sec_enc"),
        key_owner=v("sec_key_owner") or "same-admins",
        key_account=v("sec_key_account"),
        rotation_days=rotation_days(v("sec_key_rotation"), v("sec_key_rotation_days")),
        separate_account=v("sec_separate_acct"),
        log_depth=v("sec_log"),
        log_days=max([days_of(v("sec_log_keep")), *(LOG_MINIMUM_DAYS.get(r, 0) for r in regimes)]),
        regimes=regimes,
        pii=tuple(v("cmp_pii") or ()),
        immutable=v("cmp_immutable"),
        hold=v("cmp_hold"),
        classes={row["class"]: row for row in v("cmp_retention_tbl") or ()},
        accounts=tuple(v("aws_accounts") or ()),
        tags={row["key"]: row["value"] for row in v("aws_tags") or ()},
        zone=window["zone"] if isinstance(window, Mapping) else "UTC",
        download=v("net_down"),
        staff=v("ops_hours"),
        manual_steps=tuple(v("cur_manual_steps") or ()),
        drill=v("ops_drill"),
        last_result=v("cur_last_restore_result"),
        restores_a_year=v("bud_restore_cost"),
        restore_bytes=v("bud_restore_size"),
    )


def rotation_days(word: str | None, days: int | None) -> int | None:
    """Days between key rotations; None when keys do not rotate."""
    return {"yearly": 365, "custom": days or 365}.get(word or "yearly")


def workload_facts(scope: Scope, customer: CustomerFacts) -> WorkloadFacts:
    """Facts from one workload's answers and the customer's."""
    v = scope.value
    record = customer.classes.get(v("wl_class") or "")
    role, alias = account_of(v("wl_account"), customer)
    size, object_bytes = v("wl_size"), v("wl_obj_size") or 2**20
    access = v("wl_access")
    tag = v("wl_tags")
    return WorkloadFacts(
        key=scope.key,
        name=scope.name,
        purpose=v("wl_purpose") or "",
        kind=v("wl_kind"),
        where=v("wl_where"),
        db_host=v("wl_db_host") or "none",
        engine=v("wl_engine") or "other",
        logs=bool(v("wl_log_backup")),
        log_every=v("wl_log_every"),
        tier=v("wl_tier"),
        rto=v("wl_rto"),
        rpo=v("wl_rpo"),
        region_rto=v("wl_region_rto") or v("wl_rto"),
        region_rpo=v("wl_rpo") if v("wl_region_rpo") is None else v("wl_region_rpo"),
        avail=v("wl_avail"),
        size=size,
        provisioned=v("wl_prov") or size,
        change=Decimal(v("wl_change")) / 100,
        growth=Decimal(v("wl_growth")) / 100,
        reduction=REDUCTION[v("wl_reduce")],
        object_bytes=object_bytes,
        objects=v("wl_objs") or max(1, size // object_bytes),
        reads=access_of(access),
        latency=LATENCY[v("wl_latency") or "milliseconds"],
        copies={kind: int((v("wl_retain") or {}).get(kind, 0)) for kind in KINDS},
        expire_days=expiry(v("wl_expire"), record, bool(customer.classes)),
        versions=v("wl_versions") or 0,
        versions_days=days_of(v("wl_versions_keep") or timedelta(days=90)),
        record_class=record["class"] if record else None,
        class_min_days=days_of(record["min"]) if record else None,
        class_max_days=days_of(record["max"]) if record and record.get("max") else None,
        erasure=bool(record and record["erasure"]),
        interval=interval_of(v("wl_freq"), v("wl_rpo")),
        window=v("wl_window") or "night",
        custom_window=custom_window(v("wl_window_custom")),
        consistency=v("wl_consist"),
        multi_volume=bool(v("wl_multi_vol")) or v("wl_kind") == "database",
        immutable=v("wl_immut") or "company-rule",
        xregion=v("wl_xregion") or "company-rule",
        xacct=v("wl_xacct") or "company-rule",
        reproduce=v("wl_reproduce") or "not-possible",
        restore_where=v("wl_restore_where") or "same-place",
        restore_units=tuple(v("wl_restore_unit") or ()),
        deps=tuple(v("wl_deps") or ()),
        steps=tuple(v("wl_steps") or ()),
        tag=tuple(tag.split("=", 1)) if tag else ("stowplan:workload", scope.key),
        tag_proposed=not tag,
        bucket=v("wl_bucket") or "",
        account_role=role,
        account_alias=alias,
    )


def custom_window(value: Any) -> Mapping[str, Any] | None:
    """The schedule of a window of the customer's own; None for an allowed word."""
    return value if isinstance(value, Mapping) else None


def access_of(table: Any) -> tuple[str, str, str, str] | None:
    """The read rate of each age band, youngest first; None where the question does not apply."""
    if not table:
        return None
    row = {k: (x["reads"] if isinstance(x, Mapping) else x) for k, x in table.items()}
    return row["0-30d"], row["31-90d"], row["91-365d"], row["over-365d"]


def expiry(asked: Any, record: Mapping[str, Any] | None, classes_exist: bool) -> int | None:
    """Days after which data is deleted. Never below the class's minimum; nothing expires while the class is open."""
    if not isinstance(asked, timedelta) or (classes_exist and record is None):
        return None
    return max(days_of(asked), days_of(record["min"]) if record else 0)


INTERVALS = {
    "continuous": timedelta(0),
    "15m": timedelta(minutes=15),
    "hourly": timedelta(hours=1),
    "4h": timedelta(hours=4),
    "12h": timedelta(hours=12),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
}


def interval_of(word: str | None, rpo: timedelta) -> timedelta:
    """The interval asked for; when open, the longest that is not above the RPO."""
    if word:
        return INTERVALS[word]
    return max((x for x in INTERVALS.values() if x <= rpo), default=timedelta(0))


def account_of(alias: str | None, customer: CustomerFacts) -> tuple[str, str | None]:
    """(role, alias) of the account a workload's settings are applied in; the first production account by default."""
    chosen = next((a for a in customer.accounts if a["alias"] == alias), None)
    chosen = chosen or next((a for a in customer.accounts if a["role"] == "production"), None)
    return (chosen["role"], chosen["alias"]) if chosen else ("production", None)
