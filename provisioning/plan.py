"""The plan: what is there against what the design wants, before anything is touched. Its form is Terraform's plan representation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from assessment.questionnaire import load_questionnaire
from provisioning.coverage import coverage_of
from provisioning.left_over import left_settings
from provisioning.names import BUCKET, KEY, VAULT
from provisioning.references import Unknown, has_unknown
from provisioning.resources import TYPES
from provisioning.resources.base import Call, ClientSource, Denied
from provisioning.situation import Item, Situation, fingerprint_of, side_by_side
from provisioning.target import TargetSpec, fit
from recommendations.design import Design
from recommendations.prices import UnknownPrice, load_price_book

SCHEMA = "stowplan/plan/1"
FORMAT = "1.2"
PROVIDER = "stowplan"
# What goes on costing money when a design no longer has it.
COSTS = {
    "AWS::S3::Bucket": "what it stores is paid for as before",
    "AWS::DLM::LifecyclePolicy": "it goes on making snapshots, which are paid for as before",
    "AWS::CloudTrail::Trail": "its data events and its log files are paid for as before",
    "AWS::IAM::Role": "it costs nothing",
    "AWS::Backup::BackupVault": "the recovery points in it are paid for as before",
    "AWS::SNS::Topic": "it goes on sending what it is told, and its messages are paid for as before",
    "AWS::Events::Rule": "it goes on reporting, at no cost of its own",
    "AWS::CloudWatch::Alarm": "it goes on watching, and is paid for as before",
    "AWS::Backup::RestoreTestingPlan": "it goes on restoring, and each restore is paid for as before",
    "AWS::Backup::ReportPlan": "it goes on writing reports into its bucket",
    "AWS::Backup::Framework": "its evaluations by AWS Config are paid for as before",
    "AWS::Backup::BackupPlan": "it goes on making recovery points, which are paid for as before",
}


def make_plan(design: Design, spec: TargetSpec, clients: ClientSource) -> dict[str, Any]:
    """plan.json as plain data. Reads the accounts, writes nothing.

    Raises TargetProblem where target and design do not fit or the credentials are of another account, ReferenceProblem for a design
    whose resources cannot be put in order, NotObserved when AWS does not answer.
    """
    target = fit(spec, design.document)
    situation = Situation(design.document, target, clients)
    clients.check(target.region)
    situation.observe_all()
    items = list(situation.items())
    left, unseen = no_longer_designed(situation)
    left += [_left_setting(item, name, sentence) for item in items for name, sentence in left_settings(item)]
    changes = [change_of(situation, item) for item in items]
    # Some dangers are counted in the account, e.g. the objects that an expiration meets.
    found = side_by_side(lambda item: list(hazards_of(item, design.document)), items)
    hazards = [hazard for some in found for hazard in some]
    return {
        "format_version": FORMAT,
        "design_digest": design.digest,
        "observed_fingerprint": observed_fingerprint(changes),
        "target": target.as_json(),
        "resource_changes": [*changes, *left],
        "hazards": hazards,
        "coverage": coverage_of(situation),
        "stowplan": {
            "schema": SCHEMA,
            "summary": summary_of([*changes, *left]),
            "lost_separation": list(target.lost),
            "notes": [*(note for item in items for note in item.notes()), *unseen],
        },
        "design": design.document,
    }


def observed_fingerprint(changes: list[dict[str, Any]]) -> str:
    """One hash over what was observed for all resources of the design."""
    return fingerprint_of({change["address"]: change["stowplan"]["fingerprint"] for change in changes})


def change_of(situation: Situation, item: Item) -> dict[str, Any]:
    """One entry of `resource_changes`."""
    place, observed = item.place, item.observed
    before = observed.properties if observed.exists and observed.properties else None
    after = settled(item)
    change: dict[str, Any] = {
        "actions": actions_of(item),
        "before": before,
        "after": before if item.blocked else known(after),
        "after_unknown": {} if item.blocked else unknown(after) or {},
    }
    if item.taken_over:
        change["importing"] = {"id": place.own_name}
    words: dict[str, Any] = {
        "account": place.account,
        "account_role": situation.resources[place.key]["account_role"],
        "region": place.region,
        "id": observed.identity or place.name,
        "fingerprint": situation.fingerprint(place.key),
        "needs": sorted(situation.places[key].address for key in situation.needs[place.key]),
        "calls": [call_of(call) for call in item.calls],
    }
    if item.blocked:
        words["blocked"] = item.blocked
    entry = {"address": place.address, "mode": "managed", "type": place.kind, "name": place.key, "provider_name": PROVIDER}
    return {**entry, "change": change, "stowplan": words}


def actions_of(item: Item) -> list[str]:
    """Terraform's word for what happens."""
    if item.blocked or not item.calls:
        return ["no-op"]
    return ["update"] if item.observed.exists else ["create"]


def settled(item: Item) -> dict[str, Any]:
    """The configuration as it will be; members that mean the same as before keep AWS's spelling, so that a diff shows changes only."""
    have = item.type.canonical(item.observed.properties) if item.observed.properties and not item.blocked else {}
    want = item.type.canonical(item.after) if have else {}
    same = [name for name in item.after if name in have and want[name] == have[name]]
    return {**item.after, **{name: item.observed.properties.get(name) for name in same}}


def call_of(call: Call) -> dict[str, Any]:
    """A call as the plan shows it: in words, and as API call."""
    return {
        "words": call.words,
        "service": call.service,
        "operation": call.operation,
        "action": call.action,
        "parameters": shown(call.parameters),
    }


def hazards_of(item: Item, design: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Entries of `hazards`: the type's, and data that comes to stand in a country that the answers do not name."""
    for hazard in item.hazards():
        yield hazard_entry(hazard.kind, item.place.address, hazard.sentence)
    for region in data_regions(item):
        sentence = residency_sentence(item.place.address, region, design)
        if sentence:
            yield hazard_entry("residency", item.place.address, sentence)


def hazard_entry(kind: str, address: str, sentence: str) -> dict[str, Any]:
    """One hazard. The id is a function of what it says."""
    return {"id": hazard_id(kind, address, sentence), "kind": kind, "address": address, "sentence": sentence}


def hazard_id(kind: str, address: str, sentence: str) -> str:
    """`data-loss-` and 12 hex digits of the SHA-256 of kind, address and sentence."""
    return f"{kind}-{hashlib.sha256(chr(10).join((kind, address, sentence)).encode()).hexdigest()[:12]}"


def data_regions(item: Item) -> list[str]:
    """Regions in which this resource puts data that was not there before."""
    if item.blocked or not item.calls:
        return []
    if item.place.kind in (BUCKET, VAULT):
        return [item.place.region]
    schedules = (item.after.get("PolicyDetails") or {}).get("Schedules", ())
    copies = [rule.get("Target") or rule.get("TargetRegion") for schedule in schedules for rule in schedule.get("CrossRegionCopyRules", ())]
    return sorted({region for region in copies if isinstance(region, str)})


def residency_sentence(address: str, region: str, design: Mapping[str, Any]) -> str | None:
    """Why data may not stand in a Region, by the answer on residency; None when it may."""
    regions = load_questionnaire().regions
    answer = design["answers"].get("answers", {}).get("cmp_residency")
    allowed = answer.get("value") if isinstance(answer, Mapping) else answer
    country = regions.get(region)
    allowed = allowed or [regions.get(design["regions"]["primary"])]
    if allowed == "any" or country in allowed:
        return None
    return f"{address} puts data into {region} ({country}); the answers allow {', '.join(map(str, allowed))}."


def no_longer_designed(situation: Situation) -> tuple[list[dict[str, Any]], list[str]]:
    """What carries the assessment's tag and is not in the design: listed, never deleted. And sentences on what could not be looked at."""
    spots = sorted({(place.account, place.region) for place in situation.places.values()})
    designed = {(place.kind, place.account, place.key) for place in situation.places.values()}
    asked = [(account, region, kind) for account, region in spots for kind in TYPES]

    def owned(spot: tuple[str, str, str]) -> list[tuple[str, str]] | Denied:
        account, region, kind = spot
        try:
            return list(TYPES[kind].owned(situation.clients, account, region, situation.slug))
        except Denied as error:
            return error

    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    notes: list[str] = []
    for (account, region, kind), rows in zip(asked, side_by_side(owned, asked), strict=True):
        if isinstance(rows, Denied):
            notes.append(f"What earlier designs left of {kind} in {account}, {region} cannot be told: {rows}")
            continue
        for key, identity in rows:
            if (kind, account, key) not in designed:
                found.setdefault((kind, account, identity), _left(kind, key, identity, account, region))
    return list(found.values()), notes


def _left_setting(item: Item, name: str, sentence: str) -> dict[str, Any]:
    """An entry for a setting beside that of its resource, whose address it continues."""
    place = item.place
    words = {"account": place.account, "region": place.region, "id": item.observed.identity, "no_longer_designed": sentence}
    change: dict[str, Any] = {"actions": ["no-op"], "before": None, "after": None, "after_unknown": {}}
    entry = {"address": f"{place.address}.{name}", "mode": "managed", "type": place.kind, "name": place.key, "provider_name": PROVIDER}
    return {**entry, "change": change, "stowplan": words}


def _left(kind: str, key: str, identity: str, account: str, region: str) -> dict[str, Any]:
    sentence = f"{kind} {identity} is not in this design: {_cost(kind, region)}. It is left as it is."
    words = {"account": account, "region": region, "id": identity, "no_longer_designed": sentence}
    change: dict[str, Any] = {"actions": ["no-op"], "before": None, "after": None, "after_unknown": {}}
    entry = {"address": f"{kind}.{key}", "mode": "managed", "type": kind, "name": key, "provider_name": PROVIDER}
    return {**entry, "change": change, "stowplan": words}


def _cost(kind: str, region: str) -> str:
    if kind != KEY:
        return COSTS[kind]
    try:
        return f"it costs {load_price_book().price(region, 'kms/key_month')} USD a month, and what it encrypted needs it"
    except UnknownPrice:
        return "it is paid for every month, and what it encrypted needs it"


def summary_of(changes: list[dict[str, Any]]) -> dict[str, int]:
    """How many resources are created, updated, unchanged, blocked and no longer designed; adopted ones are counted beside."""
    counts = {"create": 0, "update": 0, "unchanged": 0, "blocked": 0, "no_longer_designed": 0, "adopt": 0}
    for change in changes:
        if "importing" in change["change"]:
            counts["adopt"] += 1
        if "no_longer_designed" in change["stowplan"]:
            counts["no_longer_designed"] += 1
        elif "blocked" in change["stowplan"]:
            counts["blocked"] += 1
        else:
            action = change["change"]["actions"][0]
            counts["unchanged" if action == "no-op" else action] += 1
    return counts


def known(value: Any) -> Any:
    """Plain data with null for what is known only after a creation."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Mapping):
        return {key: known(item) for key, item in value.items()}
    return [known(item) for item in value] if isinstance(value, list | tuple) else value


def unknown(value: Any) -> Any:
    """Terraform's `after_unknown`: true at the places of unknown values, everything else left out (false within lists)."""
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Mapping):
        return {key: unknown(item) for key, item in value.items() if has_unknown(item)}
    if isinstance(value, list | tuple) and has_unknown(value):
        return [unknown(item) if has_unknown(item) else False for item in value]
    return {}


def shown(value: Any) -> Any:
    """Plain data that says of an unknown value what it will be: `(known after apply: ${key-data.arn})`."""
    if isinstance(value, Unknown):
        return f"(known after apply: {value.text})"
    if isinstance(value, Mapping):
        return {key: shown(item) for key, item in value.items()}
    return [shown(item) for item in value] if isinstance(value, list | tuple) else value
