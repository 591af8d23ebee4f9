"""What the policies and selections of a design would find today: how many volumes and instances carry the tag that each picks by.

Read when a plan is made. It is told and never decides: a count that changes makes no plan stale, since tags come and go with the volumes.
A read that is refused says "cannot be told", never none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from provisioning.resources.base import ClientSource, Denied, read
from provisioning.situation import Situation, side_by_side
from provisioning.tagged import INSTANCE, VOLUME, Pick, picks_of

COVERED, NOTHING, UNKNOWN, NOT_COUNTED = "covered", "nothing", "unknown", "not counted"
# What a reader of a plan is warned of.
ALARMING = (NOTHING, UNKNOWN)
ACTIONS = {VOLUME: "ec2:DescribeVolumes", INSTANCE: "ec2:DescribeInstances"}
# What is on its way out carries its tags for a while.
LIVING_VOLUMES = ["creating", "available", "in-use"]
LIVING_INSTANCES = ["pending", "running", "stopping", "stopped"]
# Most that EC2 answers at once (EC2 API Reference).
PAGES = {VOLUME: 500, INSTANCE: 1000}
Spot = tuple[str, str, str, str]


def coverage_of(situation: Situation) -> list[dict[str, Any]]:
    """{address, account, region, workloads, tag, what, count, state, sentence} for each tag of each policy or selection and each kind of
    resource; `count` is None where it cannot be told.
    """
    names = {workload["key"]: workload["name"] for workload in situation.design["workloads"]}
    picks = picks_of(situation.design)
    spots = sorted({spot for pick in picks for spot in _spots(situation, pick)})
    found = dict(zip(spots, side_by_side(lambda spot: _counted(situation.clients, spot), spots), strict=True))
    return [entry for pick in picks for entry in _entries(situation, pick, names, found)]


def living(ec2: Any, what: str, filters: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The volumes or instances that a filter finds, page by page, without those that are being deleted. Raises ClientError."""
    size = {"PageSize": PAGES[what]}
    if what == VOLUME:
        states = {"Name": "status", "Values": LIVING_VOLUMES}
        for page in ec2.get_paginator("describe_volumes").paginate(Filters=[*filters, states], PaginationConfig=size):
            yield from page["Volumes"]
        return
    states = {"Name": "instance-state-name", "Values": LIVING_INSTANCES}
    for page in ec2.get_paginator("describe_instances").paginate(Filters=[*filters, states], PaginationConfig=size):
        for reservation in page["Reservations"]:
            yield from reservation["Instances"]


def _spots(situation: Situation, pick: Pick) -> Iterator[Spot]:
    place = situation.places[pick.resource["key"]]
    for what in pick.whats:
        for key, _ in pick.tags:
            yield place.account, place.region, what, key


def _counted(clients: ClientSource, spot: Spot) -> Counter[str] | str:
    """How many carry each value of one tag key, or why that is not known. One listing serves all values of the key."""
    account, region, what, key = spot
    ec2 = clients.client("ec2", account, region)
    # In a filter `*` and `?` stand for anything, themselves too, and a backslash for what follows (EC2 API Reference, Filter): what it
    # finds beyond the key is not counted.
    pattern = key.replace("\\", "\\\\")
    try:
        rows = read(lambda: list(living(ec2, what, [{"Name": "tag-key", "Values": [pattern]}])), ACTIONS[what]) or []
    except (Denied, ClientError, BotoCoreError) as error:
        return str(error)
    return Counter(tag["Value"] for row in rows for tag in row.get("Tags", ()) if tag["Key"] == key)


def _entries(
    situation: Situation,
    pick: Pick,
    names: Mapping[str, str],
    counts: Mapping[Spot, Counter[str] | str],
) -> Iterator[dict[str, Any]]:
    place = situation.places[pick.resource["key"]]
    for tag, workloads in pick.tags.items():
        about: dict[str, Any] = {"address": pick.address, "account": place.account, "region": place.region, "workloads": list(workloads)}
        about["tag"] = {"Key": tag[0], "Value": tag[1]}
        whose = _listed([names.get(key, key) for key in workloads]) or pick.resource["key"]
        subject = f"{'Snapshots' if pick.is_policy else 'Backups'} of {whose}"
        for what in pick.whats or ("",):
            counted = counts.get((place.account, place.region, what, tag[0]), "")
            count = None if isinstance(counted, str) else counted[tag[1]]
            state = _state(pick, what, count)
            sentence = _sentence(state, subject, f"{tag[0]}={tag[1]}", what, place.region, count, str(counted), pick)
            yield {**about, "what": what or None, "count": count, "state": state, "sentence": sentence}


def _state(pick: Pick, what: str, count: int | None) -> str:
    if not what:
        return NOT_COUNTED
    if count is None:
        return UNKNOWN
    if count:
        return COVERED
    return NOT_COUNTED if pick.others or len(pick.whats) > 1 else NOTHING


def _sentence(state: str, subject: str, tag: str, what: str, region: str, count: int | None, why: str, pick: Pick) -> str:
    word = "policy" if pick.is_policy else "selection"
    if state == UNKNOWN:
        return f"{subject}: how many {what}s carry {tag} in {region} cannot be told: {why}"
    if state == NOTHING:
        return f"No {what} carries {tag} in {region}: the {word} would copy nothing. ({subject})"
    if state == COVERED:
        return f"{subject}: {_many(count or 0, what)} {tag}."
    if what:
        return f"{subject}: no {what} carries {tag} in {region}; what else it picks is not counted."
    return f"{subject}: what carries {tag} in {region} is not counted; only volumes and instances are."


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'s carry' if count != 1 else ' carries'}"


def _listed(names: list[str]) -> str:
    """`A, B and 3 more`."""
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:3])} and {len(names) - 3} more"
