"""Settings that an earlier design made on a bucket and this design no longer has. They are listed for a person, never taken away.

S3 takes no configuration without rules, it can only be deleted; and nothing is deleted but by undo. Whose a rule is its id says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provisioning.names import BUCKET
from provisioning.resources.bucket import by_name, lifecycle, policy, replication
from provisioning.situation import Item


def left_settings(item: Item) -> Iterator[tuple[str, str]]:
    """(property, sentence) for each setting of ours that the bucket keeps beyond the design."""
    if item.place.kind != BUCKET or not item.observed.exists or item.blocked:
        return
    name = item.place.own_name
    replicas = (item.after.get("Replication") or {}).get("Rules", ())
    designed = (item.want.get("Replication") or {}).get("Rules", ())
    rows: tuple[tuple[str, str, Sequence[Any], Sequence[Any], str, str], ...] = (
        (
            "LifecycleRules",
            "ID",
            item.after.get("LifecycleRules") or (),
            item.want.get("LifecycleRules") or (),
            lifecycle.OURS,
            "goes on moving and expiring objects",
        ),
        ("Replication", "ID", replicas, designed, replication.OURS, "goes on copying new objects, and the copies are paid for as before"),
        *(
            (member, "Id", item.after.get(member) or (), item.want.get(member) or (), by_name.OURS, effect)
            for member, effect in (
                ("Inventory", "goes on listing all objects, and the lists are paid for as before"),
                ("IntelligentTiering", "goes on moving unread objects into archive tiers"),
            )
        ),
        (
            "PolicyStatements",
            "Sid",
            item.after.get("PolicyStatements") or (),
            item.want.get("PolicyStatements") or (),
            policy.OURS,
            "goes on deciding who may use the bucket",
        ),
    )
    for setting, member, there, wanted, ours, effect in rows:
        kept = _ours(there, member, ours) - _ours(wanted, member, ours)
        if kept:
            said = f"{setting} of bucket {name} is no longer designed ({', '.join(sorted(kept))})"
            yield setting, f"{said}: it {effect}. It is left as it is; whoever wants it gone removes it in the account."


def _ours(rules: Sequence[Mapping[str, Any]], member: str, prefix: str) -> set[str]:
    return {str(rule.get(member)) for rule in rules if str(rule.get(member, "")).startswith(prefix)}
