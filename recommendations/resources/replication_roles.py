"""Roles that S3 assumes to replicate: one a bucket, which reads and writes nothing else, as long as an account's quota has room for that.

An account takes 1,000 roles (IAM quotas), and the policy of a key that many roles use 32 KB (aws-facts section g); where an account has
more replicated buckets than `MOST_OWN`, buckets that lie at the same ends share a role, `A_ROLE` of them at most, so that its policy stays
within IAM's 10,240 characters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from recommendations.facts import CustomerFacts
from recommendations.parts import Part
from recommendations.places import Place, home
from recommendations.resources.buckets import Keys, Pair, replication_role, role_key
from recommendations.resources.common import Resource

MOST_OWN = 250
A_ROLE = 20


@dataclass(frozen=True)
class Ends:
    """What buckets have in common that share a role: account and Region of both sides, the keys, and whether objects are locked."""

    source: Place
    destination: Place
    keys: Keys | None
    locked: bool


@dataclass
class ReplicationRoles:
    """The roles of one design. `crowded` are the places with more replicated buckets than roles of their own are made for."""

    customer: CustomerFacts
    crowded: frozenset[Place] = frozenset()
    shared: dict[Ends, list[list[Pair]]] = field(default_factory=dict)

    def expect(self, parts: Iterable[Part]) -> None:
        """Looks at all buckets that will be asked for."""
        counts = Counter(home(part.facts, self.customer) for part in parts if part.has_bucket and part.decisions.replicated)
        self.crowded = frozenset(place for place, count in counts.items() if count > MOST_OWN)

    def role_of(self, pair: Pair, ends: Ends) -> tuple[str, list[Resource]]:
        """Resource key of the role for a pair of buckets, and the role where it belongs to this pair alone."""
        if ends.source not in self.crowded:
            return role_key(pair.workload), [self._made([pair], ends)]
        groups = self.shared.setdefault(ends, [])
        if not groups or len(groups[-1]) == A_ROLE:
            groups.append([])
        groups[-1].append(pair)
        return role_key(groups[-1][0].workload), []

    def shared_roles(self) -> list[Resource]:
        """The roles that several buckets share, each named after the first."""
        return [self._made(pairs, ends) for ends, groups in self.shared.items() for pairs in groups]

    def _made(self, pairs: list[Pair], ends: Ends) -> Resource:
        return replication_role(role_key(pairs[0].workload), self.customer, pairs, ends.keys, locked=ends.locked, place=ends.source)
