"""The least-privilege policy of the roles by which a plan is applied: exactly its calls, and the reads of its resource types.

One policy for each account of the plan. Each call of a plan carries its IAM action and each type its reads; actions without resource-level
permissions in AWS's Service Authorization Reference stand on `*`, every other one on the ARNs of the plan's resources. What AWS names only
when it is created (keys, DLM policies) is told by the assessment's tag.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from provisioning.names import BACKUP_PLAN, BATCH, NAMED_BY_AWS, SELECTION, SUBSCRIPTION, NameProblem, arn_of, stem
from provisioning.onboarding_actions import BUCKET_READS, DENIED, GLOBAL, HELD_APART, LINKED, SEARCHES, SEARCHES_OF, TAGGING, UNSCOPED
from provisioning.plan_file import PlanFile
from provisioning.resources import TYPES
from provisioning.resources.base import ASSESSMENT_TAG

Statement = dict[str, Any]
# IAM: a managed policy has at most 6,144 characters without blanks, and a role at most 10 of them by default.
POLICY_CHARACTERS, POLICIES = 6144, 10
ROLE_MEMBERS = frozenset({"Role", "ExecutionRoleArn", "RoleArn", "IamRoleArn"})
ROLE_ARN = re.compile(r"arn:aws:iam::[0-9]{12}:role/[\w+=,.@/-]+")


class OnboardingProblem(ValueError):
    """A plan whose role would not fit into IAM's limits. The message says by how much."""


@dataclass(frozen=True)
class Onboarding:
    """The role of one account. `held` are its actions that cannot be taken back; `policies` are documents within IAM's limits."""

    account: str
    role_name: str
    external_id: str | None
    statements: tuple[Statement, ...]
    held: tuple[str, ...]

    @property
    def policies(self) -> list[dict[str, Any]]:
        return [{"Version": "2012-10-17", "Statement": part} for part in _packed(self.statements)]


@dataclass(frozen=True)
class Grant:
    """One action on one ARN, under a condition (as canonical JSON, so that equal ones are found)."""

    action: str
    arn: str
    condition: str = "{}"


def onboardings(plan: Mapping[str, Any], checked: PlanFile) -> list[Onboarding]:
    """The role of each account that the plan reaches, from plan.json and the same plan checked. Raises OnboardingProblem."""
    accesses = checked.spec.accesses()
    slug = str(checked.design.document["engagement"]["slug"])
    changes: dict[str, list[Mapping[str, Any]]] = {}
    for change in plan["resource_changes"]:
        if "no_longer_designed" not in change["stowplan"]:
            changes.setdefault(change["stowplan"]["account"], []).append(change)
    found = []
    for account, own in sorted(changes.items()):
        access = accesses.get(account)
        arn = access.role_arn if access else None
        name = arn.rpartition("/")[2] if arn else stem(account, checked.target.region, slug, "onboarding")
        statements = tuple(statements_of(own, slug, [one for one in (checked.target.region, checked.target.dr_region) if one]))
        held = sorted({action for one in statements for action in one.get("Action", ()) if action in HELD_APART})
        one = Onboarding(account, name, access.external_id if access else None, statements, tuple(held))
        if len(one.policies) > POLICIES:
            raise OnboardingProblem(
                f"account {account}: the policy of this plan needs {len(one.policies)} managed policies, IAM attaches {POLICIES}: "
                "split the engagement, or have the quota of managed policies per role raised"
            )
        found.append(one)
    return found


def statements_of(changes: Iterable[Mapping[str, Any]], slug: str, regions: list[str]) -> Iterator[Statement]:
    """Statements for the changes of one account: reads, writes by service, roles that may be passed, and what is denied in any case."""
    changes = list(changes)
    yield from _grouped("Read", {grant for change in changes for grant in _reads(change, slug)})
    written = {grant for change in changes for grant in _writes(change, slug)}
    held = {grant for grant in written if grant.action in HELD_APART}
    yield from _grouped("Write", written - held)
    yield from _grouped("HeldApart", held)
    passed: dict[str, set[str]] = {}
    for change in changes:
        for call in change["stowplan"]["calls"]:
            for arn in _roles(call["parameters"]):
                passed.setdefault(_principal(call["service"]), set()).add(arn)
    for service, arns in sorted(passed.items()):
        condition = {"StringEquals": {"iam:PassedToService": service}}
        yield _statement(f"Pass{_word(service.partition('.')[0])}", ["iam:PassRole"], sorted(arns), condition)
    yield {"Sid": "StowplanNeverDelete", "Effect": "Deny", "Action": list(DENIED), "Resource": "*"}
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": sorted({*regions, *(change["stowplan"]["region"] for change in changes)})}}
    yield {"Sid": "StowplanTheseRegions", "Effect": "Deny", "NotAction": list(GLOBAL), "Resource": "*", "Condition": elsewhere}


def _reads(change: Mapping[str, Any], slug: str) -> Iterator[Grant]:
    words = change["stowplan"]
    for action in TYPES[change["type"]].reads:
        if action in SEARCHES:
            service, region = action.partition(":")[0], words["region"]
            place, ending = "" if service == "iam" else region, SEARCHES_OF.get(change["type"], SEARCHES[action])
            yield Grant(action, f"arn:aws:{service}:{place}:{words['account']}:{ending}")
        else:
            yield from _grants(action, change, slug)


def _writes(change: Mapping[str, Any], slug: str) -> Iterator[Grant]:
    for call in change["stowplan"]["calls"]:
        yield from _grants(call["action"], change, slug)
        if call["action"] in TAGGING:
            yield from _grants(TAGGING[call["action"]], change, slug, created=True)
        if call["action"] == "s3:CreateBucket" and call["parameters"].get("ObjectLockEnabledForBucket"):
            # S3 asks for both where a bucket is made with Object Lock.
            yield from _grants("s3:PutBucketObjectLockConfiguration", change, slug)
            yield from _grants("s3:PutBucketVersioning", change, slug)
        if call["action"] == "backup:CreateBackupVault":
            # A vault with a key of the customer's: AWS Backup takes its grant in the caller's name (aws-facts section o).
            yield Grant("backup-storage:MountCapsule", "*")
            via = _json({"StringEquals": {"kms:ViaService": f"backup.{change['stowplan']['region']}.amazonaws.com"}})
            for action in ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:RetireGrant"):
                yield Grant(action, f"arn:aws:kms:{change['stowplan']['region']}:*:key/*", via)
        if call["action"] in ("kms:CreateAlias", "kms:UpdateAlias"):
            # KMS judges an alias and its key.
            words = change["stowplan"]
            tag = _json({"StringEquals": {f"aws:ResourceTag/{ASSESSMENT_TAG}": slug}})
            yield Grant(call["action"], f"arn:aws:kms:{words['region']}:{words['account']}:key/*", tag)
        if call["action"] in LINKED:
            yield Grant("iam:CreateServiceLinkedRole", f"arn:aws:iam::{change['stowplan']['account']}:role/{LINKED[call['action']]}")
        if call["action"] == "kms:CreateKey" and call["parameters"].get("MultiRegion"):
            role = "aws-service-role/mrk.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceMultiRegionKeys"
            yield Grant("iam:CreateServiceLinkedRole", f"arn:aws:iam::{change['stowplan']['account']}:role/{role}")


def _grants(action: str, change: Mapping[str, Any], slug: str, *, created: bool = False) -> Iterator[Grant]:
    """The action on the change's own resource. `created`: in the call that creates it, where its tags are those of the request."""
    # AWS judges a selection by its plan.
    words, kind = change["stowplan"], BACKUP_PLAN if change["type"] == SELECTION else change["type"]
    # Of something blocked that is not there the plan has neither; its reads stand on what carries our names.
    settings = change["change"]["after"] or change["change"]["before"] or {}
    if kind == SUBSCRIPTION:
        # AWS judges a subscription by its topic.
        yield Grant(action, str(settings.get("TopicArn") or f"arn:aws:sns:{words['region']}:{words['account']}:stowplan-*"))
        return
    if kind == BATCH and action in BUCKET_READS:
        own = "arn:aws:s3:::stowplan-*"
        yield from (Grant(action, arn or own) for arn in (settings.get("Bucket"), settings.get("Report", {}).get("Bucket")))
        return
    if action in UNSCOPED:
        tagged = action in TAGGING
        yield Grant(action, "*", _json({"StringEquals": {f"aws:RequestTag/{ASSESSMENT_TAG}": slug}}) if tagged else "{}")
        return
    place = {"account": words["account"], "region": words["region"]}
    if kind in NAMED_BY_AWS:
        tag = "aws:RequestTag" if created else "aws:ResourceTag"
        yield Grant(action, arn_of(kind, "*", **place), _json({"StringEquals": {f"{tag}/{ASSESSMENT_TAG}": slug}}))
        return
    try:
        yield Grant(action, arn_of(kind, words["id"] or "*", **place))
    except NameProblem:
        yield Grant(action, "*")


def _grouped(title: str, grants: Iterable[Grant]) -> Iterator[Statement]:
    """Statements of actions of one service that stand on the same ARNs under the same condition."""
    by_action: dict[tuple[str, str], set[str]] = {}
    for grant in grants:
        by_action.setdefault((grant.action, grant.condition), set()).add(grant.arn)
    groups: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for (action, condition), arns in sorted(by_action.items()):
        groups.setdefault((action.partition(":")[0], tuple(sorted(arns)), condition), []).append(action)
    numbers: dict[str, int] = {}
    for (service, resources, condition), actions in groups.items():
        numbers[service] = numbers.get(service, 0) + 1
        yield _statement(f"{title}{_word(service)}{numbers[service]}", actions, list(resources), json.loads(condition))


def _statement(sid: str, actions: list[str], resources: list[str], condition: Mapping[str, Any]) -> Statement:
    found: Statement = {"Sid": f"Stowplan{sid}", "Effect": "Allow", "Action": actions, "Resource": resources}
    return {**found, "Condition": condition} if condition else found


def _roles(value: Any, name: str = "") -> Iterator[str]:
    """ARNs of roles that a call hands to a service."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _roles(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _roles(item)
    elif name in ROLE_MEMBERS and isinstance(value, str) and ROLE_ARN.fullmatch(value):
        yield value


def _packed(statements: Iterable[Statement]) -> list[list[Statement]]:
    """Statements in as many policies as they need; one with too many ARNs is cut."""
    parts: list[list[Statement]] = [[]]
    for statement in (piece for one in statements for piece in _cut(one)):
        if parts[-1] and _length([*parts[-1], statement]) > POLICY_CHARACTERS:
            parts.append([])
        parts[-1].append(statement)
    return parts


def _cut(statement: Statement) -> list[Statement]:
    if _length([statement]) <= POLICY_CHARACTERS:
        return [statement]
    resources = statement["Resource"]
    half = len(resources) // 2
    pieces = []
    for sid, some in (("A", resources[:half]), ("B", resources[half:])):
        pieces += _cut({**statement, "Sid": f"{statement['Sid']}{sid}", "Resource": some})
    return pieces


def _length(statements: list[Statement]) -> int:
    return len(_json({"Version": "2012-10-17", "Statement": statements}))


def _principal(service: str) -> str:
    return {"s3control": "batchoperations.s3.amazonaws.com"}.get(service, f"{service}.amazonaws.com")


def _word(service: str) -> str:
    """A service within a Sid, which has letters and digits only."""
    service = service.replace("-", "")
    return service[:1].upper() + service[1:]


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
