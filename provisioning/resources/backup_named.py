"""What restore testing and AWS Backup Audit Manager have in common: found by their derived name, an ARN that ends in an id of AWS's, one
call that makes them and one that changes them. Their names have letters, digits and `_` only."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from provisioning.resources.backup_vault import tags_of
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
)

OURS = "stowplan_"
# AWS Backup answers these while a new role, vault or bucket policy is not known everywhere yet, or an earlier change is under way.
WAITS_FOR = frozenset({"InvalidParameterValueException", "ResourceNotFoundException", "ConflictException"})
# The ARN, beside the properties of something that is there: tags are set by it, and it is compared with nothing.
ARN = "Arn"


class NamedBackup(ResourceType):
    """One such type. `members` are its properties beside the tags; `words` says what it is."""

    members: tuple[str, ...]
    words: str

    @abstractmethod
    def found(self, place: Place) -> tuple[str, Properties] | None:
        """(ARN, properties without tags) of what has the name; None where nothing has."""

    @abstractmethod
    def listed(self, backup: Any) -> Iterable[tuple[str, str]]:
        """(name, ARN) of all that the account has in a Region."""

    @abstractmethod
    def made(self, place: Place, after: Mapping[str, Any]) -> Call:
        """The call that makes it, tags and all."""

    @abstractmethod
    def changed(self, place: Place, after: Mapping[str, Any]) -> Call:
        """The call that changes all but the tags."""

    def observe(self, place: Place) -> Observed:
        found = self.found(place)
        if found is None:
            return ABSENT
        arn, settings = found
        tags = tags_of(place.client("backup"), arn)
        return Observed(True, place.own_name, {**settings, "Tags": tags, ARN: arn}, belongs_to_another(place, tags))

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        have = observed.properties
        settings = {name: want[name] if want.get(name) is not None else have.get(name) for name in self.members}
        return {**settings, "Tags": merged_tags(want.get("Tags") or {}, have.get("Tags") or {})}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        return {name: value for name, value in properties.items() if name != ARN and value not in (None, [], {}, "")}

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        if not observed.exists:
            return [self.made(place, after)]
        want, have = self.canonical(after), self.canonical(observed.properties)
        calls = []
        if want.get("Tags") != have.get("Tags"):
            tags = changed_tags(after["Tags"], have.get("Tags", {}))
            parameters = {"ResourceArn": observed.properties[ARN], "Tags": tags}
            calls.append(Call("backup", "tag_resource", parameters, f"Tag the {self.words}", "backup:TagResource"))
        if any(want.get(name) != have.get(name) for name in self.members):
            calls.append(self.changed(place, after))
        return calls

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        tags = foreign_tags(want.get("Tags") or {}, observed.properties.get("Tags") or {})
        return [Hazard("foreign", f"Tag {tag} of {self.words} {place.own_name} changes.") for tag in tags]

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        backup = clients.client("backup", account, region)
        for name, arn in self.listed(backup):
            if name.startswith(OURS):
                tags = tags_of(backup, arn)
                if tags.get(ASSESSMENT_TAG) == slug and RESOURCE_TAG in tags:
                    yield tags[RESOURCE_TAG], name


def every(call: Callable[..., Mapping[str, Any]], member: str, action: str) -> list[dict[str, Any]]:
    """All rows of a listing for which botocore has no paginator. Raises Denied."""
    rows: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        answer = read(partial(call, **token), action) or {}
        rows += answer.get(member) or ()
        if not answer.get("NextToken"):
            return rows
        token = {"NextToken": str(answer["NextToken"])}
