"""AWS::IAM::Role: trust, inline policies by name, attached managed policies. What others added to a role of ours stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.names import ROLE
from provisioning.resources import compare
from provisioning.resources.base import (
    ABSENT,
    ASSESSMENT_TAG,
    RESOURCE_TAG,
    Call,
    ClientSource,
    Hazard,
    Observed,
    Place,
    Properties,
    ResourceType,
    belongs_to_another,
    changed_tags,
    foreign_tags,
    merged_tags,
    read,
    tag_list,
    tag_map,
)

# IAM answers these for a moment after the role, or a principal in its trust, was made.
WAITS_FOR = frozenset({"NoSuchEntity", "MalformedPolicyDocument", "ConcurrentModification"})
INLINE_CHARACTERS = 10_240
MANAGED = 10


class IamRole(ResourceType):
    kind = ROLE
    reads = frozenset(
        {"iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRoles", "iam:ListRoleTags"}
    )
    writes = frozenset(
        {"iam:CreateRole", "iam:TagRole", "iam:UpdateRole", "iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy"}
    )

    def observe(self, place: Place) -> Observed:
        iam, name = place.client("iam"), place.own_name
        found = read(lambda: iam.get_role(RoleName=name), "iam:GetRole", absent=("NoSuchEntity",))
        if found is None:
            return ABSENT
        role = found["Role"]
        properties = {
            "Description": role.get("Description", ""),
            "AssumeRolePolicyDocument": role["AssumeRolePolicyDocument"],
            "Policies": _inline(iam, name),
            "ManagedPolicyArns": _attached(iam, name),
            "Tags": tag_map(role.get("Tags")),
        }
        other = belongs_to_another(place, properties["Tags"])
        return Observed(True, name, properties, f"role {name}: {other}" if other else None)

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        have = observed.properties
        attached = have.get("ManagedPolicyArns") or []
        return {
            "Description": want.get("Description", have.get("Description", "")),
            "AssumeRolePolicyDocument": want["AssumeRolePolicyDocument"],
            "Policies": {**(have.get("Policies") or {}), **(want.get("Policies") or {})},
            "ManagedPolicyArns": [*attached, *(arn for arn in want.get("ManagedPolicyArns") or () if arn not in attached)],
            "Tags": merged_tags(want.get("Tags") or {}, have.get("Tags") or {}),
        }

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        return {
            **properties,
            "AssumeRolePolicyDocument": compare.policy(properties.get("AssumeRolePolicyDocument")),
            "Policies": {name: compare.policy(document) for name, document in (properties.get("Policies") or {}).items()},
            "ManagedPolicyArns": sorted(properties.get("ManagedPolicyArns") or ()),
        }

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        want, have = self.canonical(after), self.canonical(observed.properties)
        name = {"RoleName": place.own_name}
        calls = _base(name, after, want, have) if observed.exists else [_create(name, after)]
        for title, document in after["Policies"].items():
            if want["Policies"][title] != have["Policies"].get(title):
                parameters = {**name, "PolicyName": title, "PolicyDocument": document}
                words = f"Say what the role may do ({title})"
                calls.append(Call("iam", "put_role_policy", parameters, words, "iam:PutRolePolicy", waits_for=WAITS_FOR))
        for arn in after["ManagedPolicyArns"]:
            if arn not in have["ManagedPolicyArns"]:
                parameters = {**name, "PolicyArn": arn}
                words = f"Give the role {arn.rpartition('/')[2]}"
                calls.append(Call("iam", "attach_role_policy", parameters, words, "iam:AttachRolePolicy", waits_for=WAITS_FOR))
        return calls

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        tags = foreign_tags(want.get("Tags") or {}, observed.properties.get("Tags") or {})
        return [Hazard("foreign", f"Tag {tag} of role {place.own_name} changes.") for tag in tags]

    def gates(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[str]:
        reasons = []
        length = sum(len(compare.sort_key(document)) for document in after["Policies"].values())
        if length > INLINE_CHARACTERS:
            reasons.append(f"role {place.own_name}: its inline policies have {length:,} characters, IAM allows {INLINE_CHARACTERS:,}")
        if len(after["ManagedPolicyArns"]) > MANAGED:
            reasons.append(f"role {place.own_name}: {len(after['ManagedPolicyArns'])} managed policies, IAM allows {MANAGED}")
        return reasons

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        iam = clients.client("iam", account, region)
        pages = iam.get_paginator("list_roles").paginate()
        names = read(lambda: [role["RoleName"] for page in pages for role in page["Roles"]], "iam:ListRoles") or []
        for name in names:
            if not name.startswith("stowplan-"):
                continue
            found = read(lambda name=name: iam.list_role_tags(RoleName=name), "iam:ListRoleTags", absent=("NoSuchEntity",))  # type: ignore[misc]
            tags = tag_map((found or {}).get("Tags"))
            if tags.get(ASSESSMENT_TAG) == slug and RESOURCE_TAG in tags:
                yield tags[RESOURCE_TAG], name


def _create(name: Mapping[str, Any], after: Mapping[str, Any]) -> Call:
    parameters = {
        **name,
        "AssumeRolePolicyDocument": after["AssumeRolePolicyDocument"],
        "Description": after["Description"],
        "Tags": tag_list(after["Tags"]),
    }
    words = f"Create role {name['RoleName']}"
    return Call("iam", "create_role", parameters, words, "iam:CreateRole", creates=True, waits_for=frozenset({"MalformedPolicyDocument"}))


def _base(name: Mapping[str, Any], after: Mapping[str, Any], want: Properties, have: Properties) -> list[Call]:
    calls = []
    if want["Tags"] != have["Tags"]:
        tags = changed_tags(after["Tags"], have["Tags"])
        calls.append(Call("iam", "tag_role", {**name, "Tags": tag_list(tags)}, "Tag the role", "iam:TagRole"))
    if want["Description"] != have["Description"]:
        calls.append(Call("iam", "update_role", {**name, "Description": after["Description"]}, "Describe the role", "iam:UpdateRole"))
    if want["AssumeRolePolicyDocument"] != have["AssumeRolePolicyDocument"]:
        parameters = {**name, "PolicyDocument": after["AssumeRolePolicyDocument"]}
        words = "Say which service may assume the role"
        calls.append(Call("iam", "update_assume_role_policy", parameters, words, "iam:UpdateAssumeRolePolicy", waits_for=WAITS_FOR))
    return calls


def _inline(iam: Any, name: str) -> dict[str, Any]:
    pages = iam.get_paginator("list_role_policies").paginate(RoleName=name)
    titles = read(lambda: [title for page in pages for title in page["PolicyNames"]], "iam:ListRolePolicies") or []
    found = {}
    for title in titles:
        answer = read(lambda title=title: iam.get_role_policy(RoleName=name, PolicyName=title), "iam:GetRolePolicy")  # type: ignore[misc]
        found[title] = (answer or {})["PolicyDocument"]
    return found


def _attached(iam: Any, name: str) -> list[str]:
    pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
    return read(lambda: [row["PolicyArn"] for page in pages for row in page["AttachedPolicies"]], "iam:ListAttachedRolePolicies") or []
