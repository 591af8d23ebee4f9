"""What the decision tables read: plain facts, one record per customer and per workload, and how an answer becomes one.

Durations are timedelta, sizes bytes, rates Decimal fractions of one. Days are rounded up, so that nothing is kept too short.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from recommendations.overrides import Override
from recommendations.storage import LARGE_OBJECT

# As the questionnaire takes it for people.
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
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


def large_bytes(size: int, count: int | None, usual: int) -> int:
    """Bytes in large objects, where `count` objects of the `usual` size do not make up the size; else 0.

    Answers are rounded, so a rest under a tenth is none.
    """
    rest = 0 if count is None or usual >= LARGE_OBJECT else size - count * usual
    return rest if rest >= LARGE_OBJECT and rest * 10 >= size else 0


def days_of(value: timedelta) -> int:
    """Whole days, rounded up."""
    return int((Decimal(value.days) + Decimal(value.seconds) / 86400).to_integral_value(ROUND_CEILING))


def kept_days(kind: str, copies: int) -> int:
    """For how many days `copies` of a kind reach back, rounded up."""
    return int((KIND_DAYS[kind] * copies).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class CustomerFacts:
    """Facts of the whole engagement. `bucket_bytes` is the size of all workloads whose data lives in buckets.

    `alerts` are e-mail addresses that are told of failures, `channels` the other ways that were named: sms, chat, ticket, pager.
    """

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
    alerts: tuple[str, ...] = ()
    # Whether anything in the accounts may be open to the public: nothing or some.
    public: str = "some"
    channels: tuple[str, ...] = ()
    overrides: Mapping[str, tuple[Override, ...]] = field(default_factory=dict)

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
    # Whether objects that an adopted bucket holds already are copied too: all or new-only.
    existing: str = "all"
    # Bytes of `size` in objects of `storage.LARGE_OBJECT` beside those of the usual size; 0 where all have about the usual size.
    large_bytes: int = 0
    overrides: tuple[Override, ...] = ()
    # Days by answers and class, where an override keeps the data longer.
    expire_ruled: int | None = None

    @property
    def largest_object(self) -> int:
        """Bytes of the largest kind of object."""
        return LARGE_OBJECT if self.large_bytes else self.object_bytes

    @property
    def critical(self) -> bool:
        return self.tier in ("mission-critical", "important")


def residency_allows(region: str, allowed: Any, primary: str, countries: Mapping[str, str]) -> bool:
    """Whether a copy may stand in `region`: `any`, the named countries, or (when empty) the country of the primary Region."""
    if allowed == "any":
        return True
    names = tuple(allowed or ()) or (countries[primary],)
    return countries.get(region) in names


# Who hears of failures where no address is named for them.
ALERTED = ("it-operations", "out-of-hours")


def alert_addresses(told: Any, people: Any) -> tuple[str, ...]:
    """E-mail addresses that are told of a failure: those named for it, else those of the people who run the backups; each once."""
    named = [row["target"].strip() for row in told or () if row["channel"] == "email" and ADDRESS.fullmatch(row["target"].strip())]
    named = named or [row["email"] for row in people or () if row["role"] in ALERTED]
    return tuple({address.lower(): address for address in named}.values())


def rotation_days(word: str | None, days: int | None) -> int | None:
    """Days between key rotations; None when keys do not rotate."""
    return {"yearly": 365, "custom": days or 365}.get(word or "yearly")


def log_days(asked: timedelta, regimes: Iterable[str]) -> int:
    """Days that logs are kept: as asked, and no shorter than a regime wants."""
    return max([days_of(asked), *(LOG_MINIMUM_DAYS.get(r, 0) for r in regimes)])


def zone_of(window: Any) -> str:
    """The customer's time zone, as far as the change window names one."""
    return str(window["zone"]) if isinstance(window, Mapping) else "UTC"


def copies_of(retain: Mapping[str, Any]) -> dict[str, int]:
    """Copies to keep of each kind."""
    return {kind: int(retain.get(kind, 0)) for kind in KINDS}


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
