"""The settings of the whole engagement: Regions, separation of duties, keys, public access, trail."""

from __future__ import annotations

from collections.abc import Iterator

from recommendations import words
from recommendations.decisions import Decisions
from recommendations.facts import CustomerFacts
from recommendations.setting_answers import with_besides
from recommendations.settings import Setting, from_hit
from recommendations.tables import Hit


def customer_settings(customer: CustomerFacts, decisions: Decisions) -> list[Setting]:
    """Settings of the whole engagement: Regions, separation of duties, keys, trail, alerts."""
    return list(each_customer_setting(customer, decisions))


def each_customer_setting(customer: CustomerFacts, decisions: Decisions) -> Iterator[Setting]:
    """One setting of the whole engagement after the other."""
    for setting in _each_customer_setting(customer, decisions):
        setting["answers"] = with_besides(setting["table"], setting["value"], setting["answers"], in_bucket=False)
        yield setting


def _each_customer_setting(customer: CustomerFacts, decisions: Decisions) -> Iterator[Setting]:
    regions = decisions.hit("residency")
    if regions:
        text = words.listed([customer.primary, *([customer.dr] if customer.dr else [])])
        refused = f"; not used: {words.listed(customer.refused)}" if customer.refused else ""
        yield from_hit(regions, "regions", name="regions", display=f"{text}{refused}")
    separation = decisions.hit("iam")
    if separation:
        yield from_hit(separation, "separation")
    keys = decisions.hit("keys")
    if keys:
        rotates = customer.rotation_days and customer.encryption == "customer-managed"
        turn = f", rotated every {words.days(customer.rotation_days or 0)}" if rotates else ""
        words_of = next(one for one in keys.table.outputs if one.name == "place").display[keys["place"]]
        yield from_hit(keys, "place", display=f"{words_of}{turn}", more=key_of_copies(customer, keys))
    public = decisions.hit("public_access")
    if public:
        yield from_hit(public, "block")
    trail = decisions.hit("trail")
    if trail:
        yield trail_setting(trail, customer)
    alerts = decisions.hit("alerts")
    if alerts:
        said = next(one for one in alerts.table.outputs if one.name == "receivers").display[alerts["receivers"]]
        told = said.replace("E-mail", f"E-mail to {words.listed(list(customer.alerts))}", 1) if customer.alerts else said
        yield from_hit(alerts, "receivers", display=told)


def key_of_copies(customer: CustomerFacts, keys: Hit) -> str:
    """Why copies in another Region have a key of that Region (aws-facts sections c and g)."""
    if customer.dr is None or keys["place"] not in ("beside", "keys-account"):
        return ""
    return (
        f"Copies in {customer.dr} have a key of that Region: S3, EBS and AWS Backup encrypt a copy anew, also between multi-Region keys, "
        "so one key for both Regions would only let one loss reach both."
    )


def trail_setting(hit: Hit, customer: CustomerFacts) -> Setting:
    """The trail with the days that its logs are kept, and the regime that asks for more than the customer did."""
    column = next(one for one in hit.table.outputs if one.name == "place").display[hit["place"]]
    lock = {"none": "", "GOVERNANCE": ", locked in governance mode", "COMPLIANCE": ", locked in compliance mode"}[hit["lock"]]
    kept = words.days(customer.log_days)
    return from_hit(
        hit, "place", display=f"{column}, validated, kept {kept}{lock}", value={"place": hit["place"], "days": customer.log_days}
    )
