"""AWS::CloudTrail::Trail: created, told what to record, and started. A new trail records nothing before StartLogging."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.names import TRAIL, arn_of
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

# Member of the design -> member of the answer. CloudTrail reads one of them back under another name.
MEMBERS = {
    "S3BucketName": "S3BucketName",
    "IsMultiRegionTrail": "IsMultiRegionTrail",
    "EnableLogFileValidation": "LogFileValidationEnabled",
    "IncludeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "KmsKeyId": "KmsKeyId",
}
# CloudTrail checks bucket and key at once, and a policy that was just written is not seen everywhere.
WAITS_FOR = frozenset(
    {
        "InsufficientS3BucketPolicyException",
        "InsufficientEncryptionPolicyException",
        "S3BucketDoesNotExistException",
        "KmsKeyNotFoundException",
    }
)


class CloudTrailTrail(ResourceType):
    kind = TRAIL
    reads = frozenset({"cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors", "cloudtrail:ListTags"})
    writes = frozenset(
        {
            "cloudtrail:CreateTrail",
            "cloudtrail:UpdateTrail",
            "cloudtrail:PutEventSelectors",
            "cloudtrail:StartLogging",
            "cloudtrail:AddTags",
        }
    )
    quota = 5

    def observe(self, place: Place) -> Observed:
        trail = next((row for row in self._listed(place) if row["Name"] == place.own_name), None)
        if trail is None:
            return ABSENT
        if trail.get("HomeRegion", place.region) != place.region:
            return Observed(True, place.own_name, blocked=f"trail {place.own_name} has its home in {trail['HomeRegion']}")
        client, arn = place.client("cloudtrail"), trail["TrailARN"]
        status = read(lambda: client.get_trail_status(Name=arn), "cloudtrail:GetTrailStatus") or {}
        selectors = read(lambda: client.get_event_selectors(TrailName=arn), "cloudtrail:GetEventSelectors") or {}
        tags = read(lambda: client.list_tags(ResourceIdList=[arn]), "cloudtrail:ListTags") or {}
        properties: Properties = {name: trail.get(answer) for name, answer in MEMBERS.items()}
        properties["IsLogging"] = bool(status.get("IsLogging"))
        properties["AdvancedEventSelectors"] = selectors.get("AdvancedEventSelectors") or None
        properties["Tags"] = mine = tag_map([tag for row in tags.get("ResourceTagList", ()) for tag in row.get("TagsList", ())])
        other = belongs_to_another(place, mine)
        return Observed(True, place.own_name, properties, f"trail {place.own_name}: {other}" if other else None)

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        have = observed.properties
        kept = {
            name: want[name] if want.get(name) is not None else have.get(name) for name in (*MEMBERS, "IsLogging", "AdvancedEventSelectors")
        }
        return {**kept, "Tags": merged_tags(want.get("Tags") or {}, have.get("Tags") or {})}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        return {**properties, "AdvancedEventSelectors": _selectors(properties.get("AdvancedEventSelectors"))}

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        want, have = self.canonical(after), self.canonical(observed.properties)
        name = place.own_name
        calls = _base(place, after, want, have) if observed.exists else [_create(name, after)]
        if want["AdvancedEventSelectors"] != have["AdvancedEventSelectors"]:
            parameters = {"TrailName": name, "AdvancedEventSelectors": after["AdvancedEventSelectors"]}
            calls.append(
                Call("cloudtrail", "put_event_selectors", parameters, "Say which events are recorded", "cloudtrail:PutEventSelectors")
            )
        if after["IsLogging"] and not have.get("IsLogging"):
            calls.append(Call("cloudtrail", "start_logging", {"Name": name}, "Start recording", "cloudtrail:StartLogging"))
        return calls

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        tags = foreign_tags(want.get("Tags") or {}, observed.properties.get("Tags") or {})
        return [Hazard("foreign", f"Tag {tag} of trail {place.own_name} changes.") for tag in tags]

    def count(self, place: Place) -> int:
        return len(self._listed(place))

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        client = clients.client("cloudtrail", account, region)
        for trail in _list(client):
            if trail.get("HomeRegion") != region or not trail["Name"].startswith("stowplan-"):
                continue
            arn = arn_of(TRAIL, trail["Name"], account=account, region=region)
            found = read(lambda arn=arn: client.list_tags(ResourceIdList=[arn]), "cloudtrail:ListTags") or {}  # type: ignore[misc]
            tags = tag_map([tag for row in found.get("ResourceTagList", ()) for tag in row.get("TagsList", ())])
            if tags.get(ASSESSMENT_TAG) == slug and RESOURCE_TAG in tags:
                yield tags[RESOURCE_TAG], trail["Name"]

    def _listed(self, place: Place) -> list[dict[str, Any]]:
        client = place.client("cloudtrail")
        return place.survey.once(("trails", place.account, place.region), lambda: _list(client))


def _list(client: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (read(lambda: client.describe_trails(), "cloudtrail:DescribeTrails") or {}).get("trailList", [])
    return found


def _create(name: str, after: Mapping[str, Any]) -> Call:
    parameters = {
        "Name": name,
        **{member: after[member] for member in MEMBERS if after[member] is not None},
        "TagsList": tag_list(after["Tags"]),
    }
    words = f"Create trail {name}" + (" for all Regions" if after["IsMultiRegionTrail"] else "")
    return Call("cloudtrail", "create_trail", parameters, words, "cloudtrail:CreateTrail", creates=True, waits_for=WAITS_FOR)


def _base(place: Place, after: Mapping[str, Any], want: Properties, have: Properties) -> list[Call]:
    calls = []
    if want["Tags"] != have["Tags"]:
        arn = arn_of(TRAIL, place.own_name, account=place.account, region=place.region)
        tags = changed_tags(after["Tags"], have["Tags"])
        calls.append(Call("cloudtrail", "add_tags", {"ResourceId": arn, "TagsList": tag_list(tags)}, "Tag the trail", "cloudtrail:AddTags"))
    changed = {name: after[name] for name in MEMBERS if want[name] != have[name]}
    if changed:
        parameters = {"Name": place.own_name, **changed}
        words = f"Change {', '.join(changed)} of the trail"
        calls.append(Call("cloudtrail", "update_trail", parameters, words, "cloudtrail:UpdateTrail", waits_for=WAITS_FOR))
    return calls


def _selectors(selectors: Any) -> Any:
    """Event selectors in one spelling: fields and their values are sets."""
    if not selectors:
        return None
    found = []
    for selector in selectors:
        fields = [
            {name: compare.as_set(item) if name != "Field" else item for name, item in field.items() if item not in (None, [])}
            for field in selector.get("FieldSelectors", ())
        ]
        found.append({"Name": selector.get("Name", ""), "FieldSelectors": sorted(fields, key=compare.sort_key)})
    return sorted(found, key=compare.sort_key)
