"""From answers to facts: each fact is read by a function of its own, so that the answers behind it can be noted one by one
(`recommendations.provenance`). Nothing else of the engine reads answers for a decision."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Protocol

from slugify import slugify

from recommendations.facts import (
    LATENCY,
    REDUCTION,
    CustomerFacts,
    WorkloadFacts,
    access_of,
    account_of,
    alert_addresses,
    copies_of,
    custom_window,
    days_of,
    expiry,
    interval_of,
    large_bytes,
    log_days,
    residency_allows,
    rotation_days,
    zone_of,
)
from recommendations.overrides import FOR_EVER, Override

# The answer in force of a question.
Value = Callable[[str], Any]


class Scope(Protocol):
    """The part of `assessment.answer_tree.Scope` that is read here."""

    key: str
    name: str

    def value(self, question: str) -> Any: ...
    def state(self, question: str) -> str: ...


CUSTOMER_FIELDS: Mapping[str, Callable[[Value, Any, Mapping[str, str]], Any]] = {
    "customer": lambda v, customer, countries: customer.name,
    "industry": lambda v, customer, countries: customer.industry or v("eng_industry") or "other",
    "slug": lambda v, customer, countries: slugify(customer.name, max_length=40) or "customer",
    "primary": lambda v, customer, countries: v("aws_primary"),
    "dr": lambda v, customer, countries: next(iter(wished_regions(v, countries)[0]), None),
    "refused": lambda v, customer, countries: wished_regions(v, countries)[1],
    "disruptions": lambda v, customer, countries: tuple(v("rec_disrupt") or ()),
    "encryption": lambda v, customer, countries: v("sec_enc"),
    "key_owner": lambda v, customer, countries: v("sec_key_owner") or "same-admins",
    "key_account": lambda v, customer, countries: v("sec_key_account"),
    "rotation_days": lambda v, customer, countries: rotation_days(v("sec_key_rotation"), v("sec_key_rotation_days")),
    "separate_account": lambda v, customer, countries: v("sec_separate_acct"),
    "log_depth": lambda v, customer, countries: v("sec_log"),
    "log_days": lambda v, customer, countries: log_days(v("sec_log_keep"), v("cmp_regimes") or ()),
    "regimes": lambda v, customer, countries: tuple(v("cmp_regimes") or ()),
    "pii": lambda v, customer, countries: tuple(v("cmp_pii") or ()),
    "immutable": lambda v, customer, countries: v("cmp_immutable"),
    "hold": lambda v, customer, countries: v("cmp_hold"),
    "classes": lambda v, customer, countries: {row["class"]: row for row in v("cmp_retention_tbl") or ()},
    "accounts": lambda v, customer, countries: tuple(v("aws_accounts") or ()),
    "tags": lambda v, customer, countries: {row["key"]: row["value"] for row in v("aws_tags") or ()},
    "zone": lambda v, customer, countries: zone_of(v("aws_window")),
    "download": lambda v, customer, countries: v("net_down"),
    "staff": lambda v, customer, countries: v("ops_hours"),
    "manual_steps": lambda v, customer, countries: tuple(v("cur_manual_steps") or ()),
    "drill": lambda v, customer, countries: v("ops_drill"),
    "last_result": lambda v, customer, countries: v("cur_last_restore_result"),
    "restores_a_year": lambda v, customer, countries: v("bud_restore_cost"),
    "restore_bytes": lambda v, customer, countries: v("bud_restore_size"),
    "public": lambda v, customer, countries: v("sec_public") or "some",
    "alerts": lambda v, customer, countries: alert_addresses(v("ops_alert"), v("eng_people")),
    "channels": lambda v, customer, countries: tuple(sorted({row["channel"] for row in v("ops_alert") or ()} - {"email"})),
}


def customer_facts(scope: Scope, customer: Any, countries: Mapping[str, str]) -> CustomerFacts:
    """Facts from the customer's answers; `countries` maps Region to country."""
    return CustomerFacts(**{name: read(scope.value, customer, countries) for name, read in CUSTOMER_FIELDS.items()})


def wished_regions(v: Value, countries: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The recovery Regions that were asked for: those that the residency rule allows, and those that it does not."""
    wished = tuple(v("aws_dr") or ())
    fitting = tuple(r for r in wished if residency_allows(r, v("cmp_residency"), v("aws_primary"), countries))
    return fitting, tuple(r for r in wished if r not in fitting)


WORKLOAD_FIELDS: Mapping[str, Callable[[Value, CustomerFacts], Any]] = {
    "purpose": lambda v, c: v("wl_purpose") or "",
    "kind": lambda v, c: v("wl_kind"),
    "where": lambda v, c: v("wl_where"),
    "db_host": lambda v, c: v("wl_db_host") or "none",
    "engine": lambda v, c: v("wl_engine") or "other",
    "logs": lambda v, c: bool(v("wl_log_backup")),
    "log_every": lambda v, c: v("wl_log_every"),
    "tier": lambda v, c: v("wl_tier"),
    "rto": lambda v, c: v("wl_rto"),
    "rpo": lambda v, c: v("wl_rpo"),
    "region_rto": lambda v, c: v("wl_region_rto") or v("wl_rto"),
    "region_rpo": lambda v, c: v("wl_rpo") if (own := v("wl_region_rpo")) is None else own,
    "avail": lambda v, c: v("wl_avail"),
    "size": lambda v, c: v("wl_size"),
    "provisioned": lambda v, c: v("wl_prov") or v("wl_size"),
    "change": lambda v, c: Decimal(v("wl_change")) / 100,
    "growth": lambda v, c: Decimal(v("wl_growth")) / 100,
    "reduction": lambda v, c: REDUCTION[v("wl_reduce")],
    "object_bytes": lambda v, c: v("wl_obj_size") or 2**20,
    "objects": lambda v, c: v("wl_objs") or max(1, v("wl_size") // (v("wl_obj_size") or 2**20)),
    "large_bytes": lambda v, c: large_bytes(v("wl_size"), v("wl_objs"), v("wl_obj_size") or 2**20),
    "reads": lambda v, c: access_of(v("wl_access")),
    "latency": lambda v, c: LATENCY[v("wl_latency") or "milliseconds"],
    "copies": lambda v, c: copies_of(v("wl_retain") or {}),
    "expire_days": lambda v, c: expiry(v("wl_expire"), record_of(v, c), bool(c.classes)),
    "versions": lambda v, c: v("wl_versions") or 0,
    "versions_days": lambda v, c: days_of(v("wl_versions_keep") or timedelta(days=90)),
    "record_class": lambda v, c: record["class"] if (record := record_of(v, c)) else None,
    "class_min_days": lambda v, c: days_of(record["min"]) if (record := record_of(v, c)) else None,
    "class_max_days": lambda v, c: days_of(record["max"]) if (record := record_of(v, c)) and record.get("max") else None,
    "erasure": lambda v, c: bool((record := record_of(v, c)) and record["erasure"]),
    "interval": lambda v, c: interval_of(v("wl_freq"), v("wl_rpo")),
    "window": lambda v, c: v("wl_window") or "night",
    "custom_window": lambda v, c: custom_window(v("wl_window_custom")),
    "consistency": lambda v, c: v("wl_consist"),
    "multi_volume": lambda v, c: bool(v("wl_multi_vol")) or v("wl_kind") == "database",
    "immutable": lambda v, c: v("wl_immut") or "company-rule",
    "xregion": lambda v, c: v("wl_xregion") or "company-rule",
    "xacct": lambda v, c: v("wl_xacct") or "company-rule",
    "reproduce": lambda v, c: v("wl_reproduce") or "not-possible",
    "restore_where": lambda v, c: v("wl_restore_where") or "same-place",
    "restore_units": lambda v, c: tuple(v("wl_restore_unit") or ()),
    "deps": lambda v, c: tuple(v("wl_deps") or ()),
    "steps": lambda v, c: tuple(v("wl_steps") or ()),
    "tag_proposed": lambda v, c: not v("wl_tags"),
    "bucket": lambda v, c: v("wl_bucket") or "",
    "existing": lambda v, c: v("wl_existing") or "all",
    "account_role": lambda v, c: account_of(v("wl_account"), c)[0],
    "account_alias": lambda v, c: account_of(v("wl_account"), c)[1],
}


def workload_facts(scope: Scope, customer: CustomerFacts) -> WorkloadFacts:
    """Facts from one workload's answers and the customer's."""
    found = {name: read(scope.value, customer) for name, read in WORKLOAD_FIELDS.items()}
    facts = WorkloadFacts(key=scope.key, name=scope.name, tag=tag_of(scope), **found)
    overrides = customer.overrides.get(scope.key)
    return with_overrides(facts, overrides) if overrides else facts


def with_overrides(facts: WorkloadFacts, overrides: tuple[Override, ...]) -> WorkloadFacts:
    """The facts with these overrides in place of those that they had."""
    ruled = facts.expire_ruled if any(one.setting == "expire" for one in facts.overrides) else facts.expire_days
    kept = next((one.value for one in overrides if one.setting == "expire"), None)
    days = ruled if kept is None else None if kept == FOR_EVER else int(kept)
    return replace(facts, overrides=overrides, expire_days=days, expire_ruled=ruled)


def tag_of(scope: Scope) -> tuple[str, str]:
    """Key and value of the tag by which backups find the workload."""
    return tag_named(scope.value("wl_tags"), scope.key)


def tag_named(answer: str | None, workload: str) -> tuple[str, str]:
    """Key and value of an answer `key=value`; proposed by the workload's key where there is none."""
    key, _, value = (answer or f"stowplan:workload={workload}").partition("=")
    return key, value


def record_of(v: Value, customer: CustomerFacts) -> Mapping[str, Any] | None:
    """The class of records that a workload belongs to."""
    return customer.classes.get(v("wl_class") or "")
