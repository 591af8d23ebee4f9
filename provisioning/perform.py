"""Makes one API call of a plan: parameters filled in, throttling waited out, and never a second object where the first may be there."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from provisioning.references import Unknown
from provisioning.resources.base import DENIED, OWN_ID, THROTTLED, Call, Place

# Parameters that the API takes as JSON text; a plan shows them as documents.
JSON_TEXT = frozenset({"Policy", "PolicyDocument", "AssumeRolePolicyDocument", "AttributeValue", "EventPattern"})
# The first attempt of a creating call took effect after all.
THERE_ALREADY = frozenset({"BucketAlreadyOwnedByYou", "EntityAlreadyExists", "AlreadyExistsException", "TrailAlreadyExistsException"})
NOT_OURS = "BucketAlreadyExists"
# New roles, keys and policies are known everywhere after some ten seconds; half a minute is waited at most.
VISIBLE_AFTER = (1.0, 2.0, 4.0, 8.0, 8.0, 8.0)
THROTTLED_ATTEMPTS = 8
LONGEST_PAUSE = 20.0


class CallFailed(Exception):
    """AWS refused a call. `missing` is the IAM action that the caller lacks, when that was the reason."""

    def __init__(self, message: str, missing: str | None = None) -> None:
        self.missing = missing
        super().__init__(message)


class MayBeThere(Exception):
    """A creating call ended without an answer, or with "exists already": look before anything else."""


class NotReached(Exception):
    """AWS cannot be reached, or no longer knows the credentials: no further call makes sense."""


@dataclass(frozen=True)
class Pace:
    """How waiting is done. `settle` is how long something just created may take to be found by its tag."""

    sleep: Callable[[float], None] = time.sleep
    settle: float = 15.0


def perform(place: Place, call: Call, identity: str | None, *, fresh: bool, pace: Pace) -> dict[str, Any]:
    """The answer to a call. `identity` is the resource's id, for calls that follow its creation; `fresh` when this run made something
    that the call may depend on, so that "not known yet" is worth a wait.

    Raises CallFailed, MayBeThere, NotReached.
    """
    client = place.client(call.service, once=call.creates)
    method = getattr(client, call.operation)
    parameters = filled(call.parameters, identity)
    visible = iter(VISIBLE_AFTER if fresh else ())
    throttled = 0
    while True:
        try:
            answer: dict[str, Any] = method(**parameters)
            return answer
        except ClientError as error:
            pause = _pause(error, call, visible, throttled)
            throttled += _code(error) in THROTTLED
        except ConnectionError as error:
            raise NotReached(str(error)) from error
        except HTTPClientError as error:
            if call.creates:
                raise MayBeThere(str(error)) from error
            raise NotReached(str(error)) from error
        except BotoCoreError as error:
            raise CallFailed(str(error)) from error
        pace.sleep(pause)


def filled(value: Any, identity: str | None, name: str = "") -> Any:
    """Parameters as boto3 takes them: the resource's own id put in, policy documents as text. Everything else must be known by now."""
    if name in JSON_TEXT and isinstance(value, Mapping):
        return json.dumps(filled(value, identity), ensure_ascii=False, separators=(",", ":"))
    if value == OWN_ID and identity is not None:
        return identity
    if isinstance(value, Unknown):
        raise CallFailed(f"{value.text} is not known yet")
    if isinstance(value, Mapping):
        return {key: filled(item, identity, key) for key, item in value.items()}
    return [filled(item, identity) for item in value] if isinstance(value, list | tuple) else value


def _pause(error: ClientError, call: Call, visible: Any, throttled: int) -> float:
    """Seconds to wait before the next attempt. Raises where there is none."""
    code = _code(error)
    if code in THROTTLED and throttled < THROTTLED_ATTEMPTS:
        return random.uniform(0, min(LONGEST_PAUSE, 2.0**throttled))  # noqa: S311 - jitter, not a secret
    if code in call.waits_for:
        seconds = next(visible, None)
        if seconds is not None:
            return float(seconds)
    if call.creates and (code in THERE_ALREADY or _status(error) >= 500):
        raise MayBeThere(str(error)) from error
    if code in DENIED:
        raise CallFailed(f"{call.action} is not allowed: {error}", missing=call.action) from error
    if code == NOT_OURS:
        raise CallFailed(f"the name {call.parameters['Bucket']} is taken by somebody else's bucket") from error
    if code in ("ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"):
        raise NotReached(f"the credentials are no longer valid: {error}") from error
    raise CallFailed(str(error)) from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
