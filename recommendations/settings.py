"""The settings of a design: each with its value, its words, and the table, rule and answers that made it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from recommendations import schedules, words
from recommendations.backups import Rule, copy_places, rules_of
from recommendations.costs import money
from recommendations.decisions import VAULT_PATHS
from recommendations.facts import CustomerFacts, kept_days
from recommendations.overrides import RULE
from recommendations.parts import Part
from recommendations.places import abroad, home, key_home
from recommendations.resources.build import object_lock
from recommendations.setting_answers import with_besides
from recommendations.snapshot_tiers import zones
from recommendations.storage import CLASS_LABELS
from recommendations.tables import Hit
from recommendations.tracks import versions_days

Setting = dict[str, Any]
# Rows of `storage_class` that nearly always fire; they are told only where nothing else is to tell.
GENERAL = ("sc-foreseen", "sc-single-zone")


def answers_of(hit: Hit) -> list[str]:
    """The questions behind a hit. In a `first` table the rows above, which did not fire, took part as well."""
    if hit.row.id == RULE:
        return []
    rows = hit.table.rows
    seen = rows[: rows.index(hit.row) + 1] if hit.table.hit_policy == "first" else (hit.row,)
    tested = {name for row in seen for name in row.tests}
    return list(dict.fromkeys(answer for column in hit.table.inputs if column.name in tested for answer in column.answers))


def from_hit(hit: Hit, output: str, *, name: str = "", label: str = "", display: str = "", value: Any = None, more: str = "") -> Setting:
    """A setting of one output; words and label come from the table where none are given, `more` is added to the reason."""
    column = next(one for one in hit.table.outputs if one.name == output)
    chosen = hit[output]
    return {
        "name": name or hit.table.name,
        "label": label or column.setting or hit.table.title,
        "value": chosen if value is None else value,
        "display": display or column.display.get(chosen, str(chosen)),
        "table": hit.table.name,
        "rule": hit.row.id,
        "because": f"{hit.row.because} {more}".strip(),
        "answers": answers_of(hit),
    }


def workload_settings(part: Part, customer: CustomerFacts) -> list[Setting]:
    """All settings of one workload, in reading order."""
    return list(each_setting(part, customer))


def each_setting(part: Part, customer: CustomerFacts) -> Iterator[Setting]:
    """One setting of a workload after the other; nothing of the next is read before it is asked for."""
    for setting in _each_setting(part, customer):
        setting["answers"] = with_besides(setting["table"], setting["value"], setting["answers"], part.decisions.in_bucket)
        yield setting


def _each_setting(part: Part, customer: CustomerFacts) -> Iterator[Setting]:
    d = part.decisions
    protection = d.hit("protection")
    if protection:
        yield from_hit(protection, "path")
    way = d.hit("database_path")
    if way:
        yield from_hit(way, "method")
    if d.in_bucket:
        yield from _bucket_settings(part, customer)
    elif (copy := d.hit("replication")) is not None:
        yield replication_setting(copy, part, customer)
    encryption = d.hit("encryption")
    if encryption and not d.in_bucket:
        yield encryption_setting(encryption, part, customer)
    snapshots = d.hit("dlm")
    if snapshots:
        yield snapshot_setting(snapshots, part)
        yield from _tier_settings(part, customer)
    if d.path in VAULT_PATHS:
        yield from _vault_settings(part, customer)
    for table, output in (("dr_strategy", "strategy"), ("monitoring", "watch")):
        hit = d.hit(table)
        if hit:
            yield from_hit(hit, output)
    drill = d.hit("drills")
    if drill:
        first = {"within-30-days": "the first within 30 days", "within-90-days": "the first within 90 days"}[drill["first"]]
        cadence = next(one for one in drill.table.outputs if one.name == "cadence").display[drill["cadence"]]
        yield from_hit(drill, "cadence", display=f"{cadence}, {first}", value={"cadence": drill["cadence"], "first": drill["first"]})


def _bucket_settings(part: Part, customer: CustomerFacts) -> Iterator[Setting]:
    d = part.decisions
    yield storage_setting(part)
    versioning = d.hit("versioning")
    if versioning:
        yield from_hit(versioning, "versioning", display=versions_display(part), more=versions_reason(part))
    lock = d.hit("object_lock")
    if lock:
        found = object_lock(part)
        mode = {"GOVERNANCE": "Governance mode, named people can lift it", "COMPLIANCE": "Compliance mode, nobody can lift it"}
        display = f"{mode[found['Mode']]}, for {words.days(found['Days'])} from the writing of an object" if found else "None"
        yield from_hit(lock, "mode", display=display, value=found)
    encryption = d.hit("encryption")
    if encryption:
        yield encryption_setting(encryption, part, customer)
    copy = d.hit("replication")
    if copy:
        yield replication_setting(copy, part, customer)
    for table, output in (("existing_objects", "job"), ("logging", "objects"), ("inventory", "report")):
        hit = d.hit(table)
        if hit:
            yield from_hit(hit, output)
    tiers = d.hit("archive_tiers")
    if tiers and d.archive_tiers != "none":
        yield from_hit(tiers, "tiers")


def storage_setting(part: Part) -> Setting:
    """Classes by age. The rules only forbid; the cheapest lifecycle that is left was searched, and the reason says so."""
    d = part.decisions
    hits = d.hits["storage_class"]
    fired = hits if isinstance(hits, tuple) else (hits,)
    telling = [hit for hit in fired if hit.row.id not in GENERAL] or list(fired)
    first = telling[0]
    display = "; ".join(
        words.lifecycle(track.lifecycle) if track.id == "data" else f"{track.label}: {words.lifecycle(track.lifecycle)}"
        for track in d.tracks
    )
    reasons = " ".join(hit.row.because for hit in telling)
    value = [
        {"prefix": track.prefix, "steps": steps_of(track.lifecycle.steps), "expire_days": track.lifecycle.expire} for track in d.tracks
    ]
    return {
        "name": "storage_class",
        "label": "Storage class by age",
        "value": value,
        "display": display,
        "table": first.table.name,
        "rule": first.row.id,
        "rules": [hit.row.id for hit in fired],
        "because": " ".join(text for text in (reasons, compared(part), *fees(part), at_once(part)) if text),
        # A row that did not fire left its classes in.
        "answers": [answer for column in first.table.inputs for answer in column.answers],
    }


def compared(part: Part) -> str:
    """What the chosen classes cost, where every price is known."""
    costs = [track.lifecycle.bill().total() for track in part.decisions.tracks]
    if any(cost is None for cost in costs):
        return "Of the classes that are left these are the cheapest."
    chosen = sum((cost for cost in costs if cost is not None), Decimal(0))
    return f"Of the classes that are left these are the cheapest: USD {money(chosen)} a month."


def fees(part: Part) -> list[str]:
    """What is paid for leaving a class before its minimum, for the data, its old versions and its replicas."""
    found = []
    for track in part.decisions.tracks:
        kept = ((track.label, track.lifecycle), (f"{track.label}, old versions", track.old and track.old.lifecycle))
        for label, one in (*kept, (f"{track.label}, second Region", track.replica)):
            if one and one.fee:
                found.append(f"{label}: {one.fee}")
    return found


def at_once(part: Part) -> str:
    """A warning where an existing bucket without versions gets an expiry: what is old already goes for good."""
    expire = part.decisions.tracks[0].lifecycle.expire
    if not part.facts.bucket or expire is None or part.decisions.versioned:
        return ""
    return f"The bucket keeps no versions: what is older than {words.days(expire)} there today is deleted for good at once."


def steps_of(steps: tuple[tuple[str, int], ...]) -> list[dict[str, Any]]:
    """Steps of a lifecycle as in design.json."""
    return [{"storage_class": name, "from_day": day} for name, day in steps]


def versions_display(part: Part) -> str:
    old = part.decisions.tracks[0].old
    if old is None:
        return "Left as it is"
    locked = f", locked ones until their lock ends, {words.days(old.held)} at most" if old.held > old.days else ""
    return f"On; old versions stay for {words.days(old.days)}{locked}"


def versions_reason(part: Part) -> str:
    """Why the versions' days are not those that were asked for, where they are not."""
    facts, track = part.facts, part.decisions.tracks[0]
    if track.old is None or track.id != "data":
        return copies_reason(part)
    if facts.class_max_days is not None and facts.expire_days is not None and track.lifecycle.expire != facts.expire_days:
        return (
            f"An expired object leaves an old version; so that nothing outlives the {words.days(facts.class_max_days)} of its class, "
            f"old versions stay for {words.days(track.old.days)} and objects expire after {words.days(track.lifecycle.expire or 0)}."
        )
    if track.old.days > versions_days(facts):
        return "The lock holds them for longer than was asked for anyway, so they are kept long enough for a cold class to pay."
    return ""


def copies_reason(part: Part) -> str:
    """Which copies go earlier than asked, so that their old versions are gone within the maximum of their class."""
    facts, most = part.facts, part.facts.class_max_days
    early = [
        one.label.lower()
        for one in part.decisions.tracks
        if one.old and one.id in facts.copies and (one.lifecycle.expire or 0) < kept_days(one.id, facts.copies[one.id])
    ]
    if not early or most is None:
        return ""
    return (
        f"An expired object leaves an old version; so that nothing outlives the {words.days(most)} of its class, "
        f"{words.listed(early)} go that much earlier."
    )


def encryption_setting(hit: Hit, part: Part, customer: CustomerFacts) -> Setting:
    """How it is encrypted, and where the key lives."""
    facts = part.facts
    if hit["mode"] != "customer-key":
        return from_hit(hit, "mode")
    place = key_home(customer, home(facts, customer))
    rotation = f", rotated every {words.days(customer.rotation_days)}" if customer.rotation_days else ", never rotated"
    text = f"Customer managed KMS key of {facts.record_class or 'all data'} in {place.name}{rotation}"
    return from_hit(hit, "mode", display=text)


def replication_setting(hit: Hit, part: Part, customer: CustomerFacts) -> Setting:
    """The copy in another Region, and in which account it stands."""
    if hit["replication"] == "none" or customer.dr is None:
        return from_hit(hit, "replication")
    if not part.decisions.in_bucket:
        what = "Snapshots" if part.schedules else "Recovery points"
        places = (
            [] if part.schedules else [f"{one.region}, account {one.name}" for one in copy_places(part.facts, customer, part.decisions)]
        )
        return from_hit(hit, "replication", display=f"{what} are copied to {words.listed(places or [customer.dr])}")
    place = abroad(part.facts, customer, customer.dr)
    where = f"to {customer.dr}, account {place.name}"
    classes = dict.fromkeys(track.replica.steps[0][0] for track in part.decisions.tracks if track.replica)
    speed = "within 15 minutes (Replication Time Control)" if hit["replication"] == "crr-rtc" else "without a promised time"
    labels = words.listed([CLASS_LABELS[name] for name in classes])
    return from_hit(hit, "replication", display=f"Replicated {where}, into {labels}, {speed}")


def snapshot_setting(hit: Hit, part: Part) -> Setting:
    """The schedules of the snapshot policy."""
    if not part.schedules:
        return from_hit(hit, "every_hours", label="EBS snapshots", display="None")
    text = "; ".join(schedules.words(one) for one in part.schedules)
    kind = "all volumes of an instance at one moment" if part.facts.multi_volume else "volume by volume"
    value = [
        {"kind": one.kind, "every_hours": one.every_hours, "cron": one.cron, "count": one.count, "unit": one.unit} for one in part.schedules
    ]
    display = f"{text[0].upper()}{text[1:]}; from {part.start.time} UTC, {kind}, by the tag {'='.join(part.facts.tag)}"
    return from_hit(hit, "every_hours", label="EBS snapshots", display=display, value=value)


def _tier_settings(part: Part, customer: CustomerFacts) -> Iterator[Setting]:
    """Which snapshots are kept ready, and which are put away."""
    fast = part.decisions.hit("fast_restore")
    if fast:
        on = fast["fast"] == "on"
        text = f"The newest snapshot, in {words.listed(list(zones(customer)))}" if on else ""
        more = "In which zones the servers run is not asked: check that these are theirs." if on else ""
        yield from_hit(fast, "fast", display=text, more=more)
    archive = part.decisions.hit("snapshot_archive")
    if archive:
        yield from_hit(archive, "archive")


def _vault_settings(part: Part, customer: CustomerFacts) -> Iterator[Setting]:
    d, facts = part.decisions, part.facts
    plan = d.hit("backup_plan")
    if plan:
        column = next(one for one in plan.table.outputs if one.name == "plan").display[plan["plan"]]
        rules = rules_of(facts, customer, d)
        text = f"{column}; {kept_by(rules)}; from {begins(rules)}, by the tag {'='.join(facts.tag)}" if rules else column
        made = [{"kind": one.kind, "schedule": one.cron, "zone": one.zone, "days": one.days} for one in rules]
        value = {"plan": plan["plan"], "keep": dict(facts.copies), "rules": made}
        yield from_hit(plan, "plan", display=text, value=value)
        lock = d.hit("vault_lock")
        if lock:
            column = next(one for one in lock.table.outputs if one.name == "lock").display[lock["lock"]]
            held = [one.days for one in rules_of(facts, customer, d)]
            locked = lock["lock"] != "none" and bool(held)
            yield from_hit(lock, "lock", display=f"{column}; kept {words.days(min(held))} to {words.days(max(held))}" if locked else column)


def kept_by(rules: Sequence[Rule]) -> str:
    """`hourly kept 2 days and daily kept 35 days`."""
    return words.listed([f"{one.kind} kept {words.days(one.days)}" for one in rules if not one.continuous])


def begins(rules: Sequence[Rule]) -> str:
    """`01:00 Europe/Berlin`: the start of the day's copy, as the customer's clock shows it."""
    minute, hour = rules[-1].cron.removeprefix("cron(").split()[:2]
    return f"{int(hour.partition('/')[0].replace('*', '0')):02d}:{int(minute):02d} {rules[-1].zone}"
