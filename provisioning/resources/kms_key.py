"""AWS::KMS::Key: AWS gives the id, so the key is tagged in the call that creates it and found again by its tags."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from provisioning.names import KEY
from provisioning.resources import compare
from provisioning.resources.base import (
    ABSENT,
    ASSESSMENT_TAG,
    OWN_ID,
    RESOURCE_TAG,
    Call,
    ClientSource,
    Denied,
    Hazard,
    Observed,
    Place,
    Properties,
    ResourceType,
    changed_tags,
    foreign_tags,
    merged_tags,
    read,
    tag_list,
    tag_map,
    tagged_resources,
)

# A principal that was just made is not known to KMS everywhere (aws-facts section n).
WAITS_FOR = frozenset({"MalformedPolicyDocumentException", "NotFoundException"})
POLICY_BYTES = 32 * 1024
TAG_WORDS = ("TagKey", "TagValue")


class KmsKey(ResourceType):
    kind = KEY
    reads = frozenset(
        {"kms:ListKeys", "kms:ListResourceTags", "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "tag:GetResources"}
    )
    writes = frozenset({"kms:CreateKey", "kms:TagResource", "kms:PutKeyPolicy", "kms:EnableKeyRotation", "kms:UpdateKeyDescription"})

    def observe(self, place: Place) -> Observed:
        kms = place.client("kms")
        mine = _find(place, kms)
        if not mine:
            return ABSENT
        if len(mine) > 1:
            return Observed(True, mine[0], blocked=f"{len(mine)} keys carry this resource's tags: {', '.join(sorted(mine))}")
        return self._observe(place, kms, mine[0])

    def _observe(self, place: Place, kms: Any, key_id: str) -> Observed:
        about = (read(lambda: kms.describe_key(KeyId=key_id), "kms:DescribeKey") or {})["KeyMetadata"]
        if about["KeyState"] not in ("Enabled", "Creating", "Updating"):
            return Observed(True, key_id, blocked=f"key {key_id} is in state {about['KeyState']}; enable it, or cancel its deletion, first")
        policy = read(lambda: kms.get_key_policy(KeyId=key_id, PolicyName="default"), "kms:GetKeyPolicy") or {}
        rotation = read(lambda: kms.get_key_rotation_status(KeyId=key_id), "kms:GetKeyRotationStatus") or {}
        properties = {
            "Description": about.get("Description", ""),
            "MultiRegion": bool(about.get("MultiRegion")),
            "EnableKeyRotation": bool(rotation.get("KeyRotationEnabled")),
            "RotationPeriodInDays": rotation.get("RotationPeriodInDays") if rotation.get("KeyRotationEnabled") else None,
            "Policy": json.loads(policy["Policy"]),
            "Tags": _tags(kms, key_id),
        }
        return Observed(True, key_id, properties)

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        have = observed.properties
        kept = {name: have.get(name) for name in ("Description", "MultiRegion", "EnableKeyRotation", "RotationPeriodInDays", "Policy")}
        merged = {**kept, **{name: want[name] for name in kept if name in want}}
        policy = dict(merged["Policy"])
        if "Policy" in want:
            policy["Statement"] = [*_foreign(want["Policy"], have.get("Policy")), *policy["Statement"]]
        if merged["EnableKeyRotation"] and merged["RotationPeriodInDays"] is None:
            merged["RotationPeriodInDays"] = 365
        return {**merged, "Policy": policy, "Tags": merged_tags(want.get("Tags") or {}, have.get("Tags") or {})}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        return {**properties, "Policy": compare.policy(properties.get("Policy"))}

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        if not observed.exists:
            return [_create(place, after), *_rotation(OWN_ID, after, {})]
        want, have = self.canonical(after), self.canonical(observed.properties)
        key_id = observed.identity
        calls = []
        if want["Tags"] != have["Tags"]:
            tags = changed_tags(want["Tags"], have["Tags"])
            parameters = {"KeyId": key_id, "Tags": tag_list(tags, *TAG_WORDS)}
            calls.append(Call("kms", "tag_resource", parameters, "Tag the key", "kms:TagResource"))
        if want["Description"] != have["Description"]:
            parameters = {"KeyId": key_id, "Description": after["Description"]}
            calls.append(Call("kms", "update_key_description", parameters, "Describe the key", "kms:UpdateKeyDescription"))
        if want["Policy"] != have["Policy"]:
            parameters = {"KeyId": key_id, "PolicyName": "default", "Policy": after["Policy"]}
            calls.append(Call("kms", "put_key_policy", parameters, "Say who may use the key", "kms:PutKeyPolicy", waits_for=WAITS_FOR))
        return calls + _rotation(key_id, after, have)

    def created_id(self, response: Mapping[str, Any]) -> str | None:
        return str(response["KeyMetadata"]["KeyId"])

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        if not observed.exists:
            return []
        tags = foreign_tags(want.get("Tags") or {}, observed.properties["Tags"])
        return [Hazard("foreign", f"Tag {tag} of key {observed.identity} changes.") for tag in tags]

    def gates(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[str]:
        reasons = []
        if observed.exists and observed.properties["MultiRegion"] != bool(after["MultiRegion"]):
            reasons.append(f"key {observed.identity}: whether a key has more than one Region is fixed when it is made")
        if len(compare.sort_key(after["Policy"])) > POLICY_BYTES:
            reasons.append("the key policy is longer than KMS's 32 KiB")
        return reasons

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        return [(key, key_id) for owner, key, key_id in _list_tagged(clients.client("kms", account, region)).ours if owner == slug]


class Tagged(NamedTuple):
    """Keys with our tags as (assessment, resource, key id), and keys whose tags may not be read."""

    ours: list[tuple[str, str, str]]
    unreadable: list[str]


def _find(place: Place, kms: Any) -> list[str]:
    """The ids of keys with this resource's tags. Raises Denied where it cannot be told that there is none: a second key would follow."""
    found: Tagged = place.survey.once(("kms-keys", place.account, place.region), lambda: _list_tagged(kms))
    mine = [key_id for slug, key, key_id in found.ours if (slug, key) == (place.slug, place.key)]
    if mine or not found.unreadable:
        return mine
    rows = tagged_resources(place.clients, place.account, place.region, place.slug, "kms")
    return [arn.rpartition("/")[2] for key, arn in rows if key == place.key]


def _list_tagged(kms: Any) -> Tagged:
    pages = kms.get_paginator("list_keys").paginate()
    keys = read(lambda: [key["KeyId"] for page in pages for key in page["Keys"]], "kms:ListKeys") or []
    result = Tagged([], [])
    for key_id in keys:
        try:
            tags = _tags(kms, key_id)
        except Denied:
            result.unreadable.append(key_id)
            continue
        if ASSESSMENT_TAG in tags and RESOURCE_TAG in tags:
            result.ours.append((tags[ASSESSMENT_TAG], tags[RESOURCE_TAG], key_id))
    return result


def _tags(kms: Any, key_id: str) -> dict[str, str]:
    found = read(lambda: kms.list_resource_tags(KeyId=key_id), "kms:ListResourceTags", absent=("NotFoundException",))
    return tag_map((found or {}).get("Tags"), *TAG_WORDS)


def _create(place: Place, after: Mapping[str, Any]) -> Call:
    parameters = {
        "Description": after["Description"] or "",
        "MultiRegion": bool(after["MultiRegion"]),
        "Policy": after["Policy"],
        "Tags": tag_list(after["Tags"], *TAG_WORDS),
    }
    words = f"Create a customer managed key in {place.region}"
    return Call("kms", "create_key", parameters, words, "kms:CreateKey", creates=True, waits_for=WAITS_FOR)


def _rotation(key_id: Any, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
    """Rotation is turned on or given another period; it is not turned off."""
    days = after["RotationPeriodInDays"]
    if not after["EnableKeyRotation"] or (have.get("EnableKeyRotation") and have.get("RotationPeriodInDays") == days):
        return []
    parameters = {"KeyId": key_id, "RotationPeriodInDays": days}
    words = f"Rotate the key every {days} days"
    return [Call("kms", "enable_key_rotation", parameters, words, "kms:EnableKeyRotation", waits_for=WAITS_FOR)]


def _foreign(designed: Mapping[str, Any] | None, there: Mapping[str, Any] | None) -> list[Any]:
    """Statements of others in a key policy: not ours by Sid, and not the one that every key begins with."""
    sids = {statement.get("Sid") for statement in (designed or {}).get("Statement", ())}
    return [
        statement
        for statement in (there or {}).get("Statement", ())
        if not str(statement.get("Sid", "")).startswith("Stowplan") and statement.get("Sid") not in sids
    ]
