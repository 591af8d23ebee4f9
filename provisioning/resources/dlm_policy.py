"""AWS::DLM::LifecyclePolicy: AWS gives the id and a repeated call makes a second one, so it is tagged when created and found by tag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.names import DLM_POLICY, arn_of
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
    changed_tags,
    foreign_tags,
    merged_tags,
    read,
)

MEMBERS = ("ExecutionRoleArn", "Description", "State", "PolicyDetails")
# DLM answers InvalidRequestException while it does not know a new role yet.
WAITS_FOR = frozenset({"InvalidRequestException"})
DETAILS = {"PolicyType": "EBS_SNAPSHOT_MANAGEMENT", "PolicyLanguage": "STANDARD", "ResourceLocations": ["CLOUD"]}
SETS = ("ResourceTypes", "ResourceLocations", "TargetTags", "TagsToAdd", "VariableTags", "AvailabilityZones")


class DlmPolicy(ResourceType):
    kind = DLM_POLICY
    reads = frozenset({"dlm:GetLifecyclePolicies", "dlm:GetLifecyclePolicy"})
    writes = frozenset({"dlm:CreateLifecyclePolicy", "dlm:UpdateLifecyclePolicy", "dlm:TagResource", "iam:PassRole"})
    quota = 100

    def observe(self, place: Place) -> Observed:
        mine = [row["PolicyId"] for row in self._listed(place) if _is(row, place.slug, place.key)]
        if not mine:
            return ABSENT
        if len(mine) > 1:
            return Observed(True, mine[0], blocked=f"{len(mine)} DLM policies carry this resource's tags: {', '.join(sorted(mine))}")
        dlm = place.client("dlm")
        found = read(lambda: dlm.get_lifecycle_policy(PolicyId=mine[0]), "dlm:GetLifecyclePolicy") or {}
        policy = found["Policy"]
        properties = {name: policy.get(name) for name in MEMBERS}
        return Observed(True, mine[0], {**properties, "Tags": policy.get("Tags") or {}})

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        kept = {name: want.get(name, observed.properties.get(name)) for name in MEMBERS}
        return {**kept, "Tags": merged_tags(want.get("Tags") or {}, observed.properties.get("Tags") or {})}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        details = properties.get("PolicyDetails")
        return {**properties, "PolicyDetails": None if details is None else _details(details)}

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        if not observed.exists:
            parameters = {**{name: after[name] for name in MEMBERS}, "Tags": after["Tags"]}
            words = f"Create the snapshot policy in {place.region}"
            return [
                Call("dlm", "create_lifecycle_policy", parameters, words, "dlm:CreateLifecyclePolicy", creates=True, waits_for=WAITS_FOR)
            ]
        want, have = self.canonical(after), self.canonical(observed.properties)
        calls = []
        if want["Tags"] != have["Tags"]:
            arn = arn_of(DLM_POLICY, str(observed.identity), account=place.account, region=place.region)
            tags = changed_tags(after["Tags"], have["Tags"])
            calls.append(Call("dlm", "tag_resource", {"ResourceArn": arn, "Tags": tags}, "Tag the snapshot policy", "dlm:TagResource"))
        changed = {name: after[name] for name in MEMBERS if want[name] != have[name]}
        if changed:
            parameters = {"PolicyId": observed.identity, **changed}
            words = f"Change {', '.join(changed)} of the snapshot policy"
            calls.append(Call("dlm", "update_lifecycle_policy", parameters, words, "dlm:UpdateLifecyclePolicy", waits_for=WAITS_FOR))
        return calls

    def created_id(self, response: Mapping[str, Any]) -> str | None:
        return str(response["PolicyId"])

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        if not observed.exists:
            return []
        found = [
            Hazard("foreign", f"Tag {tag} of DLM policy {observed.identity} changes.")
            for tag in foreign_tags(want.get("Tags") or {}, observed.properties["Tags"])
        ]
        for name, (now, then) in _shorter(after, observed.properties).items():
            found.append(
                Hazard(
                    "data-loss",
                    f"Schedule {name} of DLM policy {observed.identity} keeps {then} instead of {now}: snapshots beyond that are deleted.",
                )
            )
        return found

    def count(self, place: Place) -> int:
        return len(self._listed(place))

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        rows = _list(clients.client("dlm", account, region))
        return [(row["Tags"][RESOURCE_TAG], row["PolicyId"]) for row in rows if _is(row, slug, None)]

    def _listed(self, place: Place) -> list[dict[str, Any]]:
        dlm = place.client("dlm")
        return place.survey.once(("dlm-policies", place.account, place.region), lambda: _list(dlm))


def _list(dlm: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (read(lambda: dlm.get_lifecycle_policies(), "dlm:GetLifecyclePolicies") or {}).get("Policies", [])
    return found


def _is(row: Mapping[str, Any], slug: str, key: str | None) -> bool:
    tags = row.get("Tags") or {}
    return tags.get(ASSESSMENT_TAG) == slug and RESOURCE_TAG in tags and key in (None, tags[RESOURCE_TAG])


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    """Policy details in one spelling, with the defaults that DLM adds."""
    found = {**DETAILS, **_tidy(details)}
    found["Schedules"] = sorted((_schedule(item) for item in found.get("Schedules", ())), key=compare.sort_key)
    return found


def _schedule(schedule: Mapping[str, Any]) -> dict[str, Any]:
    found = {"CopyTags": False, **schedule}
    if "CreateRule" in found:
        found["CreateRule"] = {"Location": "CLOUD", **found["CreateRule"]}
    if "CrossRegionCopyRules" in found:
        found["CrossRegionCopyRules"] = sorted(
            ({"CopyTags": False, **rule} for rule in found["CrossRegionCopyRules"]), key=compare.sort_key
        )
    return found


def _tidy(value: Any) -> Any:
    """Without empty members, and with sets sorted."""
    if isinstance(value, Mapping):
        found = {name: _tidy(item) for name, item in value.items() if item not in (None, [], {})}
        return {name: sorted(item, key=compare.sort_key) if name in SETS else item for name, item in found.items()}
    return [_tidy(item) for item in value] if isinstance(value, list | tuple) else value


def _shorter(after: Mapping[str, Any], have: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Schedules that keep less than before, the archive tier included, by name: (what is kept now, what then)."""
    before = {item.get("Name"): _rules(item) for item in (have.get("PolicyDetails") or {}).get("Schedules", ())}
    found = {}
    for item in (after.get("PolicyDetails") or {}).get("Schedules", ()):
        now, then = before.get(item.get("Name")), _rules(item)
        if now and now != then and sum(map(_weight, then)) < sum(map(_weight, now)):
            found[str(item.get("Name"))] = (_kept(now), _kept(then))
    return found


UNIT_DAYS = {"DAYS": 1, "WEEKS": 7, "MONTHS": 30, "YEARS": 365}


def _rules(schedule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """How long a schedule keeps snapshots where they open at once, then in the archive tier; without what it has not."""
    tier = ((schedule.get("ArchiveRule") or {}).get("RetainRule") or {}).get("RetentionArchiveTier")
    return [rule for rule in (schedule.get("RetainRule"), tier) if rule]


def _weight(rule: Mapping[str, Any]) -> int:
    if rule.get("Count") is not None:
        return int(rule["Count"])
    return int(rule.get("Interval", 0)) * UNIT_DAYS.get(rule.get("IntervalUnit", "DAYS"), 1)


def _kept(rules: list[Mapping[str, Any]]) -> str:
    """`1 months and 11 months in the archive`."""
    texts = [
        f"{rule['Count']} snapshots"
        if rule.get("Count") is not None
        else f"{rule.get('Interval')} {str(rule.get('IntervalUnit', 'DAYS')).lower()}"
        for rule in rules
    ]
    return " and ".join([*texts[:1], *(f"{text} in the archive" for text in texts[1:])])
