"""STS as moto has it, but a role has to exist, and its external id to match, in an account that was set up for that.

moto lets everybody assume any role of any account, which is how a test reaches a second account without preparing it. That stays so
until the account has a role that trusts AWS principals: from then on only such roles can be assumed there.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from moto.core.exceptions import AccessDeniedError
from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.sts.responses import TokenResponse


class StricterTokenResponse(TokenResponse):
    def assume_role(self) -> ActionResult:
        arn, external_id = self._get_param("RoleArn"), self._get_param("ExternalId")
        if not assumable(arn, external_id, self.partition):
            _, caller, _ = self.backend.get_caller_identity(self.access_key, self.region)
            raise AccessDeniedError(caller, f"sts:AssumeRole on resource: {arn}")
        return super().assume_role()


def assumable(arn: str, external_id: str | None, partition: str) -> bool:
    """May anybody assume the role with this external id (or with none)?"""
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    roles = {role.arn: list(_trusts(role.assume_role_policy_document)) for role in iam_backends[account][partition].roles.values()}
    if not any(roles.values()):
        return True
    return any(not _external_ids(trust) or external_id in _external_ids(trust) for trust in roles.get(arn, ()))


def _trusts(document: str | Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    """The statements of a trust policy that let AWS principals assume the role."""
    policy = json.loads(document) if isinstance(document, str) else document or {}
    statements = policy.get("Statement", ())
    for statement in [statements] if isinstance(statements, dict) else statements:
        principal = statement.get("Principal", {})
        assumes = "sts:AssumeRole" in (statement.get("Action"), *statement.get("Action", ()))
        if statement.get("Effect") == "Allow" and assumes and (principal == "*" or "AWS" in principal):
            yield statement


def _external_ids(statement: Mapping[str, Any]) -> list[str]:
    wanted = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId", [])
    return [wanted] if isinstance(wanted, str) else list(wanted)
