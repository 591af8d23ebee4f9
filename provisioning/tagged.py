"""What a design picks by tag: snapshot policies and backup selections, and whose tag each one is. Pure.

A policy copies what carries its tag when it runs, so a tag that nothing carries is a policy that does nothing, in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioning.names import DLM_POLICY, SELECTION
from recommendations.fact_fields import tag_named

Tag = tuple[str, str]
VOLUME, INSTANCE = "volume", "instance"
CONDITION = "aws:ResourceTag/"


@dataclass(frozen=True)
class Pick:
    """One policy or selection. It copies what carries one of `tags`; each tag with the keys of its workloads.

    `whats` are the kinds of EC2 resource that it looks at (none for a selection of databases), `others` whether it looks at more.
    """

    resource: Mapping[str, Any]
    tags: Mapping[Tag, tuple[str, ...]]
    whats: tuple[str, ...]
    others: bool

    @property
    def address(self) -> str:
        return f"{self.resource['type']}.{self.resource['key']}"

    @property
    def is_policy(self) -> bool:
        return bool(self.resource["type"] == DLM_POLICY)


def picks_of(design: Mapping[str, Any]) -> list[Pick]:
    """All policies and selections of a design document that pick by tag, in the design's order."""
    tags = _tags_of_workloads(design)
    return [pick for one in design["resources"] if (pick := _pick(one, tags)) is not None]


def _pick(resource: Mapping[str, Any], tags: Mapping[str, Tag]) -> Pick | None:
    properties, kind = resource["properties"], resource["type"]
    if kind == DLM_POLICY:
        details = properties["PolicyDetails"]
        found = [(str(tag["Key"]), str(tag["Value"])) for tag in details.get("TargetTags") or ()]
        whats = [INSTANCE if one == "INSTANCE" else VOLUME for one in details.get("ResourceTypes") or ()]
        others = False
    elif kind == SELECTION:
        found = list(_selected(properties))
        arns = [str(one) for one in properties.get("Resources") or ["arn:aws:ec2:*:*:volume/*", "arn:aws:ec2:*:*:instance/*", "*"]]
        whats = [what for what in (VOLUME, INSTANCE) if any(_is_of(arn, what) for arn in arns)]
        others = not all(any(_is_of(arn, what) for what in whats) for arn in arns)
    else:
        return None
    if not found:
        return None
    keys = tuple(resource["workloads"])
    # A shared policy (decision 0009) has a tag of each workload; where the answers do not tell, each tag may be anybody's.
    own = {tag: tuple(key for key in keys if tags.get(key) == tag) for tag in found}
    return Pick(resource, {tag: own[tag] or keys if len(found) > 1 else keys for tag in found}, tuple(whats), others)


def _selected(properties: Mapping[str, Any]) -> Iterator[Tag]:
    for tag in properties.get("ListOfTags") or ():
        yield str(tag["ConditionKey"]), str(tag["ConditionValue"])
    equal: Sequence[Mapping[str, Any]] = (properties.get("Conditions") or {}).get("StringEquals") or []
    if len(equal) == 1 and str(equal[0]["ConditionKey"]).startswith(CONDITION):
        yield str(equal[0]["ConditionKey"]).removeprefix(CONDITION), str(equal[0]["ConditionValue"])


def _is_of(arn: str, what: str) -> bool:
    return bool(re.fullmatch(rf"arn:aws[a-z-]*:ec2:[^:]*:[^:]*:{what}/.*", arn))


def _tags_of_workloads(design: Mapping[str, Any]) -> dict[str, Tag]:
    """The tag of each workload by its key, as its answer says or as proposed."""
    found: dict[str, Tag] = {}
    for workload, answered in zip(design["workloads"], design["answers"].get("workloads") or (), strict=False):
        answer = (answered.get("answers") or {}).get("wl_tags")
        value = answer.get("value") if isinstance(answer, Mapping) else answer
        found[workload["key"]] = tag_named(value, workload["key"])
    return found
