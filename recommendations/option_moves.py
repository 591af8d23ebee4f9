"""What the cheap and the strict option change in the answers, as data. Balanced is the answers as they were given.

No move touches a hard constraint: retention and record classes, residency and Regions, regimes, locks that were asked for, and facts of
the data (kind, place, size, growth, engine). A cheap move that saves nothing, or would cost a control of a selected regime, is not made
(`options`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CRITICAL, IMPORTANT, STANDARD, ARCHIVE = "mission-critical", "important", "standard", "archive"
ALL = (CRITICAL, IMPORTANT, STANDARD, ARCHIVE)
LOWER = (STANDARD, ARCHIVE)


@dataclass(frozen=True)
class Move:
    """One answer that an option changes, and how that is told.

    `bounds`: for a duration, by tier: at least that long in the cheap option, at most in the strict one. `becomes`: for a choice, old value
    to new. `adds`: for a list, what it holds besides. `tiers` are those that it concerns (a customer's question concerns all).
    """

    question: str
    told: str
    bounds: Mapping[str, str] = field(default_factory=dict)
    becomes: Mapping[str, str] = field(default_factory=dict)
    adds: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ALL


CHEAP: tuple[Move, ...] = (
    Move("wl_rpo", "More recent work may be lost, but for mission-critical data", {IMPORTANT: "4h", STANDARD: "24h", ARCHIVE: "24h"}),
    Move("wl_rto", "Recovery may take longer, but for mission-critical data", {IMPORTANT: "24h", STANDARD: "3d", ARCHIVE: "7d"}),
    Move("wl_region_rpo", "After the loss of a Region more recent work may be lost", {IMPORTANT: "24h", STANDARD: "7d", ARCHIVE: "7d"}),
    Move("wl_region_rto", "After the loss of a Region recovery may take longer", {IMPORTANT: "3d", STANDARD: "7d", ARCHIVE: "14d"}),
    Move(
        "wl_freq",
        "Standard data and archives are copied once a day",
        becomes=dict.fromkeys(("continuous", "15m", "hourly", "4h", "12h"), "daily"),
        tiers=LOWER,
    ),
    Move(
        "wl_freq",
        "Important data is copied every four hours",
        becomes=dict.fromkeys(("continuous", "15m", "hourly"), "4h"),
        tiers=(IMPORTANT,),
    ),
    Move("wl_xregion", "Standard data and archives have no copy in another Region", becomes={"company-rule": "not-needed"}, tiers=LOWER),
    Move("wl_xacct", "Standard data and archives have no copy in another account", becomes={"company-rule": "not-needed"}, tiers=LOWER),
    Move(
        "wl_latency",
        "Old data of archives opens within 12 hours",
        becomes={"milliseconds": "up-to-12h", "minutes": "up-to-12h"},
        tiers=(ARCHIVE,),
    ),
    Move("sec_log", "The log holds management events only", becomes={"all-objects": "management", "critical-objects": "management"}),
)

STRICT: tuple[Move, ...] = (
    Move("rec_disrupt", "The loss of a whole Region is to be survived", adds=("region-loss",)),
    Move("wl_rpo", "Less recent work may be lost", {CRITICAL: "15m", IMPORTANT: "1h", STANDARD: "4h", ARCHIVE: "24h"}),
    Move("wl_rto", "Recovery has to be faster", {CRITICAL: "1h", IMPORTANT: "4h", STANDARD: "24h", ARCHIVE: "3d"}),
    Move(
        "wl_region_rpo",
        "After the loss of a Region less recent work may be lost",
        {CRITICAL: "15m", IMPORTANT: "1h", STANDARD: "4h", ARCHIVE: "24h"},
    ),
    Move(
        "wl_region_rto",
        "After the loss of a Region recovery has to be faster",
        {CRITICAL: "4h", IMPORTANT: "12h", STANDARD: "3d", ARCHIVE: "7d"},
    ),
    Move(
        "wl_freq",
        "Mission-critical and important data is copied at least hourly",
        becomes=dict.fromkeys(("4h", "12h", "daily", "weekly"), "hourly"),
        tiers=(CRITICAL, IMPORTANT),
    ),
    Move("wl_freq", "Standard data is copied every four hours", becomes=dict.fromkeys(("12h", "daily", "weekly"), "4h"), tiers=(STANDARD,)),
    Move("wl_freq", "Archives are copied every day", becomes={"weekly": "daily"}, tiers=(ARCHIVE,)),
    Move("wl_xregion", "Everything is copied to the recovery Region", becomes={"company-rule": "needed", "not-needed": "needed"}),
    Move("sec_separate_acct", "Copies have an account of their own", becomes={"none": "create"}),
    Move("wl_xacct", "Everything is copied to that account", becomes={"company-rule": "needed", "not-needed": "needed"}),
    Move("cmp_immutable", "Copies are locked, and nobody can lift the lock", becomes={"none": "governance", "governance": "strict"}),
    Move("wl_immut", "No workload is excepted from the lock", becomes={"not-needed": "company-rule"}),
    Move("sec_enc", "Keys are the customer's own", becomes={"aws-owned": "customer-managed", "aws-managed": "customer-managed"}),
    Move("sec_key_owner", "Keys belong to the security team", becomes={"same-admins": "security-team"}),
    Move("sec_key_rotation", "Keys rotate every year", becomes={"not-required": "yearly"}),
    Move("sec_log", "The log holds every access to objects", becomes={"management": "all-objects", "critical-objects": "all-objects"}),
    Move(
        "wl_latency",
        "Old data in use opens at once",
        becomes=dict.fromkeys(("minutes", "up-to-12h", "up-to-48h"), "milliseconds"),
        tiers=(CRITICAL, IMPORTANT),
    ),
    Move("ops_drill", "Recovery is rehearsed every quarter", becomes=dict.fromkeys(("not-planned", "yearly", "half-yearly"), "quarterly")),
)
