"""Lifecycle policies of one account and Region."""

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from provisioning.simulator.dlm import limits
from provisioning.simulator.dlm.exceptions import InvalidRequestException, LimitExceededException, ResourceNotFoundException

POLICIES_PER_REGION = 100
TAGS_PER_POLICY = 50


@dataclass
class Policy:
    id: str
    arn: str
    description: str
    state: str
    role: str
    details: dict[str, Any]
    default: bool
    tags: dict[str, str]
    created: datetime = field(default_factory=utcnow)
    modified: datetime = field(default_factory=utcnow)

    def described(self) -> dict[str, Any]:
        return {
            "PolicyId": self.id,
            "Description": self.description,
            "State": self.state,
            "StatusMessage": self.state,
            "ExecutionRoleArn": self.role,
            "DateCreated": self.created,
            "DateModified": self.modified,
            "PolicyDetails": self.details,
            "Tags": self.tags,
            "PolicyArn": self.arn,
            "DefaultPolicy": self.default,
        }

    def summary(self) -> dict[str, Any]:
        return {
            "PolicyId": self.id,
            "Description": self.description,
            "State": self.state,
            "Tags": self.tags,
            "PolicyType": self.details.get("PolicyType"),
            "DefaultPolicy": self.default,
        }


@dataclass(frozen=True)
class PolicyFilter:
    """What `GetLifecyclePolicies` may filter by; empty is every policy. Tags are written `key=value`."""

    ids: Collection[str] = ()
    state: str | None = None
    resource_types: Collection[str] = ()
    target_tags: Collection[str] = ()
    tags_to_add: Collection[str] = ()
    default_type: str | None = None

    def matches(self, policy: Policy) -> bool:
        added = [tag for schedule in policy.details.get("Schedules", ()) for tag in schedule.get("TagsToAdd", ())]
        resource_type = policy.details.get("ResourceType")
        return (
            (not self.ids or policy.id in self.ids)
            and (self.state is None or policy.state == self.state)
            and (not self.resource_types or bool({*self.resource_types} & {*policy.details.get("ResourceTypes", ())}))
            and {*self.target_tags} <= _tag_texts(policy.details.get("TargetTags", ()))
            and {*self.tags_to_add} <= _tag_texts(added)
            and (self.default_type is None or (policy.default and self.default_type in ("ALL", resource_type)))
        )


class DlmBackend(BaseBackend):
    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.policies: dict[str, Policy] = {}

    def create_lifecycle_policy(self, request: Mapping[str, Any]) -> Policy:
        """Raises InvalidRequestException, and LimitExceededException for the 101st policy."""
        default = "DefaultPolicy" in request
        self._check_role(request["ExecutionRoleArn"])
        details = self._checked_details(request, default)
        if len(self.policies) >= POLICIES_PER_REGION:
            raise LimitExceededException(f"You have reached the limit of {POLICIES_PER_REGION} policies in {self.region_name}.")
        key = "policy-0" + mock_random.get_random_hex(16)
        arn = f"arn:{self.partition}:dlm:{self.region_name}:{self.account_id}:policy/{key}"
        policy = Policy(
            key,
            arn,
            request["Description"],
            request["State"],
            request["ExecutionRoleArn"],
            details,
            default,
            dict(request.get("Tags") or {}),
        )
        self.policies[key] = policy
        return policy

    def get_lifecycle_policy(self, key: str) -> Policy:
        if key not in self.policies:
            raise ResourceNotFoundException(f"Policy {key} does not exist.")
        return self.policies[key]

    def get_lifecycle_policies(self, chosen: PolicyFilter) -> list[Policy]:
        for key in chosen.ids:
            self.get_lifecycle_policy(key)
        return [policy for policy in self.policies.values() if chosen.matches(policy)]

    def update_lifecycle_policy(self, request: Mapping[str, Any]) -> None:
        """Replaces what is given; a given `PolicyDetails` replaces all of it. The policy type stays."""
        policy = self.get_lifecycle_policy(request["PolicyId"])
        if "ExecutionRoleArn" in request:
            self._check_role(request["ExecutionRoleArn"])
        if policy.default or "PolicyDetails" in request:
            details = self._checked_details({"PolicyDetails": policy.details, **request}, policy.default)
            if details["PolicyType"] != policy.details["PolicyType"]:
                raise InvalidRequestException("The policy type of a policy cannot be changed.")
            policy.details = details
        policy.role = request.get("ExecutionRoleArn", policy.role)
        policy.state = request.get("State", policy.state)
        policy.description = request.get("Description", policy.description)
        policy.modified = utcnow()

    def delete_lifecycle_policy(self, key: str) -> None:
        self.get_lifecycle_policy(key)
        del self.policies[key]

    def policy_of_arn(self, arn: str) -> Policy:
        policy = self.policies.get(arn.rpartition("/")[2])
        if policy is None or policy.arn != arn:
            raise ResourceNotFoundException(f"Resource {arn} does not exist.")
        return policy

    def tag_resource(self, arn: str, tags: Mapping[str, str]) -> None:
        policy = self.policy_of_arn(arn)
        if len({**policy.tags, **tags}) > TAGS_PER_POLICY:
            raise InvalidRequestException(f"A policy has at most {TAGS_PER_POLICY} tags.")
        policy.tags.update(tags)

    def untag_resource(self, arn: str, keys: Collection[str]) -> None:
        policy = self.policy_of_arn(arn)
        policy.tags = {key: value for key, value in policy.tags.items() if key not in keys}

    def _check_role(self, arn: str) -> None:
        if arn.split(":")[4] != self.account_id:
            raise InvalidRequestException(f"The role {arn} is not in account {self.account_id}.")

    @staticmethod
    def _checked_details(request: Mapping[str, Any], default: bool) -> dict[str, Any]:
        """The policy details as AWS reads them back: what was sent, with the defaults filled in."""
        details = copy.deepcopy(dict(request.get("PolicyDetails") or {}))
        wrong = list(limits.default_problems(request) if default else limits.problems(details))
        if wrong:
            raise InvalidRequestException("; ".join(wrong) + ".")
        details.setdefault("PolicyType", limits.SNAPSHOTS)
        details.setdefault("PolicyLanguage", "SIMPLIFIED" if default else "STANDARD")
        if default:
            names = ("CreateInterval", "RetainInterval", "CopyTags", "ExtendDeletion", "CrossRegionCopyTargets", "Exclusions")
            details |= {name: request[name] for name in names if name in request}
            details.setdefault("ResourceType", request.get("DefaultPolicy"))
        elif "Schedules" in details:
            details.setdefault("ResourceLocations", ["CLOUD"])
            for schedule in details["Schedules"]:
                schedule.setdefault("CopyTags", False)
                schedule["CreateRule"].setdefault("Location", "CLOUD")
        return details


def _tag_texts(tags: Collection[Mapping[str, str]]) -> set[str]:
    return {f"{tag['Key']}={tag['Value']}" for tag in tags}


dlm_backends = BackendDict(DlmBackend, "dlm")
