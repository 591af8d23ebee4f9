"""What undoing a run does to each resource, in reverse order of dependencies. Reads the account, writes nothing.

A setting is put back only while it is as the run left it; whatever somebody changed since is left and named. A resource that the run
created goes only while it is as the run left it, holds nothing, and nothing that stays refers to it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from provisioning import names
from provisioning.plan import call_of
from provisioning.resources import TYPES
from provisioning.resources.base import DIGEST_TAG, RESOURCE_TAG, Call, Denied, Observed, Properties
from provisioning.resources.compare import sort_key
from provisioning.situation import Situation, fingerprint_of
from provisioning.undo.removals import removal
from provisioning.undo.restores import irreversible, remainder, restoring

EMPTY: tuple[Any, ...] = (None, [], {}, "", False)
# What holds data that a key may have encrypted.
HOLDERS = (names.BUCKET, names.VAULT)


@dataclass(frozen=True)
class Change:
    """What one run did to one resource, by its plan and journal. `before` is None for what the run created.

    `whole` says that the run came to its end with the resource; where it did not, a setting may be neither as before nor as designed.
    """

    key: str
    before: Properties | None
    whole: bool


@dataclass
class Step:
    """One resource. `action`: delete, restore, keep (nothing is done, and why) or gone (there is nothing left to undo)."""

    key: str
    action: str
    calls: tuple[Call, ...] = ()
    # {"setting", "now", "before"} of what is put back, {"setting", "reason"} of what is left.
    settings: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, str]] = field(default_factory=list)
    reason: str = ""
    # What the resource looks like afterwards; None once it is gone.
    then: Properties | None = None


class Undoing:
    """All steps of one undo. `begun` are keys that this undo has begun to change: half of their settings may be put back already."""

    def __init__(self, situation: Situation, changes: Mapping[str, Change], begun: Collection[str] = ()) -> None:
        self.situation, self.changes, self.begun = situation, changes, begun
        self.done: dict[str, Step] = {}

    def steps(self) -> list[Step]:
        """Steps of every resource that the run changed, in the order in which they are taken."""
        return [self.step(key) for key in reversed(self.situation.order) if key in self.changes]

    def step(self, key: str) -> Step:
        """The step of one resource; those of the resources that need it were asked for before."""
        change, observed = self.changes[key], self.situation.observed[key]
        try:
            made = self._removed(change, observed) if change.before is None else self._restored(change, observed)
        except (Denied, ClientError) as error:
            made = Step(key, "keep", reason=f"whether it may go cannot be told: {error}", then=observed.properties)
        self.done[key] = made
        return made

    def _removed(self, change: Change, observed: Observed) -> Step:
        key, place = change.key, self.situation.places[change.key]
        if not observed.exists or "PendingDeletion" in (observed.blocked or ""):
            return Step(key, "gone", reason="it is not there any more")
        if observed.blocked:
            return self._kept(key, observed, observed.blocked)
        tags = observed.properties.get("Tags")
        if tags is not None and tags.get(RESOURCE_TAG) != key:
            return self._kept(key, observed, f"it does not carry the tag {RESOURCE_TAG} of this run any more")
        changed = [] if key in self.begun or not change.whole else self._changed(key, observed, Observed(False))
        if changed:
            return self._kept(key, observed, f"somebody changed {', '.join(changed)} since the run")
        needed = self._still_needed(key, observed)
        if needed:
            return self._kept(key, observed, needed)
        calls, reason = removal(place, observed)
        if reason:
            return self._kept(key, observed, reason)
        if not calls:
            return self._kept(key, observed, "AWS has no call that takes it away; it ends by itself")
        return Step(key, "delete", tuple(calls))

    def _restored(self, change: Change, observed: Observed) -> Step:
        key, place, kind = change.key, self.situation.places[change.key], TYPES[self.situation.places[change.key].kind]
        if not observed.exists or observed.blocked:
            return self._kept(key, observed, observed.blocked or "it is not there any more")
        then = self._then(key, Observed(True, observed.identity, change.before or {}))
        names_ = sorted({*then, *(change.before or {})})
        was, left, now = (kind.canonical(one) for one in (change.before or {}, then, observed.properties))
        step = Step(key, "gone", then=dict(observed.properties))
        target = dict(observed.properties)
        changed: set[str] = set()
        value: Any
        for name in names_:
            if name == "Tags":
                value, others = _tags(change.before or {}, then, observed.properties)
                if others:
                    step.kept.append({"setting": name, "reason": f"somebody changed the tags {', '.join(others)} since the run"})
                differs = value != observed.properties.get("Tags")
            else:
                value = (change.before or {}).get(name)
                differs = not same(name, was.get(name), now.get(name))
                if same(name, was.get(name), left.get(name)) or not differs:
                    continue
                if left.get(name) != now.get(name) and key not in self.begun and change.whole:
                    step.kept.append({"setting": name, "reason": "somebody changed it since the run"})
                    continue
            if not differs:
                continue
            reason = irreversible(place, observed, name, value)
            if reason:
                step.kept.append({"setting": name, "reason": reason})
                continue
            target[name] = value
            changed.add(name)
            step.settings.append({"setting": name, "now": observed.properties.get(name), "before": value})
        if changed:
            step.calls, step.action, step.then = tuple(restoring(place, observed, target, changed)), "restore", target
            step.kept += [{"setting": n, "reason": r} for n in sorted(changed) if (r := remainder(place, n, target.get(n)))]
        elif step.kept:
            step.action, step.reason = "keep", "nothing of it can be put back"
        return step

    def _then(self, key: str, before: Observed) -> Properties:
        """What the run left, worked out as the run did."""
        place = self.situation.places[key]
        then = dict(TYPES[place.kind].after(place, self.situation.want(key), before))
        if "Tags" in then:
            then["Tags"] = {**then["Tags"], DIGEST_TAG: self.situation.digest}
        return then

    def _changed(self, key: str, observed: Observed, before: Observed) -> list[str]:
        kind = TYPES[self.situation.places[key].kind]
        then, now = kind.canonical(self._then(key, before)), kind.canonical(observed.properties)
        return sorted(name for name, value in then.items() if value != now.get(name))

    def _still_needed(self, key: str, observed: Observed) -> str | None:
        """Why what stays would miss it; None where nothing does."""
        place, identity = self.situation.places[key], str(observed.identity)
        for other, needs in self.situation.needs.items():
            # A job has done its work: it needs nothing any more.
            if key not in needs or not self._stays(other) or self.situation.places[other].kind == names.BATCH:
                continue
            there = self.situation.places[other]
            text = sort_key(self._target(other))
            if identity in text or (place.name and place.name in text):
                return f"{there.address}, which stays, needs it"
        if place.kind == names.KEY:
            return self._encrypts(key)
        return None

    def _encrypts(self, key: str) -> str | None:
        """What a key may have encrypted and what stays: data that nobody could read without it."""
        users = {key}
        for other in self.situation.order:
            if self.situation.needs[other] & users and self.situation.places[other].kind == names.TRAIL:
                # A trail encrypts its files, which stand in the bucket that it needs.
                users |= {need for need in self.situation.needs[other] if self.situation.places[need].kind == names.BUCKET}
        direct = {other for other, needs in self.situation.needs.items() if key in needs}
        for other in sorted((direct | users) - {key}):
            place = self.situation.places[other]
            if place.kind in HOLDERS and self._stays(other) and self._holds(other):
                return f"data in {place.address} may be encrypted with it"
        return None

    def _holds(self, key: str) -> bool:
        place = self.situation.places[key]
        try:
            return removal(place, self.situation.observed[key])[1] is not None
        except (Denied, ClientError):
            return True

    def _stays(self, key: str) -> bool:
        observed = self.situation.observed[key]
        step = self.done.get(key)
        return observed.exists and "PendingDeletion" not in (observed.blocked or "") and not (step and step.action in ("delete",))

    def _target(self, key: str) -> Properties:
        step = self.done.get(key)
        return self.situation.observed[key].properties if step is None or step.then is None else step.then

    def _kept(self, key: str, observed: Observed, reason: str) -> Step:
        return Step(key, "keep", reason=reason, then=dict(observed.properties))

    def fingerprint(self, key: str) -> str:
        """What a step was worked out from and does: the same for the same account."""
        step = self.done[key]
        return fingerprint_of(
            [self.situation.fingerprint(key), step.action, step.reason, [call_of(call) for call in step.calls], step.settings, step.kept]
        )


def same(name: str, one: Any, other: Any) -> bool:
    """Whether two values in one spelling mean the same. Versioning that was never on is as good as suspended."""
    if name == "Versioning":
        one, other = (value or "Suspended" for value in (one, other))
    if name == "ObjectLock":
        one, other = (value or None for value in (one, other))
    return bool(one == other) or (one in EMPTY and other in EMPTY)


def _tags(before: Properties, then: Properties, now: Properties) -> tuple[dict[str, str], list[str]]:
    """(tags as they will be, tags that somebody changed since): each tag of the run's for itself."""
    was, left, have = (dict(one.get("Tags") or {}) for one in (before, then, now))
    target, others = dict(have), []
    for name in sorted(left):
        if left[name] == was.get(name):
            continue
        if have.get(name) not in (left[name], was.get(name)):
            others.append(name)
        elif name in was:
            target[name] = was[name]
        else:
            target.pop(name, None)
    return target, others
