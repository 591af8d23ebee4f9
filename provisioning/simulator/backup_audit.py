"""Restore testing, report plans and frameworks of AWS Backup, and the topics of vaults: moto has a part of the second only.

Requests are held to botocore's model and to what AWS documents beside it (aws-facts section f, API reference of AWS Backup).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from moto.backup.exceptions import AlreadyExistsException, InvalidParameterValueException, ResourceNotFoundException
from moto.backup.responses import BackupResponse
from moto.core.responses import EmptyResult
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random

from provisioning.simulator import shapes

# Our attribute on moto's backend, cleared with it: kind -> name -> what it is.
STATE = "simulated_audit"
NAME = re.compile(r"[a-zA-Z0-9_]{1,50}")
TESTED = {"Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3"}
JOB_REPORTS = {"BACKUP_JOB_REPORT", "COPY_JOB_REPORT", "RESTORE_JOB_REPORT", "SCAN_JOB_REPORT"}
REPORTS = {*JOB_REPORTS, "RESOURCE_COMPLIANCE_REPORT", "CONTROL_COMPLIANCE_REPORT"}
# Control -> its parameters (AWS Backup Developer Guide, controls and remediation).
CONTROLS: dict[str, set[str]] = {
    "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN": set(),
    "BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK": {"requiredFrequencyUnit", "requiredFrequencyValue", "requiredRetentionDays"},
    "BACKUP_RECOVERY_POINT_ENCRYPTED": set(),
    "BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED": {"principalArnList"},
    "BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK": {"requiredRetentionDays"},
    "BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION": {"crossRegionList"},
    "BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT": {"crossAccountList"},
    "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK": {"minRetentionDays", "maxRetentionDays"},
    "BACKUP_LAST_RECOVERY_POINT_CREATED": {"recoveryPointAgeUnit", "recoveryPointAgeValue"},
    "RESTORE_TIME_FOR_RESOURCES_MEET_TARGET": {"maxRestoreTime"},
}


class AuditResponse(BackupResponse):
    """Handlers by the names of the operations."""

    def body_of(self, operation: str, **path: str) -> dict[str, Any]:
        """The request by the model's names. Raises InvalidParameterValueException for what the model does not allow."""
        try:
            body = json.loads(self.body) if self.body else {}
        except ValueError as error:
            raise InvalidParameterValueException("The body is not JSON.") from error
        value = {**body, **path}
        refuse(shapes.problems(value, shapes.service_model("backup").operation_model(operation).input_shape))
        return value

    # ---------------------------------------------------------------- restore testing plans
    def create_restore_testing_plan(self) -> str:
        request = self.body_of("CreateRestoreTestingPlan")
        plan = request["RestoreTestingPlan"]
        refuse(self._plan_problems(plan))
        made = self._make("restore-testing-plan", plan["RestoreTestingPlanName"], request.get("Tags"))
        made["own"], made["selections"] = plan, {}
        return json.dumps(self._about_plan(made))

    def update_restore_testing_plan(self) -> str:
        made = self._found("restore-testing-plan", self._segment(3))
        request = self.body_of("UpdateRestoreTestingPlan", RestoreTestingPlanName=made["name"])
        after = {**made["own"], **request["RestoreTestingPlan"]}
        refuse(self._plan_problems(after))
        made["own"] = after
        return json.dumps({**self._about_plan(made), "UpdateTime": unix_time()})

    def get_restore_testing_plan(self) -> str:
        made = self._found("restore-testing-plan", self._segment(3))
        return json.dumps({"RestoreTestingPlan": {**self._about_plan(made), **PLAN_DEFAULTS, **made["own"]}})

    def list_restore_testing_plans(self) -> str:
        rows = self._all("restore-testing-plan").values()
        listed = [{**self._about_plan(one), "ScheduleExpression": one["own"]["ScheduleExpression"]} for one in rows]
        return json.dumps({"RestoreTestingPlans": listed})

    def _about_plan(self, made: dict[str, Any]) -> dict[str, Any]:
        return {"RestoreTestingPlanName": made["name"], "RestoreTestingPlanArn": made["arn"], "CreationTime": made["at"]}

    def _plan_problems(self, plan: dict[str, Any]) -> Iterator[str]:
        if not NAME.fullmatch(plan["RestoreTestingPlanName"]):
            yield f"RestoreTestingPlanName {plan['RestoreTestingPlanName']} is not of letters, digits and _, 50 at most"
        if len(plan["ScheduleExpression"].removeprefix("cron(").removesuffix(")").split()) != 6:
            yield "ScheduleExpression has not six fields"
        if not 1 <= plan.get("StartWindowHours", 24) <= 168:
            yield "StartWindowHours is not between 1 and 168"
        chosen = plan["RecoveryPointSelection"]
        if not 1 <= chosen.get("SelectionWindowDays", 30) <= 365:
            yield "SelectionWindowDays is not between 1 and 365"
        if not set(chosen.get("RecoveryPointTypes") or ()) <= {"CONTINUOUS", "SNAPSHOT"} or not chosen.get("RecoveryPointTypes"):
            yield "RecoveryPointTypes is not CONTINUOUS, SNAPSHOT or both"
        if "Algorithm" not in chosen or not chosen.get("IncludeVaults"):
            yield "RecoveryPointSelection needs Algorithm and IncludeVaults"
        vaults = {vault.backup_vault_arn for vault in self.backup_backend.vaults.values()}
        for arn in [*chosen.get("IncludeVaults", ()), *chosen.get("ExcludeVaults", ())]:
            if arn != "*" and arn not in vaults:
                yield f"backup vault {arn} does not exist in this account and Region"

    # ---------------------------------------------------------------- restore testing selections
    def create_restore_testing_selection(self) -> str:
        plan = self._found("restore-testing-plan", self._segment(3))
        request = self.body_of("CreateRestoreTestingSelection", RestoreTestingPlanName=plan["name"])
        chosen = request["RestoreTestingSelection"]
        name = chosen["RestoreTestingSelectionName"]
        refuse(restore_selection_problems(chosen))
        if name in plan["selections"]:
            raise AlreadyExistsException(f"Restore testing selection {name} exists already.")
        plan["selections"][name] = {**chosen, "CreationTime": unix_time(), "RestoreTestingPlanName": plan["name"]}
        return json.dumps({**self._about_plan(plan), "RestoreTestingSelectionName": name})

    def update_restore_testing_selection(self) -> str:
        plan, chosen = self._selected()
        path = {"RestoreTestingPlanName": plan["name"], "RestoreTestingSelectionName": chosen["RestoreTestingSelectionName"]}
        request = self.body_of("UpdateRestoreTestingSelection", **path)
        kept = {name: chosen[name] for name in ("CreationTime", "ProtectedResourceType", *path)}
        after = {**kept, "IamRoleArn": chosen["IamRoleArn"], **request["RestoreTestingSelection"]}
        refuse(restore_selection_problems(after))
        plan["selections"][path["RestoreTestingSelectionName"]] = after
        return json.dumps({**self._about_plan(plan), **path, "UpdateTime": unix_time()})

    def get_restore_testing_selection(self) -> str:
        return json.dumps({"RestoreTestingSelection": self._selected()[1]})

    def list_restore_testing_selections(self) -> str:
        plan = self._found("restore-testing-plan", self._segment(3))
        names = ("CreationTime", "IamRoleArn", "ProtectedResourceType", "RestoreTestingPlanName", "RestoreTestingSelectionName")
        return json.dumps({"RestoreTestingSelections": [{name: one[name] for name in names} for one in plan["selections"].values()]})

    def _selected(self) -> tuple[dict[str, Any], dict[str, Any]]:
        plan, name = self._found("restore-testing-plan", self._segment(3)), self._segment(5)
        if name not in plan["selections"]:
            raise ResourceNotFoundException(f"Restore testing selection {name} does not exist.")
        return plan, plan["selections"][name]

    # ---------------------------------------------------------------- report plans
    def create_report_plan(self) -> str:  # type: ignore[override]
        request = self.body_of("CreateReportPlan")
        refuse(report_problems(request))
        made = self._make("report-plan", request["ReportPlanName"], request.get("ReportPlanTags"))
        made["own"] = _without(request, "ReportPlanName", "ReportPlanTags", "IdempotencyToken")
        return json.dumps({"ReportPlanName": made["name"], "ReportPlanArn": made["arn"], "CreationTime": made["at"]})

    def update_report_plan(self) -> str:
        made = self._found("report-plan", self._segment(3))
        request = self.body_of("UpdateReportPlan", ReportPlanName=made["name"])
        after = {**made["own"], **_without(request, "ReportPlanName", "IdempotencyToken")}
        refuse(report_problems(after))
        made["own"] = after
        return json.dumps({"ReportPlanName": made["name"], "ReportPlanArn": made["arn"], "CreationTime": made["at"]})

    def describe_report_plan(self) -> str:  # type: ignore[override]
        return json.dumps({"ReportPlan": self._report(self._found("report-plan", self._segment(3)))})

    def list_report_plans(self) -> str:  # type: ignore[override]
        return json.dumps({"ReportPlans": [self._report(one) for one in self._all("report-plan").values()]})

    def _report(self, made: dict[str, Any]) -> dict[str, Any]:
        about = {"ReportPlanName": made["name"], "ReportPlanArn": made["arn"], "CreationTime": made["at"], "DeploymentStatus": "COMPLETED"}
        return {**about, **made["own"]}

    # ---------------------------------------------------------------- frameworks
    def create_framework(self) -> str:
        request = self.body_of("CreateFramework")
        refuse(framework_problems(request))
        made = self._make("framework", request["FrameworkName"], request.get("FrameworkTags"))
        made["own"] = _without(request, "FrameworkName", "FrameworkTags", "IdempotencyToken")
        return json.dumps({"FrameworkName": made["name"], "FrameworkArn": made["arn"]})

    def update_framework(self) -> str:
        made = self._found("framework", self._segment(3))
        request = self.body_of("UpdateFramework", FrameworkName=made["name"])
        after = {**made["own"], **_without(request, "FrameworkName", "IdempotencyToken")}
        refuse(framework_problems(after))
        made["own"] = after
        return json.dumps({"FrameworkName": made["name"], "FrameworkArn": made["arn"], "CreationTime": made["at"]})

    def describe_framework(self) -> str:
        made = self._found("framework", self._segment(3))
        about = {"FrameworkName": made["name"], "FrameworkArn": made["arn"], "CreationTime": made["at"], "DeploymentStatus": "COMPLETED"}
        return json.dumps({**about, **made["own"]})

    def list_frameworks(self) -> str:
        rows = self._all("framework").values()
        listed = [{"FrameworkName": one["name"], "FrameworkArn": one["arn"], "CreationTime": one["at"]} for one in rows]
        return json.dumps({"Frameworks": listed})

    # ---------------------------------------------------------------- topics of vaults
    def put_backup_vault_notifications(self) -> EmptyResult:
        vault = self.backup_backend.describe_backup_vault(self._segment(2))
        request = self.body_of("PutBackupVaultNotifications", BackupVaultName=vault.backup_vault_name)
        known = shapes.service_model("backup").shape_for("BackupVaultEvent").metadata["enum"]
        refuse(f"{one} is no event of a vault" for one in request["BackupVaultEvents"] if one not in known)
        self._all("notifications")[vault.backup_vault_name] = _without(request, "BackupVaultName")
        return EmptyResult()

    def get_backup_vault_notifications(self) -> str:
        vault = self.backup_backend.describe_backup_vault(self._segment(2))
        told = self._all("notifications").get(vault.backup_vault_name)
        if told is None:
            raise ResourceNotFoundException(f"Backup vault {vault.backup_vault_name} tells no topic.")
        return json.dumps({"BackupVaultName": vault.backup_vault_name, "BackupVaultArn": vault.backup_vault_arn, **told})

    # ---------------------------------------------------------------- what all of them use
    def _segment(self, index: int) -> str:
        return unquote(self.path.split("/")[index])

    def _all(self, kind: str) -> dict[str, dict[str, Any]]:
        backend = self.backup_backend
        if not hasattr(backend, STATE):
            setattr(backend, STATE, {})
        state: dict[str, dict[str, dict[str, Any]]] = getattr(backend, STATE)
        return state.setdefault(kind, {})

    def _make(self, kind: str, name: str, tags: dict[str, str] | None) -> dict[str, Any]:
        rows, backend = self._all(kind), self.backup_backend
        if name in rows:
            raise AlreadyExistsException(f"{kind} {name} exists already.")
        arn = f"arn:aws:backup:{backend.region_name}:{backend.account_id}:{kind}:{name}-{mock_random.uuid4()}"
        if tags:
            backend.tag_resource(arn, tags)
        rows[name] = {"name": name, "arn": arn, "at": unix_time()}
        return rows[name]

    def _found(self, kind: str, name: str) -> dict[str, Any]:
        if name not in self._all(kind):
            raise ResourceNotFoundException(f"{kind} {name} does not exist.")
        return self._all(kind)[name]


PLAN_DEFAULTS = {"ScheduleExpressionTimezone": "Etc/UTC", "StartWindowHours": 24}


def refuse(problems: Iterator[str] | Any) -> None:
    """Raises InvalidParameterValueException with all that is wrong, where something is."""
    wrong = list(problems)
    if wrong:
        raise InvalidParameterValueException("; ".join(wrong) + ".")


def restore_selection_problems(chosen: dict[str, Any]) -> Iterator[str]:
    if not NAME.fullmatch(chosen["RestoreTestingSelectionName"]):
        yield f"RestoreTestingSelectionName {chosen['RestoreTestingSelectionName']} is not of letters, digits and _, 50 at most"
    if chosen["ProtectedResourceType"] not in TESTED:
        yield f"ProtectedResourceType is {chosen['ProtectedResourceType']!r}, expected one of {', '.join(sorted(TESTED))}"
    arns, conditions = chosen.get("ProtectedResourceArns") or [], chosen.get("ProtectedResourceConditions") or {}
    if not arns and not conditions:
        yield "neither ProtectedResourceArns nor ProtectedResourceConditions"
    if len(arns) > 30 or (conditions and arns not in ([], ["*"])):
        yield "ProtectedResourceArns are 30 at most, and * alone beside conditions"
    for rows in conditions.values():
        for row in rows:
            if not row["Key"].startswith("aws:ResourceTag/"):
                yield f"condition key {row['Key']} does not begin with aws:ResourceTag/"
    if not 0 <= chosen.get("ValidationWindowHours", 0) <= 168:
        yield "ValidationWindowHours is not between 0 and 168"


def report_problems(plan: dict[str, Any]) -> Iterator[str]:
    setting, formats = plan["ReportSetting"], plan["ReportDeliveryChannel"].get("Formats", ["CSV"])
    if setting["ReportTemplate"] not in REPORTS:
        yield f"ReportTemplate is {setting['ReportTemplate']!r}, expected one of {', '.join(sorted(REPORTS))}"
    if not formats or not set(formats) <= {"CSV", "JSON"}:
        yield "Formats are CSV, JSON or both"
    if setting["ReportTemplate"] in JOB_REPORTS and setting.get("FrameworkArns"):
        yield "reports of jobs have no FrameworkArns"


def framework_problems(framework: dict[str, Any]) -> Iterator[str]:
    names = [one["ControlName"] for one in framework["FrameworkControls"]]
    if not names or len(set(names)) < len(names):
        yield "FrameworkControls are one or more, each once"
    for one in framework["FrameworkControls"]:
        if one["ControlName"] not in CONTROLS:
            yield f"{one['ControlName']} is no control"
            continue
        for parameter in one.get("ControlInputParameters", ()):
            if parameter.get("ParameterName") not in CONTROLS[one["ControlName"]]:
                yield f"{one['ControlName']} has no parameter {parameter.get('ParameterName')}"


def _without(request: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in request.items() if name not in names}
