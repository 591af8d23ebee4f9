"""Is a value what botocore's service model says? botocore itself checks types and required members only; this checks the rest."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "float": (int, float),
}


@cache
def service_model(name: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(name)


def problems(value: Any, shape: Shape, path: str = "") -> Iterator[str]:
    """One sentence for each place where `value` (plain data) is not what `shape` says: members, types, enums, ranges, patterns."""
    if isinstance(shape, StructureShape):
        yield from _structure(value, shape, path)
    elif isinstance(shape, ListShape):
        yield from _list(value, shape, path)
    elif isinstance(shape, MapShape):
        yield from _map(value, shape, path)
    else:
        yield from _scalar(value, shape, path)


def _structure(value: Any, shape: StructureShape, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path or shape.name} is not an object"
        return
    for name in shape.required_members:
        if name not in value:
            yield f"{_at(path, name)} is required"
    for name, item in value.items():
        if name not in shape.members:
            yield f"{_at(path, name)} is not a member of {shape.name}"
        elif item is not None:
            yield from problems(item, shape.members[name], _at(path, name))


def _list(value: Any, shape: ListShape, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{path} is not a list"
        return
    yield from _range(len(value), shape, path, "members")
    for index, item in enumerate(value):
        yield from problems(item, shape.member, f"{path}[{index}]")


def _map(value: Any, shape: MapShape, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} is not a map"
        return
    yield from _range(len(value), shape, path, "entries")
    for key, item in value.items():
        yield from problems(key, shape.key, f"key {key!r} of {path}")
        yield from problems(item, shape.value, _at(path, key))


def _scalar(value: Any, shape: Shape, path: str) -> Iterator[str]:
    kinds = KINDS.get(shape.type_name)
    if kinds is None:
        return
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        yield f"{path} is not of type {shape.type_name}"
        return
    enum = shape.metadata.get("enum")
    if enum and value not in enum:
        yield f"{path} is {value!r}, expected one of {', '.join(enum)}"
    if isinstance(value, str):
        yield from _range(len(value), shape, path, "characters")
        pattern = shape.metadata.get("pattern")
        # \p{...} classes are Java's; botocore uses them only for "any text".
        if pattern and r"\p{" not in pattern and not re.fullmatch(pattern, value):
            yield f"{path} does not match {pattern}"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _range(value, shape, path, "")


def _range(size: float, shape: Shape, path: str, unit: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{path} is {size} {unit}".rstrip() + f", at least {least}"
    if most is not None and size > most:
        yield f"{path} is {size} {unit}".rstrip() + f", at most {most}"


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
