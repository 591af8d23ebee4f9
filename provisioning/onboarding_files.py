"""The role of a target as CloudFormation template and as Terraform JSON: files for whoever administers the account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from provisioning.exporters import ExportFile
from provisioning.exporters.terraform_values import escaped
from provisioning.onboarding import Onboarding, onboardings
from provisioning.plan_file import PlanFile

EXTERNAL_ID = r"[\w+=,.@:/-]{2,1224}"
PRINCIPAL = r"arn:aws:iam::[0-9]{12}:(role|user)/.+"
TRUSTED = "ARN of the role by which Stowplan's worker runs; only it may assume this role."
SHARED = "The external id of the target in Stowplan; it keeps other customers of the same consultancy apart."


def files_of(plan: Mapping[str, Any], checked: PlanFile) -> list[ExportFile]:
    """Two files for each account of a plan, and a README. Raises OnboardingProblem."""
    roles = onboardings(plan, checked)
    files = []
    for role in roles:
        files.append(ExportFile(f"onboard-{role.account}.template.yaml", cloudformation(role)))
        files.append(ExportFile(f"onboard-{role.account}.tf.json", terraform(role)))
    return [*files, ExportFile("README.md", readme(roles, checked))]


def trust(principal: Any, external_id: Any) -> dict[str, Any]:
    """Who may assume the role, and with which external id. The two are values of the template language."""
    allow = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    condition = {"StringEquals": {"sts:ExternalId": external_id}}
    return {"Version": "2012-10-17", "Statement": [{**allow, "Condition": condition}]}


def cloudformation(role: Onboarding) -> str:
    """A template in YAML: the role and its managed policies."""
    external: dict[str, Any] = {"Type": "String", "Description": SHARED, "AllowedPattern": EXTERNAL_ID}
    if role.external_id:
        external["Default"] = role.external_id
    names = {f"Policy{number}": document for number, document in enumerate(role.policies, start=1)}
    resources: dict[str, Any] = {
        name: {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"Description": f"Stowplan, account {role.account}", "PolicyDocument": document},
        }
        for name, document in names.items()
    }
    resources["Role"] = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": role.role_name,
            "Description": "Assumed by Stowplan to plan and apply an approved design",
            "AssumeRolePolicyDocument": trust({"Ref": "TrustedPrincipal"}, {"Ref": "ExternalId"}),
            "ManagedPolicyArns": [{"Ref": name} for name in names],
        },
    }
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"The role by which Stowplan reaches account {role.account}",
        "Parameters": {
            "TrustedPrincipal": {"Type": "String", "Description": TRUSTED, "AllowedPattern": PRINCIPAL},
            "ExternalId": external,
        },
        "Resources": resources,
        "Outputs": {"RoleArn": {"Description": "Enter it as the role of the target", "Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    return yaml.dump(template, Dumper=_NoAliases, sort_keys=False, allow_unicode=True, width=120)


class _NoAliases(yaml.SafeDumper):
    """Templates are read by people: nothing stands in them as a reference to another line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def terraform(role: Onboarding) -> str:
    """The same role in Terraform's JSON syntax."""
    external: dict[str, Any] = {"type": "string", "description": SHARED}
    if role.external_id:
        external["default"] = escaped(role.external_id)
    policies = {f"stowplan_{number}": document for number, document in enumerate(role.policies, start=1)}
    role_resource = {
        "name": role.role_name,
        "description": "Assumed by Stowplan to plan and apply an approved design",
        "assume_role_policy": json.dumps(trust("${var.trusted_principal}", "${var.external_id}")),
    }
    document = {
        "variable": {"trusted_principal": {"type": "string", "description": TRUSTED}, "external_id": external},
        "resource": {
            "aws_iam_role": {"stowplan": role_resource},
            "aws_iam_policy": {
                name: {"description": f"Stowplan, account {role.account}", "policy": escaped(json.dumps(policy))}
                for name, policy in policies.items()
            },
            "aws_iam_role_policy_attachment": {
                name: {"role": "${aws_iam_role.stowplan.name}", "policy_arn": f"${{aws_iam_policy.{name}.arn}}"} for name in policies
            },
        },
        "output": {"role_arn": {"value": "${aws_iam_role.stowplan.arn}"}},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def readme(roles: list[Onboarding], checked: PlanFile) -> str:
    """What to do with the files, for whoever administers the accounts."""
    lines = [
        "# Onboarding of a target",
        "",
        f"Design `{checked.digest}`. Each account gets one role; its policy holds this plan's calls, and nothing else.",
        "Use the template or the Terraform file, not both. `TrustedPrincipal` is the role of Stowplan's worker.",
        "",
    ]
    for role in roles:
        lines += [f"## Account {role.account}", "", f"Role `{role.role_name}`, {len(role.policies)} managed policies.", ""]
        lines += ["    aws cloudformation deploy --stack-name stowplan-onboarding --capabilities CAPABILITY_NAMED_IAM \\"]
        lines += [f"      --template-file onboard-{role.account}.template.yaml \\"]
        lines += ["      --parameter-overrides TrustedPrincipal=ARN ExternalId=ID", ""]
        if role.held:
            held = ", ".join(role.held)
            lines += [f"Cannot be taken back, so it has a statement of its own that may be removed after the run: {held}.", ""]
    lines += ["Deleting data, keys, trails and backups is denied explicitly, as is every Region that the design does not use.", ""]
    return "\n".join(lines)
