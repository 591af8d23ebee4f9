"""References between resources: `{"$sub": "${bucket-x.arn}/*"}` in a property. The rule is docs/decisions/0002.

A map with the one key `$sub` is a text with variables; every other value is plain data and never interpolated. Variables are `${account}`
and `${region}` (the resource's own), `${account.NAME}` with a role or an alias of the design's accounts, and `${KEY.arn}`, `${KEY.name}`,
`${KEY.id}` of another resource. What AWS has not assigned yet resolves to `Unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from provisioning.names import NAMED_BY_AWS, ROLE

POLICY_PROPERTIES = frozenset({"PolicyStatements", "AssumeRolePolicyDocument", "Policies", "Policy"})
ATTRIBUTES = ("arn", "name", "id")
VARIABLE = re.compile(r"\$\{([^{}]*)\}")


class ReferenceProblem(ValueError):
    """A reference to nothing, a variable that is none, or a circle. The message names the resource and the reference."""


@dataclass(frozen=True)
class Unknown:
    """A value that AWS assigns when the resource behind `text` is created. Equal to nothing that was read back."""

    text: str


@dataclass(frozen=True)
class Reference:
    """One `${KEY.attribute}`. `in_policy` when it stands in a policy document, `in_principal` when it says there who."""

    key: str
    attribute: str
    in_policy: bool
    in_principal: bool


def is_sub(value: Any) -> bool:
    """Whether a value is a text with variables."""
    return isinstance(value, Mapping) and len(value) == 1 and isinstance(value.get("$sub"), str)


def references_of(resource: Mapping[str, Any]) -> Iterator[Reference]:
    """All references of a design's resource to other resources. Raises ReferenceProblem for a variable that is none."""
    for path, text in _texts(resource["properties"], ()):
        for variable in VARIABLE.findall(text):
            name, _, attribute = variable.rpartition(".")
            if variable in ("account", "region") or name == "account":
                continue
            if not name or attribute not in ATTRIBUTES:
                expected = "account, region, account.NAME, KEY.arn, KEY.name or KEY.id"
                raise ReferenceProblem(f"{resource['key']}: ${{{variable}}} is no reference; expected {expected}")
            in_policy = bool(path) and path[0] in POLICY_PROPERTIES
            yield Reference(name, attribute, in_policy, in_policy and "Principal" in path)


def dependencies(resources: Sequence[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """For each resource key, the keys that must be there before it.

    Inside policy documents a reference orders only where it needs a value of AWS's own (key ARN, policy id), or where it names a role
    as principal of a bucket's statement: S3 refuses a principal that does not exist.
    Raises ReferenceProblem for a key that is not there or stands twice.
    """
    kinds: dict[str, str] = {}
    for resource in resources:
        if resource["key"] in kinds:
            raise ReferenceProblem(f"{resource['key']}: two resources have this key")
        kinds[resource["key"]] = resource["type"]
    graph: dict[str, frozenset[str]] = {}
    for resource in resources:
        needed = set()
        for reference in references_of(resource):
            kind = kinds.get(reference.key)
            if kind is None:
                text = f"${{{reference.key}.{reference.attribute}}}"
                raise ReferenceProblem(f"{resource['key']}: {text} refers to a resource that the design does not have")
            must_exist = kind in NAMED_BY_AWS or (reference.in_principal and kind == ROLE)
            if reference.key != resource["key"] and (must_exist or not reference.in_policy):
                needed.add(reference.key)
        graph[resource["key"]] = frozenset(needed)
    return graph


def in_order(resources: Sequence[Mapping[str, Any]]) -> list[str]:
    """Resource keys, each after what it depends on; otherwise in the design's order. Raises ReferenceProblem for a circle."""
    graph = dependencies(resources)
    rank = {resource["key"]: index for index, resource in enumerate(resources)}
    sorter: TopologicalSorter[str] = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        raise ReferenceProblem(f"these resources refer to each other in a circle: {' -> '.join(error.args[1])}") from error
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=rank.__getitem__)
        order.extend(ready)
        sorter.done(*ready)
    return order


def resolve(value: Any, lookup: Callable[[str], str | Unknown]) -> Any:
    """`value` with every `$sub` replaced. `lookup` gives the text of a variable; a text with an unknown part is Unknown as a whole."""
    if is_sub(value):
        return _substitute(value["$sub"], lookup)
    if isinstance(value, Mapping):
        return {key: resolve(item, lookup) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolve(item, lookup) for item in value]
    return value


def has_unknown(value: Any) -> bool:
    """Whether something in `value` is known only after a creation."""
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(has_unknown(item) for item in value)
    return isinstance(value, Unknown)


def _substitute(text: str, lookup: Callable[[str], str | Unknown]) -> str | Unknown:
    unknown = False

    def one(match: re.Match[str]) -> str:
        nonlocal unknown
        found = lookup(match.group(1))
        if isinstance(found, Unknown):
            unknown = True
            return match.group(0)
        return found

    result = VARIABLE.sub(one, text)
    return Unknown(result) if unknown else result


def _texts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if is_sub(value):
        yield path, value["$sub"]
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, path)
