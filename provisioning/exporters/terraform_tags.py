"""Snapshot policies with several tags of one key, for Terraform: its `target_tags` is a map, in which only the last of them would be left.

Such a policy becomes several, each with other keys, and so do the alarms that watch it; the note beside the files says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provisioning.exporters.layout import Document
from provisioning.names import DLM_POLICY
from provisioning.references import VARIABLE, is_sub
from provisioning.resources.base import RESOURCE_TAG

# Of an account and Region (EC2 User Guide, quotas of Data Lifecycle Manager).
MOST_POLICIES = 100


def split(design: Document) -> Document:
    """The design with a policy for each of several tags with one key, and the alarms of such a policy for each of them."""
    rows: Sequence[dict[str, Any]] = design["resources"]
    taken = {one["key"] for one in rows}
    parts = {one["key"]: list(_policies(one, taken)) for one in rows if one["type"] == DLM_POLICY and _repeated(one)}
    if not parts:
        return design
    found: list[dict[str, Any]] = []
    for one in rows:
        watched = next((key for key in _keys_in(one["properties"]) if key in parts), None) if one["key"] not in parts else None
        found += parts.get(one["key"], [one])
        if watched:
            found += [_renamed(one, watched, other["key"], taken) for other in parts[watched][1:]]
    return {**design, "resources": found}


def told(design: Document) -> list[str]:
    """Lines of Markdown about the policies that are split; none where none is."""
    shared = [one for one in design["resources"] if one["type"] == DLM_POLICY and _repeated(one)]
    if not shared:
        return []
    lines = [
        "",
        "Terraform's provider takes the target tags of a snapshot policy as a map, with one value for each key. Of the design's policies",
        f"{len(shared)} have several tags of one key and are written as several policies here, of equal settings, with their own alarms.",
    ]
    counts: dict[tuple[str, str], int] = {}
    for one in split(design)["resources"]:
        if one["type"] == DLM_POLICY:
            place = str(one["account_alias"] or one["account_role"]), str(one["region"])
            counts[place] = counts.get(place, 0) + 1
    for (account, region), count in sorted(counts.items()):
        if count > MOST_POLICIES:
            lines += [
                f"**Account {account} in {region} gets {count:,} policies by that, and AWS allows {MOST_POLICIES} a Region.** Have it",
                "raised first, or use `manage.py apply` or the CloudFormation export, whose policies take every tag.",
            ]
    return lines


def _repeated(policy: Document) -> bool:
    tags = policy["properties"]["PolicyDetails"].get("TargetTags", ())
    return len({tag["Key"] for tag in tags}) < len(tags)


def _policies(policy: dict[str, Any], taken: set[str]) -> Iterator[dict[str, Any]]:
    """The policy with the first tag of each key, then others under new keys with the second of each, and so on."""
    rounds: list[list[dict[str, str]]] = []
    seen: dict[str, int] = {}
    for tag in policy["properties"]["PolicyDetails"]["TargetTags"]:
        number = seen[tag["Key"]] = seen.get(tag["Key"], 0) + 1
        rounds += [[]] if number > len(rounds) else []
        rounds[number - 1].append(tag)
    for number, tags in enumerate(rounds):
        key = policy["key"] if not number else _free(policy["key"], taken)
        details = {**policy["properties"]["PolicyDetails"], "TargetTags": tags}
        yield _with_key(policy, key, {**policy["properties"], "PolicyDetails": details})


def _renamed(alarm: dict[str, Any], old: str, new: str, taken: set[str]) -> dict[str, Any]:
    properties = _pointed(alarm["properties"], old, new)
    properties["AlarmDescription"] = properties["AlarmDescription"].replace(f"{old}:", f"{new}:")
    return _with_key(alarm, _free(alarm["key"], taken), properties)


def _with_key(one: dict[str, Any], key: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    content = dict(properties)
    if "Tags" in content:
        content["Tags"] = {**content["Tags"], RESOURCE_TAG: key}
    return {**one, "key": key, "properties": content}


def _free(key: str, taken: set[str]) -> str:
    """A key that nothing has yet: `dlm-x--2`, cut to 60 characters before the number."""
    number = 2
    while (found := f"{key[:54]}--{number}") in taken:
        number += 1
    taken.add(found)
    return found


def _pointed(value: Any, old: str, new: str) -> Any:
    """The properties with references to one resource led to another."""
    if is_sub(value):
        return {"$sub": value["$sub"].replace("${" + old + ".", "${" + new + ".")}
    if isinstance(value, Mapping):
        return {name: _pointed(item, old, new) for name, item in value.items()}
    return [_pointed(item, old, new) for item in value] if isinstance(value, list | tuple) else value


def _keys_in(value: Any) -> Iterator[str]:
    """Keys of the resources that a value refers to."""
    if is_sub(value):
        yield from (variable.rpartition(".")[0] for variable in VARIABLE.findall(value["$sub"]))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _keys_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _keys_in(item)
