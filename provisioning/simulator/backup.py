"""AWS Backup as moto has it, with what moto misses: selections, plan updates, vault policies; and the limits that moto does not hold."""

import json
from collections.abc import Iterator
from typing import Any

from moto.backup.exceptions import AlreadyExistsException, InvalidParameterValueException, ResourceNotFoundException
from moto.backup.models import Plan, Vault
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random

from provisioning.simulator.backup_audit import AuditResponse

# Our attributes on moto's plans and vaults.
SELECTIONS, POLICY = "simulated_selections", "simulated_policy"
# AWS documents these beside the model (aws-facts section f).
SHORTEST_WINDOW, SHORTEST_COLD, LONGEST_CONTINUOUS = 60, 90, 35
KEEPS_FOR_EVER = -1


class StricterBackupResponse(AuditResponse):
    def create_backup_vault(self) -> str:
        self.body_of("CreateBackupVault", BackupVaultName=self.path.split("/")[-1])
        return super().create_backup_vault()

    def put_backup_vault_lock_configuration(self) -> str:
        self.body_of("PutBackupVaultLockConfiguration", BackupVaultName=self.path.split("/")[-2])
        return super().put_backup_vault_lock_configuration()

    def put_backup_vault_access_policy(self) -> EmptyResult:
        vault = self._vault()
        request = self.body_of("PutBackupVaultAccessPolicy", BackupVaultName=vault.backup_vault_name)
        setattr(vault, POLICY, checked_policy(request.get("Policy")))
        return EmptyResult()

    def get_backup_vault_access_policy(self) -> ActionResult:
        vault = self._vault()
        text = getattr(vault, POLICY, None)
        if text is None:
            raise ResourceNotFoundException(f"Backup vault {vault.backup_vault_name} has no access policy.")
        return ActionResult({"BackupVaultName": vault.backup_vault_name, "BackupVaultArn": vault.backup_vault_arn, "Policy": text})

    def delete_backup_vault_access_policy(self) -> EmptyResult:
        setattr(self._vault(), POLICY, None)
        return EmptyResult()

    def create_backup_plan(self) -> str:
        request = self.body_of("CreateBackupPlan")
        self._check_plan(request["BackupPlan"])
        return super().create_backup_plan()

    def update_backup_plan(self) -> str:
        """Replaces the whole plan and gives it a new version; its id, tags and selections stay."""
        plan = self._plan()
        request = self.body_of("UpdateBackupPlan", BackupPlanId=plan.backup_plan_id)
        self._check_plan(request["BackupPlan"])
        fresh = Plan(request["BackupPlan"], plan.creator_request_id, self.backup_backend)
        plan.backup_plan, plan.version_id = fresh.backup_plan, fresh.version_id
        plan.advanced_backup_settings = fresh.advanced_backup_settings
        return json.dumps(plan.to_dict())

    def create_backup_selection(self) -> str:
        plan = self._plan()
        request = self.body_of("CreateBackupSelection", BackupPlanId=plan.backup_plan_id)
        selection, found = request["BackupSelection"], selections(plan)
        wrong = list(selection_problems(selection))
        if wrong:
            raise InvalidParameterValueException("; ".join(wrong) + ".")
        if any(one["BackupSelection"]["SelectionName"] == selection["SelectionName"] for one in found.values()):
            raise AlreadyExistsException(f"Backup selection {selection['SelectionName']} exists already.")
        key = str(mock_random.uuid4())
        about = {"SelectionId": key, "BackupPlanId": plan.backup_plan_id, "CreationDate": unix_time()}
        found[key] = {**about, "BackupSelection": selection}
        return json.dumps(about)

    def get_backup_selection(self) -> str:
        return json.dumps(self._selection())

    def delete_backup_selection(self) -> EmptyResult:
        del selections(self._plan())[self._selection()["SelectionId"]]
        return EmptyResult()

    def list_backup_selections(self) -> str:
        rows = [
            {
                "SelectionId": one["SelectionId"],
                "SelectionName": one["BackupSelection"]["SelectionName"],
                "BackupPlanId": one["BackupPlanId"],
                "CreationDate": one["CreationDate"],
                "IamRoleArn": one["BackupSelection"]["IamRoleArn"],
            }
            for one in selections(self._plan()).values()
        ]
        return json.dumps({"BackupSelectionsList": rows})

    def _vault(self) -> Vault:
        return self.backup_backend.describe_backup_vault(self.path.split("/")[2])

    def _plan(self) -> Plan:
        return self.backup_backend.get_backup_plan(self.path.split("/")[3], None)

    def _selection(self) -> dict[str, Any]:
        key = self.path.rstrip("/").split("/")[-1]
        found = selections(self._plan())
        if key not in found:
            raise ResourceNotFoundException(f"Backup selection {key} does not exist.")
        return found[key]

    def _check_plan(self, plan: dict[str, Any]) -> None:
        wrong = list(plan_problems(plan))
        vaults = {rule["TargetBackupVaultName"] for rule in plan["Rules"]}
        wrong += [f"backup vault {name} does not exist" for name in sorted(vaults - set(self.backup_backend.vaults))]
        if wrong:
            raise InvalidParameterValueException("; ".join(wrong) + ".")


def selections(plan: Plan) -> dict[str, dict[str, Any]]:
    """The selections of one of moto's plans, by id."""
    if not hasattr(plan, SELECTIONS):
        setattr(plan, SELECTIONS, {})
    found: dict[str, dict[str, Any]] = getattr(plan, SELECTIONS)
    return found


def checked_policy(text: Any) -> str:
    """A policy document as text. Raises InvalidParameterValueException where it is none."""
    try:
        document = json.loads(text or "")
    except ValueError as error:
        raise InvalidParameterValueException("Policy is not JSON.") from error
    if not isinstance(document, dict) or not document.get("Statement"):
        raise InvalidParameterValueException("Policy has no statement.")
    return str(text)


def plan_problems(plan: dict[str, Any]) -> Iterator[str]:
    """What AWS refuses in a plan although its model allows it."""
    names = [rule["RuleName"] for rule in plan["Rules"]]
    if len(set(names)) < len(names):
        yield "two rules have one name"
    for rule in plan["Rules"]:
        where = f"rule {rule['RuleName']}"
        if rule.get("StartWindowMinutes", SHORTEST_WINDOW) < SHORTEST_WINDOW:
            yield f"{where}: StartWindowMinutes is below {SHORTEST_WINDOW}"
        if "CompletionWindowMinutes" in rule and rule["CompletionWindowMinutes"] < rule.get("StartWindowMinutes", 480) + 60:
            yield f"{where}: CompletionWindowMinutes must be at least 60 minutes above StartWindowMinutes"
        expression = rule.get("ScheduleExpression", "cron(0 5 ? * * *)")
        if not expression.startswith("rate(") and len(expression.removeprefix("cron(").removesuffix(")").split()) != 6:
            yield f"{where}: ScheduleExpression has not six fields"
        lifecycle = rule.get("Lifecycle", {})
        yield from lifecycle_problems(lifecycle, where)
        for copied in rule.get("CopyActions", ()):
            yield from lifecycle_problems(copied.get("Lifecycle", {}), f"{where}: copy to {copied['DestinationBackupVaultArn']}")
        if rule.get("EnableContinuousBackup"):
            if not 1 <= lifecycle.get("DeleteAfterDays", 0) <= LONGEST_CONTINUOUS:
                yield f"{where}: continuous backups are kept 1 to {LONGEST_CONTINUOUS} days"
            if "MoveToColdStorageAfterDays" in lifecycle:
                yield f"{where}: continuous backups have no cold storage"


def lifecycle_problems(lifecycle: dict[str, Any], where: str) -> Iterator[str]:
    cold, kept = lifecycle.get("MoveToColdStorageAfterDays"), lifecycle.get("DeleteAfterDays")
    if kept is not None and kept != KEEPS_FOR_EVER and kept < 1:
        yield f"{where}: DeleteAfterDays is below 1"
    if cold is not None and kept is not None and kept != KEEPS_FOR_EVER and kept < cold + SHORTEST_COLD:
        yield f"{where}: DeleteAfterDays must be at least {SHORTEST_COLD} days after MoveToColdStorageAfterDays"


def selection_problems(selection: dict[str, Any]) -> Iterator[str]:
    """What AWS refuses in a selection although its model allows it; and an empty one, which would select everything."""
    if not any(selection.get(name) for name in ("Resources", "NotResources", "ListOfTags", "Conditions")):
        yield "an empty selection selects every resource of the account"
    for name in ("Resources", "NotResources"):
        if len(selection.get(name, ())) > 500:
            yield f"{name} has more than 500 ARNs"
    for keys in (selection.get("Conditions") or {}).values():
        for one in keys:
            if not one["ConditionKey"].startswith("aws:ResourceTag/"):
                yield f"condition key {one['ConditionKey']} does not begin with aws:ResourceTag/"
