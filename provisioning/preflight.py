"""Before a plan is applied: which permissions the caller lacks and which quotas it would break, as far as it can be told.

IAM answers for the caller's own policies (SimulatePrincipalPolicy). Where it does not answer nothing is said to be allowed: "cannot tell".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from provisioning.onboarding import Onboarding, OnboardingProblem, onboardings
from provisioning.plan_file import PlanFile, read_plan
from provisioning.resources.base import ClientSource

MISSING, ALLOWED, UNTOLD = "missing", "allowed", "cannot tell"
NOT_ALLOWED = re.compile(r"\b([a-z0-9-]+:[A-Za-z]+) is not allowed")
QUOTA = re.compile(r"\b(AWS|IAM|S3|KMS) allows [0-9]")
ASSUMED = re.compile(r"arn:aws:sts::([0-9]{12}):assumed-role/([^/]+)/.+")


def with_preflight(plan: dict[str, Any], clients: ClientSource) -> dict[str, Any]:
    """The plan with its `preflight`: {permissions: [{account, caller, state, actions, sentence}], quotas: [{address, sentence}]}.

    Asks IAM, and changes nothing.
    """
    checked = read_plan(plan)
    quotas = [
        {"address": change["address"], "sentence": change["stowplan"]["blocked"]}
        for change in plan["resource_changes"]
        if QUOTA.search(change["stowplan"].get("blocked") or "")
    ]
    permissions: list[dict[str, Any]] = []
    try:
        permissions = [_permissions(role, plan, checked, clients) for role in onboardings(plan, checked)]
    except OnboardingProblem as problem:
        quotas.append({"address": "", "sentence": str(problem)})
    return {**plan, "preflight": {"permissions": permissions, "quotas": quotas}}


def preflight_lines(plan: Mapping[str, Any]) -> list[str]:
    """The preflight for a terminal, a line each."""
    found = plan["preflight"]
    return [f"Preflight: {one['sentence']}" for one in [*found["permissions"], *found["quotas"]]]


def _permissions(role: Onboarding, plan: Mapping[str, Any], checked: PlanFile, clients: ClientSource) -> dict[str, Any]:
    denied = _denied(role.account, plan)
    caller = ""
    try:
        caller = _caller(role.account, checked, clients)
        refused = sorted(denied | set(_refused(role, caller, checked, clients)))
    except (ClientError, BotoCoreError, ResponseParserError) as error:
        if denied:
            return _entry(role, caller, MISSING, sorted(denied))
        actions = sorted({action for one in role.statements if one["Effect"] == "Allow" for action in one["Action"]})
        return _entry(role, caller, UNTOLD, actions, _why(error))
    return _entry(role, caller, MISSING if refused else ALLOWED, refused)


def _entry(role: Onboarding, caller: str, state: str, actions: list[str], why: str = "") -> dict[str, Any]:
    who = caller or "the caller"
    sentence = {
        MISSING: f"Account {role.account}: {who} is not allowed {', '.join(actions)}.",
        ALLOWED: f"Account {role.account}: {who} is allowed every call of this plan.",
        UNTOLD: f"Account {role.account}: whether {who} is allowed the {len(actions)} actions of this plan cannot be told. {why}",
    }[state]
    return {"account": role.account, "caller": caller, "state": state, "actions": actions, "sentence": sentence.strip()}


def _denied(account: str, plan: Mapping[str, Any]) -> set[str]:
    """Actions that AWS refused already, while the plan was made."""
    texts = [change["stowplan"].get("blocked") or "" for change in plan["resource_changes"] if change["stowplan"]["account"] == account]
    return {action for text in texts for action in NOT_ALLOWED.findall(text)}


def _caller(account: str, checked: PlanFile, clients: ClientSource) -> str:
    """The ARN of the role or user whose policies count."""
    access = checked.spec.accesses().get(account)
    if access and access.role_arn:
        return access.role_arn
    arn = str(clients.client("sts", account, checked.target.region).get_caller_identity()["Arn"])
    return ASSUMED.sub(r"arn:aws:iam::\1:role/\2", arn)


def _refused(role: Onboarding, caller: str, checked: PlanFile, clients: ClientSource) -> Iterator[str]:
    """Actions that IAM says the caller's policies do not allow. Each statement is asked as it stands."""
    iam = clients.client("iam", role.account, checked.target.region, once=True)
    for statement in role.statements:
        if statement["Effect"] != "Allow":
            continue
        equals = statement.get("Condition", {}).get("StringEquals", {})
        context = [{"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"} for key, value in equals.items()]
        question = {"PolicySourceArn": caller, "ActionNames": statement["Action"], "ResourceArns": statement["Resource"]}
        pages = iam.get_paginator("simulate_principal_policy").paginate(**question, ContextEntries=context)
        yield from (row["EvalActionName"] for page in pages for row in page["EvaluationResults"] if row["EvalDecision"] != "allowed")


def _why(error: Exception) -> str:
    """What IAM said, in a line; an answer that is none says nothing to a person."""
    if not isinstance(error, ClientError):
        return "IAM gave no answer."
    return f"IAM said: {str(error).strip().splitlines()[0][:200]}"
