"""How many KMS keys a design needs, Region by Region, and how many when one workload is decided otherwise: without making the resources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from recommendations.facts import CustomerFacts
from recommendations.parts import Part
from recommendations.places import Place, abroad, home, log_home
from recommendations.resources.build import rank
from recommendations.resources.keys import GENERAL, key_name

Key = tuple[str, str]  # (resource key, Region)
Group = tuple[Place, tuple[str, str]]


@dataclass
class _Group:
    """Workloads that share a snapshot policy: the two with the strictest schedules (order, part), and how many are copied abroad."""

    best: list[tuple[tuple[int, int, int], Part]] = field(default_factory=list)
    copied: int = 0

    def add(self, position: int, part: Part) -> None:
        self.best = sorted([*self.best, ((*rank(part), -position), part)], key=lambda one: one[0], reverse=True)[:2]
        self.copied += part.decisions.replicated

    def without(self, position: int, part: Part) -> _Group:
        return _Group([one for one in self.best if one[0][2] != -position], self.copied - part.decisions.replicated)


class KeyCount:
    """The keys of all workloads, counted by use."""

    def __init__(self, customer: CustomerFacts, parts: Sequence[Part]) -> None:
        self.customer, self.parts = customer, parts
        self.groups: dict[Group, _Group] = {}
        for position, part in enumerate(parts):
            if part.schedules:
                self.groups.setdefault(self._group(part), _Group()).add(position, part)
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
        for name in {self._group(one) for one in (old, part) if one.schedules}:
            group = self.groups.get(name, _Group())
            change.subtract(self._shared(name, group))
            changed = group.without(position, old) if old.schedules and self._group(old) == name else _Group(list(group.best), group.copied)
            if part.schedules and self._group(part) == name:
                changed.add(position, part)
            change.update(self._shared(name, changed))
        found = self.regions()
        for key, count in change.items():
            found[key[1]] += (self.uses[key] + count > 0) - (self.uses[key] > 0)
        return found

    def _group(self, part: Part) -> Group:
        return home(part.facts, self.customer), part.facts.tag

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
        """The key of the snapshots' copies in the second Region."""
        c = self.customer
        if not group.best or not group.copied or not c.dr:
            return ()
        first = group.best[0][1]
        if first.decisions.value("encryption", "mode") != "customer-key":
            return ()
        place = name[0]
        return ((key_name(first.facts.record_class or GENERAL, Place(place.role, place.alias, c.dr), True), c.dr),)
