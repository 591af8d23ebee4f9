"""How many KMS keys a design needs, Region by Region, and how many when one workload is decided otherwise: without making the resources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from recommendations import backups
from recommendations.facts import CustomerFacts
from recommendations.parts import Part
from recommendations.places import Place, abroad, home, log_home
from recommendations.resources.build import rank
from recommendations.resources.keys import GENERAL, key_name

Key = tuple[str, str]  # (resource key, Region)
Group = tuple[bool, Place, tuple[str, str]]  # (whether in vaults, where, tag)
Order = tuple[int, ...]


@dataclass(frozen=True)
class _Member:
    """One workload of a group: its order, where its copies stand, and whether it asks for keys of the customer's."""

    order: Order
    part: Part
    copies: tuple[Place, ...]
    keyed: bool


@dataclass
class _Group:
    """Workloads that share a snapshot policy or backup plan: the two with the strictest schedules, and counts of what they ask for."""

    best: list[_Member] = field(default_factory=list)
    copies: Counter[Place] = field(default_factory=Counter)
    keyed: int = 0

    def add(self, one: _Member) -> None:
        self.best = sorted([*self.best, one], key=lambda member: member.order, reverse=True)[:2]
        self.copies.update(one.copies)
        self.keyed += one.keyed

    def without(self, one: _Member) -> _Group:
        left = Counter(self.copies)
        left.subtract(one.copies)
        return _Group([member for member in self.best if member.order != one.order], +left, self.keyed - one.keyed)


class KeyCount:
    """The keys of all workloads, counted by use."""

    def __init__(self, customer: CustomerFacts, parts: Sequence[Part]) -> None:
        self.customer, self.parts = customer, parts
        self.groups: dict[Group, _Group] = {}
        for position, part in enumerate(parts):
            member = self._member(position, part)
            if member:
                self.groups.setdefault(self._group(part), _Group()).add(member)
        self.uses: Counter[Key] = Counter(key for part in parts for key in self._own(part))
        self.uses.update(key for name, group in self.groups.items() for key in self._shared(name, group))

    def regions(self) -> Counter[str]:
        """Number of keys by Region."""
        return Counter(region for _, region in self.uses)

    def regions_with(self, position: int, part: Part) -> Counter[str]:
        """The same with another part in the place of the one at `position`."""
        old = self.parts[position]
        change: Counter[Key] = Counter(self._own(part))
        change.subtract(self._own(old))
        before, after = self._member(position, old), self._member(position, part)
        for name in {self._group(one.part) for one in (before, after) if one}:
            group = self.groups.get(name, _Group())
            change.subtract(self._shared(name, group))
            changed = group.without(before) if before and self._group(old) == name else _Group(list(group.best), group.copies, group.keyed)
            if after and self._group(part) == name:
                changed = _Group(list(changed.best), Counter(changed.copies), changed.keyed)
                changed.add(after)
            change.update(self._shared(name, changed))
        found = self.regions()
        for key, count in change.items():
            found[key[1]] += (self.uses[key] + count > 0) - (self.uses[key] > 0)
        return found

    def _group(self, part: Part) -> Group:
        return backups.in_vault(part.decisions), home(part.facts, self.customer), part.facts.tag

    def _member(self, position: int, part: Part) -> _Member | None:
        """A workload with EBS snapshots or recovery points; None for any other."""
        c, keyed = self.customer, part.decisions.value("encryption", "mode") == "customer-key"
        if backups.in_vault(part.decisions):
            order = backups.rank(backups.rules_of(part.facts, c, part.decisions))
            return _Member((*order, -position), part, backups.copy_places(part.facts, c, part.decisions), keyed)
        if not part.schedules:
            return None
        place = home(part.facts, c)
        copies = (Place(place.role, place.alias, c.dr),) if part.decisions.replicated and c.dr else ()
        return _Member((*rank(part), -position), part, copies, keyed)

    def _own(self, part: Part) -> Iterator[Key]:
        """Keys of the log bucket and of a workload's bucket and replica."""
        if part.decisions.value("encryption", "mode") != "customer-key":
            return
        c, purpose = self.customer, part.facts.record_class or GENERAL
        yield key_name(None, log_home(c)), c.primary
        if part.has_bucket:
            yield key_name(purpose, home(part.facts, c)), c.primary
            if part.decisions.replicated and c.dr:
                yield key_name(purpose, abroad(part.facts, c, c.dr), True), c.dr

    def _shared(self, name: Group, group: _Group) -> Iterable[Key]:
        """The keys of snapshot copies in the second Region, or of the vaults."""
        if not group.best:
            return ()
        in_vaults, place, _ = name
        first = group.best[0]
        copies = [one for one, count in group.copies.items() if count > 0]
        if in_vaults:
            keyed = group.keyed > 0 or any(one.name != place.name for one in copies)
            copies.append(place)
        else:
            keyed = first.keyed
        purpose = first.part.facts.record_class or GENERAL
        return [(key_name(purpose, one, one.region != self.customer.primary), one.region) for one in copies] if keyed else ()
