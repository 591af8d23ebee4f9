"""A design against accounts: what AWS has for each resource, what it will have, and the calls between. Plan, apply and evidence use it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from provisioning.names import NAMED, arn_of, name_of
from provisioning.references import ReferenceProblem, Unknown, dependencies, in_order, resolve
from provisioning.resources import TYPES
from provisioning.resources.base import (
    DIGEST_TAG,
    RESOURCE_TAG,
    Call,
    ClientSource,
    Denied,
    Hazard,
    Observed,
    Place,
    Properties,
    ResourceType,
    Survey,
)
from provisioning.target import NotObserved, Target
from provisioning.validate import problems

Given = TypeVar("Given")
Found = TypeVar("Found")
READERS = 8
TAKEN_OVER = (
    "{} is there already and carries no tag of ours: somebody else made it. It becomes part of this assessment: what the design "
    "sets replaces what they set, all the rest stays."
)
KEY_FORM = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


@dataclass(frozen=True)
class Item:
    """One resource: `want` is the design's, references filled in; `after` the whole configuration as it will be."""

    place: Place
    observed: Observed
    want: Properties
    after: Properties
    calls: tuple[Call, ...]
    blocked: str | None

    @property
    def type(self) -> ResourceType:
        return TYPES[self.place.kind]

    def hazards(self) -> list[Hazard]:
        """Dangers of the calls; none where nothing is called."""
        if self.blocked or not self.calls:
            return []
        found = self.type.hazards(self.place, self.want, self.after, self.observed)
        if self.taken_over and not self.place.adopted:
            found = [Hazard("foreign", TAKEN_OVER.format(self.observed.identity)), *found]
        return found

    @property
    def taken_over(self) -> bool:
        """Whether something is there already that is none of ours yet: said in the answers, or of the name that we would give it.

        What AWS names itself is found by our tags alone, so it is never somebody else's. A type without tags says it in its own hazards.
        """
        tags = self.observed.properties.get("Tags") or {}
        return self.observed.exists and not self.blocked and "Tags" in self.want and tags.get(RESOURCE_TAG) != self.place.key

    def notes(self) -> list[str]:
        """What stays as others set it and works against the design."""
        told = self.observed.exists or self.type.notes_before
        return self.type.notes(self.place, self.want, self.observed) if told and not self.blocked else []


class Situation:
    """All resources of a design in one target. Raises ReferenceProblem and TargetProblem for a design that cannot be placed."""

    # How many read at a time.
    readers = READERS

    def __init__(self, design: Mapping[str, Any], target: Target, clients: ClientSource) -> None:
        self.design, self.target, self.clients = design, target, clients
        self.digest, self.slug = str(design["digest"]), str(design["engagement"]["slug"])
        for resource in design["resources"]:
            _check_shape(resource)
        self.resources: dict[str, Mapping[str, Any]] = {resource["key"]: resource for resource in design["resources"]}
        self.order = in_order(design["resources"])
        self.needs = dependencies(design["resources"])
        survey = Survey()
        self.places = {key: self._place(resource, survey) for key, resource in self.resources.items()}
        self.observed: dict[str, Observed] = {}
        self._refused: dict[str, str] = {}
        for key in self.order:
            self.want(key)

    def observe_all(self) -> None:
        """Reads every resource, several at a time. Raises NotObserved."""
        self.observed = dict(zip(self.order, side_by_side(self._observe, self.order, self.readers), strict=True))
        self._refuse_over_quota()

    def observe_again(self, key: str) -> Observed:
        """Reads one resource anew, nothing from an earlier listing."""
        self.places[key] = replace(self.places[key], survey=Survey())
        self.observed[key] = self._observe(key)
        return self.observed[key]

    def created(self, key: str, identity: str) -> None:
        """Notes the id that AWS gave to what was just created."""
        self.observed[key] = Observed(True, identity, self.observed[key].properties)

    def want(self, key: str) -> Properties:
        """The design's properties of a resource with references filled in; Unknown where AWS has not assigned the value."""
        found: Properties = resolve(self.resources[key]["properties"], lambda variable: self._variable(key, variable))
        return found

    def item(self, key: str) -> Item:
        """Where one resource stands and what is to be done, by what is known now."""
        place, observed, want = self.places[key], self.observed[key], self.want(key)
        reason = observed.blocked or self._refused.get(key) or self._waits(key)
        if reason:
            return Item(place, observed, want, {}, (), reason)
        kind = TYPES[place.kind]
        after = kind.after(place, want, observed)
        gates = kind.gates(place, want, after, observed)
        if gates:
            return Item(place, observed, want, {}, (), "; ".join(gates))
        calls = kind.calls(place, after, observed)
        if calls and "Tags" in after:
            # The digest says which design made or changed a resource: where nothing changes it stays.
            after = {**after, "Tags": {**after["Tags"], DIGEST_TAG: self.digest}}
            calls = kind.calls(place, after, observed)
        wrong = problems(place, calls)
        if wrong:
            return Item(place, observed, want, {}, (), "; ".join(wrong))
        return Item(place, observed, want, after, tuple(calls), None)

    def items(self) -> Iterable[Item]:
        """All resources, in order of their dependencies."""
        return (self.item(key) for key in self.order)

    def fingerprint(self, key: str) -> str:
        """A hash of what was observed, the same for two answers that mean the same."""
        observed = self.observed[key]
        seen: dict[str, Any] = {"exists": observed.exists, "identity": observed.identity, "blocked": observed.blocked is not None}
        if observed.exists and not observed.blocked:
            seen["properties"] = TYPES[self.places[key].kind].canonical(observed.properties)
        return fingerprint_of(seen)

    def _place(self, resource: Mapping[str, Any], survey: Survey) -> Place:
        kind, key = resource["type"], resource["key"]
        if kind not in TYPES:
            raise ReferenceProblem(f"{key}: {kind} is no type that Stowplan makes; it makes {', '.join(TYPES)}")
        account, region, adopt = self.target.account_of(resource), resource["region"], resource.get("adopt")
        name = name_of(kind, account=account, region=region, slug=self.slug, key=key, adopt=adopt) if kind in NAMED else None
        return Place(kind, key, account, region, self.slug, name, bool(adopt), self.clients, survey)

    def _observe(self, key: str) -> Observed:
        place = self.places[key]
        try:
            return TYPES[place.kind].observe_wanted(place, self.want(key))
        except Denied as error:
            return Observed(True, place.name, blocked=f"what is there cannot be told: {error}")
        except ClientError as error:
            return Observed(True, place.name, blocked=f"what is there cannot be told: {error}")
        except BotoCoreError as error:
            raise NotObserved(f"{place.address} in {place.account}, {place.region}: {error}") from error

    def _waits(self, key: str) -> str | None:
        """Why a resource cannot be made yet: something that it needs is blocked."""
        for needed in sorted(self.needs[key]):
            reason = self.observed[needed].blocked or self._refused.get(needed) or self._waits(needed)
            if reason:
                return f"it needs {self.places[needed].address}, which is blocked"
        return None

    def _refuse_over_quota(self) -> None:
        """Blocks what would not fit into AWS's quotas, before the first write."""
        room: dict[tuple[str, str, str], int] = {}
        for key in self.order:
            place, kind = self.places[key], TYPES[self.places[key].kind]
            if kind.quota is None or self.observed[key].exists or self.observed[key].blocked:
                continue
            spot = (place.kind, place.account, place.region)
            if spot not in room:
                room[spot] = kind.quota - kind.count(place)
            room[spot] -= 1
            if room[spot] < 0:
                there = f"{kind.count(place)} are there and others of this plan come first"
                self._refused[key] = f"AWS allows {kind.quota} of {place.kind} in {place.account}, {place.region}: {there}"

    def _variable(self, key: str, variable: str) -> str | Unknown:
        place = self.places[key]
        if variable == "account":
            return place.account
        if variable == "region":
            return place.region
        name, _, attribute = variable.rpartition(".")
        if name == "account":
            if attribute not in self.target.accounts:
                raise ReferenceProblem(f"{key}: ${{{variable}}} names no account of the design")
            return self.target.accounts[attribute]
        other = self.places[name]
        identity = other.name or self._identity(name)
        if identity is None:
            return Unknown(f"${{{variable}}}")
        return arn_of(other.kind, identity, account=other.account, region=other.region) if attribute == "arn" else identity

    def _identity(self, key: str) -> str | None:
        observed = self.observed.get(key)
        return observed.identity if observed and observed.exists else None


def side_by_side(function: Callable[[Given], Found], things: Iterable[Given], readers: int = READERS) -> list[Found]:
    """What `function` gives for each, in their order; it reads, so several wait at a time. Raises what the first of them raises."""
    with ThreadPoolExecutor(readers) as pool:
        return list(pool.map(function, things))


def _check_shape(resource: Any) -> None:
    """Raises ReferenceProblem for a resource that is none. Its key becomes part of names and of file names."""
    if not isinstance(resource, Mapping) or not isinstance(resource.get("properties"), Mapping):
        raise ReferenceProblem("resources: each is an object with properties")
    for name in ("key", "type", "account_role", "region"):
        if not isinstance(resource.get(name), str):
            raise ReferenceProblem(f"resources: {name} is text, not {resource.get(name)!r}")
    if not KEY_FORM.fullmatch(resource["key"]):
        raise ReferenceProblem(f"{resource['key']!r}: a resource key has lower-case letters, digits and hyphens")


def fingerprint_of(value: Any) -> str:
    """SHA-256 of plain data as JSON with sorted keys, 64 hex digits."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
