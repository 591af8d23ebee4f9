"""Renaming of members between the shape of the AWS API and CloudFormation's; a member without a rule is an error, never dropped."""

from collections.abc import Callable, Mapping
from typing import Any

from provisioning.exporters import ExportProblem

Shape = Mapping[str, str | tuple[str, "Converter"]]
Converter = Callable[[Any], Any]


def renamed(value: Mapping[str, Any], shape: Shape, where: str) -> dict[str, Any]:
    """`value` with its members renamed by `shape`: name -> new name, or name -> (new name, converter of its value).

    Raises ExportProblem for a member that the shape does not have.
    """
    found: dict[str, Any] = {}
    for name, item in value.items():
        if name not in shape:
            raise ExportProblem(f"{where}.{name}: there is no translation of this setting; expected {', '.join(shape)}")
        rule = shape[name]
        new, convert = rule if isinstance(rule, tuple) else (rule, None)
        found[new] = convert(item) if convert else item
    return found


def each(shape: Shape, where: str) -> Converter:
    """A converter of a list of values of one shape."""
    return lambda items: [renamed(item, shape, where) for item in items]


def same(*names: str) -> dict[str, str]:
    """Members that have the same name on both sides."""
    return {name: name for name in names}
