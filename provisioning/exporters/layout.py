"""Where the resources of an export stand: their accounts and names, and which of them share a stack.

A stack holds what one account alias (or role) has in one Region. Two accounts may need each other's resources in turn (a bucket there
names a role here, a bucket here replicates there), so an account's stack is cut by level: all that a level needs is in levels before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from provisioning.exporters import ExportProblem
from provisioning.names import NAMED, TITLED, arn_of, name_of, title_of
from provisioning.references import dependencies, in_order
from provisioning.resources.base import DIGEST_TAG
from provisioning.target import ACCOUNT

Document = Mapping[str, Any]
Group = tuple[str, str, bool]


@dataclass(frozen=True)
class Placed:
    """One resource with its account and, for types that have one, its name. `label` is its account alias, else its role.

    `title` is the name that it carries beside an id of AWS's; its name or key where there is none.
    """

    resource: Document
    label: str
    account: str
    name: str | None
    title: str

    @property
    def key(self) -> str:
        return str(self.resource["key"])

    @property
    def kind(self) -> str:
        return str(self.resource["type"])

    @property
    def region(self) -> str:
        return str(self.resource["region"])

    @property
    def adopted(self) -> bool:
        return bool(self.resource["adopt"])

    @property
    def arn(self) -> str | None:
        return arn_of(self.kind, self.name, account=self.account, region=self.region) if self.name else None

    def group(self) -> Group:
        return self.label, self.region, self.adopted


@dataclass(frozen=True)
class Limits:
    """What fits into one stack: `weigh` gives the objects and bytes that a resource takes there."""

    objects: int
    bytes: int
    weigh: Callable[[Placed], tuple[int, int]]


@dataclass(frozen=True)
class Stack:
    """Resources that are made together. `level` orders the stacks; what exists already stands in stacks of its own (`adopted`).

    `place` is the same for all stacks of an account and Region: letters, digits and hyphens whatever the alias is.
    """

    name: str
    place: str
    account: str
    region: str
    level: int
    adopted: bool
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """All resources of a design by key, each in exactly one of the stacks, which stand in the order to make them."""

    slug: str
    digest: str
    accounts: Mapping[str, str]
    placed: Mapping[str, Placed]
    stacks: tuple[Stack, ...]

    def tags_of(self, placed: Placed) -> dict[str, str]:
        """The tags that apply gives: the design's and its digest. Empty for a type without tags."""
        tags = placed.resource["properties"].get("Tags")
        return {} if tags is None else {**tags, DIGEST_TAG: self.digest}


def lay_out(design: Document, account: str | None, limits: Limits) -> Layout:
    """The layout of a design (a design document). `account` takes all accounts' place.

    Raises ExportProblem where an account is not known, ReferenceProblem for references that lead nowhere.
    """
    accounts = _accounts(design, account)
    slug = str(design["engagement"]["slug"])
    placed = {resource["key"]: _place(resource, accounts, slug) for resource in design["resources"]}
    order, needs = in_order(design["resources"]), dependencies(design["resources"])
    levels = _levels(order, needs, placed)
    stacks = _stacks(order, levels, placed, limits)
    return Layout(slug, str(design["digest"]), accounts, placed, tuple(stacks))


def _accounts(design: Document, account: str | None) -> dict[str, str]:
    """Account ids by alias and by role, as plan fits them: the first account of a role is the role's."""
    if account is not None and not ACCOUNT.fullmatch(account):
        raise ExportProblem(f"--account {account!r}: expected 12 digits")
    found: dict[str, str] = {}
    for row in design["accounts"]:
        number = account or str(row["account"] or "")
        if ACCOUNT.fullmatch(number):
            found[row["alias"]] = number
            found.setdefault(row["role"], number)
    missing: dict[str, list[str]] = {}
    for resource in design["resources"]:
        label = _label(resource)
        if account:
            found.setdefault(label, account)
            found.setdefault(resource["account_role"], account)
        elif label not in found and resource["account_role"] not in found:
            missing.setdefault(label, []).append(resource["key"])
    if missing:
        raise ExportProblem(_missing(label, keys) for label, keys in sorted(missing.items()))
    return found


def _missing(label: str, keys: list[str]) -> str:
    more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
    return (
        f"account {label!r} of {keys[0]}{more}: the design has no account id for it, and names depend on it; "
        "answer aws_accounts in the engagement, or give --account ID to put everything into one account"
    )


def _label(resource: Document) -> str:
    return str(resource["account_alias"] or resource["account_role"])


def _place(resource: Document, accounts: Mapping[str, str], slug: str) -> Placed:
    kind, key, label = resource["type"], resource["key"], _label(resource)
    account = accounts.get(label) or accounts[resource["account_role"]]
    named = kind in NAMED
    name = name_of(kind, account=account, region=resource["region"], slug=slug, key=key, adopt=resource["adopt"]) if named else None
    title = title_of(account, resource["region"], slug, key) if kind in TITLED else name or key
    return Placed(resource, label, account, name, title)


def _levels(order: list[str], needs: Mapping[str, frozenset[str]], placed: Mapping[str, Placed]) -> dict[str, int]:
    """A level for each resource: not below what it needs, above what it needs of another group; few levels a group."""
    group = {key: placed[key].group() for key in order}
    level: dict[str, int] = {}
    for key in order:
        level[key] = max((level[one] + (group[one] != group[key]) for one in needs[key]), default=0)
    top: dict[Group, int] = {}
    for key in order:
        top[group[key]] = max(top.get(group[key], 0), level[key])
    users: dict[str, list[str]] = {key: [] for key in order}
    for key in order:
        for one in needs[key]:
            users[one].append(key)
    # As late as possible, but never away from what it needs of its own group (an alias stays with its key).
    for key in reversed(order):
        if any(group[one] == group[key] for one in needs[key]):
            continue
        latest = min((level[user] - (group[user] != group[key]) for user in users[key]), default=top[group[key]])
        level[key] = min(latest, top[group[key]])
    return level


def _stacks(order: Iterable[str], levels: Mapping[str, int], placed: Mapping[str, Placed], limits: Limits) -> list[Stack]:
    parts: dict[tuple[int, Group], list[list[Placed]]] = {}
    taken_up: dict[tuple[int, Group], tuple[int, int]] = {}
    for key in order:
        part = (levels[key], placed[key].group())
        chunks = parts.setdefault(part, [[]])
        objects, size = limits.weigh(placed[key])
        before = taken_up.get(part, (0, 0))
        if chunks[-1] and (before[0] + objects > limits.objects or before[1] + size > limits.bytes):
            chunks.append([])
            before = (0, 0)
        chunks[-1].append(placed[key])
        taken_up[part] = (before[0] + objects, before[1] + size)
    stacks: list[Stack] = []
    taken: set[str] = set()
    for level, group in sorted(parts):
        for chunk in parts[level, group]:
            place = _place_name(group)
            name = _unique(f"{place}-existing" if group[2] else place, taken)
            stacks.append(Stack(name, place, chunk[0].account, group[1], level, group[2], tuple(one.key for one in chunk)))
    return stacks


def _place_name(group: Group) -> str:
    """`nwc-prod-us-east-1`."""
    label, region, _ = group
    clean = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:40]
    if clean != label:
        clean = f"{clean or 'account'}-{hashlib.sha256(label.encode()).hexdigest()[:4]}"
    return f"{clean}-{region}"


def _unique(base: str, taken: set[str]) -> str:
    """`base`, then `base-2`."""
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name
