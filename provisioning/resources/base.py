"""What a resource type says, and the words that all of them share.

A type reads what AWS has (`observe`), merges the design into it without losing what others put there (`after`), lists the calls that lead
from one to the other (`calls`), and names the dangers (`hazards`) and reasons not to (`gates`). Values have the shape of the AWS API.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from botocore.exceptions import ClientError

from provisioning.references import Unknown

T = TypeVar("T")
Properties = dict[str, Any]

OUR_TAGS = "stowplan:"
ASSESSMENT_TAG = "stowplan:assessment"
RESOURCE_TAG = "stowplan:resource"
DIGEST_TAG = "stowplan:digest"
# The id that the creating call of the same resource returns.
OWN_ID = Unknown("${self.id}")

DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "403", "Forbidden"})
THROTTLED = frozenset({"Throttled", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown"})


class Denied(Exception):
    """A read was not allowed. What it would have said is unknown, never "not configured"."""

    def __init__(self, action: str, message: str) -> None:
        self.action = action
        super().__init__(f"{action} is not allowed: {message}")


class ClientSource(Protocol):
    """Gives boto3 clients; `provisioning.clients.Clients` is the real one."""

    endpoint_url: str | None

    def client(self, service: str, account: str, region: str, *, once: bool = False) -> Any: ...
    def check(self, region: str) -> None: ...


class Survey:
    """What is listed once and used by many resources, e.g. the keys of an account. Thread-safe."""

    def __init__(self) -> None:
        self._found: dict[Any, Any] = {}
        self._locks: dict[Any, threading.Lock] = {}
        self._lock = threading.Lock()

    def once(self, name: Any, make: Callable[[], T]) -> T:
        """The result of `make()`, made for the first caller of `name`."""
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if name not in self._found:
                self._found[name] = make()
            found: T = self._found[name]
            return found


@dataclass(frozen=True)
class Place:
    """One resource and where it stands. `name` is None for what AWS names itself; `adopted` when the design says it is there already."""

    kind: str
    key: str
    account: str
    region: str
    slug: str
    name: str | None
    adopted: bool
    clients: ClientSource
    survey: Survey

    @property
    def address(self) -> str:
        return f"{self.kind}.{self.key}"

    def client(self, service: str, *, once: bool = False) -> Any:
        return self.clients.client(service, self.account, self.region, once=once)

    @property
    def own_name(self) -> str:
        """The name, for types that have one."""
        if self.name is None:
            raise ValueError(f"{self.address} has no name")
        return self.name


@dataclass(frozen=True)
class Observed:
    """What AWS has. `identity` is the name or id; `properties` is all of it, others' parts too. `blocked` says why not to touch it."""

    exists: bool
    identity: str | None = None
    properties: Properties = field(default_factory=dict)
    blocked: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What the fingerprint is taken of."""
        return {"exists": self.exists, "identity": self.identity, "properties": self.properties, "blocked": self.blocked}


ABSENT = Observed(exists=False)


@dataclass(frozen=True)
class Call:
    """One API call: boto3's client method and its parameters, the IAM action it needs, and what it does in words.

    `creates`: repeating it could make a second object, or is refused because the first is there. `clears_way`: the calls after it make
    no sense without it. `waits_for`: error codes that AWS
    documents for something just created that is not visible everywhere yet.
    """

    service: str
    operation: str
    parameters: Properties
    words: str
    action: str
    creates: bool = False
    clears_way: bool = False
    waits_for: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Hazard:
    """A danger that a person accepts by name. `kind`: data-loss, irreversible, foreign, cost or residency."""

    kind: str
    sentence: str


class ResourceType(ABC):
    """One AWS resource type. `quota` is how many of them AWS allows in an account and Region, where a design can come near it."""

    kind: str
    reads: frozenset[str]
    writes: frozenset[str]
    quota: int | None = None
    # Whether it has notes before it is there as well.
    notes_before: bool = False

    @abstractmethod
    def observe(self, place: Place) -> Observed:
        """What AWS has now. Raises Denied where a read is not allowed, ClientError for what cannot be told."""

    def observe_wanted(self, place: Place, want: Mapping[str, Any]) -> Observed:
        """The same for types without a name or tags, which are found by what the design wants of them."""
        return self.observe(place)

    @abstractmethod
    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        """The whole configuration as it will be: the design's, and what is kept of others'."""

    @abstractmethod
    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        """The same configuration in one spelling, so that two that mean the same are equal."""

    @abstractmethod
    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        """The calls that lead there, in order; none when it is there."""

    def created_id(self, response: Mapping[str, Any]) -> str | None:
        """The id in the answer to the creating call, for types that AWS names itself."""
        return None

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        """Dangers of these calls."""
        return []

    def gates(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[str]:
        """Reasons not to do it at all, which nobody can accept away."""
        return []

    def notes(self, place: Place, want: Mapping[str, Any], observed: Observed) -> list[str]:
        """What stays as others set it and works against the design."""
        return []

    def count(self, place: Place) -> int:
        """How many of this type the account has in this Region; asked only where there is a quota."""
        return 0

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        """(resource key, name or id) of what carries this assessment's tag, whether the design still has it or not."""
        return ()


def read(call: Callable[[], T], action: str, *, absent: Sequence[str] = ()) -> T | None:
    """The answer to a read; None when it fails with one of the codes in `absent`. Raises Denied, and ClientError for any other error."""
    try:
        return call()
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in absent:
            return None
        if code in DENIED:
            raise Denied(action, str(error)) from error
        raise


def merged_tags(want: Mapping[str, str], have: Mapping[str, str]) -> dict[str, str]:
    """Tags of the design over what is there; foreign tags and the digest of an earlier apply stay."""
    return {**have, **want}


def changed_tags(want: Mapping[str, str], have: Mapping[str, str]) -> dict[str, str]:
    """The tags of the design that are not there yet, or with another value."""
    return {key: value for key, value in want.items() if have.get(key) != value}


def foreign_tags(want: Mapping[str, str], have: Mapping[str, str]) -> list[str]:
    """Tags of others whose value gives way to the design's."""
    return sorted(key for key, value in want.items() if key in have and have[key] != value and not key.startswith(OUR_TAGS))


def tag_list(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """`[{"Key": …, "Value": …}]`, sorted by key."""
    return [{key: name, value: text} for name, text in sorted(tags.items())]


def tag_map(tags: Sequence[Mapping[str, str]] | None, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """The reverse of `tag_list`."""
    return {tag[key]: tag[value] for tag in tags or ()}


def tagged_resources(clients: ClientSource, account: str, region: str, slug: str, kind: str) -> list[tuple[str, str]]:
    """(resource key, ARN) of what the tagging API knows with this assessment's tag. `kind` is its type filter, e.g. `s3`. Raises Denied."""
    tagging = clients.client("resourcegroupstaggingapi", account, region)
    filters = [{"Key": ASSESSMENT_TAG, "Values": [slug]}]
    pages = tagging.get_paginator("get_resources").paginate(TagFilters=filters, ResourceTypeFilters=[kind])
    rows = read(lambda: [row for page in pages for row in page["ResourceTagMappingList"]], "tag:GetResources") or []
    found = [(tag_map(row["Tags"]).get(RESOURCE_TAG), row["ResourceARN"]) for row in rows]
    return [(key, arn) for key, arn in found if key is not None]


def belongs_to_another(place: Place, tags: Mapping[str, str]) -> str | None:
    """Why a resource that carries these tags is not this assessment's to change; None when it is."""
    owner = tags.get(ASSESSMENT_TAG)
    if owner is not None and owner != place.slug:
        return f"it belongs to the assessment {owner!r} (tag {ASSESSMENT_TAG})"
    resource = tags.get(RESOURCE_TAG)
    if owner is not None and resource not in (None, place.key):
        return f"it is the resource {resource!r} of this assessment already (tag {RESOURCE_TAG})"
    return None
