"""What moto misses of taking things of AWS Backup away, and of what must be empty before: recovery points, selections."""

import json

from moto.backup.exceptions import InvalidParameterValueException
from moto.core.responses import EmptyResult
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random

from provisioning.simulator.backup import StricterBackupResponse, selections

POINTS = "recovery-points"


class RemovingBackupResponse(StricterBackupResponse):
    """Deletions are refused while there is something below, as AWS Backup's API reference says for each of them."""

    def start_backup_job(self) -> str:
        """A recovery point at once: the simulator has no time in which a backup would run."""
        request = self.body_of("StartBackupJob")
        backend = self.backup_backend
        vault = backend.describe_backup_vault(request["BackupVaultName"])
        arn = f"arn:aws:backup:{backend.region_name}:{backend.account_id}:recovery-point:{mock_random.uuid4()}"
        point = {"RecoveryPointArn": arn, "BackupVaultName": vault.backup_vault_name, "ResourceArn": request["ResourceArn"]}
        point |= {"CreationDate": unix_time(), "IamRoleArn": request["IamRoleArn"], "Status": "COMPLETED"}
        self._all(POINTS).setdefault(vault.backup_vault_name, {})[arn] = point
        return json.dumps({"BackupJobId": str(mock_random.uuid4()), "RecoveryPointArn": arn, "CreationDate": unix_time()})

    def list_recovery_points_by_backup_vault(self) -> str:
        vault = self.backup_backend.describe_backup_vault(self._segment(2))
        return json.dumps({"RecoveryPoints": list(self._all(POINTS).get(vault.backup_vault_name, {}).values())})

    def delete_backup_vault(self) -> EmptyResult:
        name = self._segment(2)
        if self._all(POINTS).get(name):
            raise InvalidParameterValueException(f"Backup vault {name} cannot be deleted because it contains recovery points.")
        self._all("notifications").pop(name, None)
        return super().delete_backup_vault()

    def delete_backup_plan(self) -> str:
        if selections(self._plan()):
            raise InvalidParameterValueException("Related backup plan selections must be deleted prior to backup plan deletion.")
        return super().delete_backup_plan()

    def delete_backup_vault_notifications(self) -> EmptyResult:
        self._all("notifications").pop(self.backup_backend.describe_backup_vault(self._segment(2)).backup_vault_name, None)
        return EmptyResult()

    def delete_framework(self) -> EmptyResult:
        return self._forget("framework", 3)

    def delete_report_plan(self) -> EmptyResult:
        return self._forget("report-plan", 3)

    def delete_restore_testing_plan(self) -> EmptyResult:
        if self._found("restore-testing-plan", self._segment(3))["selections"]:
            raise InvalidParameterValueException("The restore testing selections of the plan must be deleted first.")
        return self._forget("restore-testing-plan", 3)

    def delete_restore_testing_selection(self) -> EmptyResult:
        self._selected()
        del self._found("restore-testing-plan", self._segment(3))["selections"][self._segment(5)]
        return EmptyResult()

    def _forget(self, kind: str, segment: int) -> EmptyResult:
        del self._all(kind)[self._found(kind, self._segment(segment))["name"]]
        return EmptyResult()
