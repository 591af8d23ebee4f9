"""AWS::Backup::Framework: controls of AWS Backup Audit Manager. AWS Config evaluates them, so without a recorder they find nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from provisioning.names import FRAMEWORK
from provisioning.resources import compare
from provisioning.resources.backup_named import WAITS_FOR, NamedBackup, every
from provisioning.resources.base import Call, Denied, Observed, Place, Properties, read

RECORDERS = "config:DescribeConfigurationRecorderStatus"


class BackupFramework(NamedBackup):
    kind = FRAMEWORK
    words = "framework"
    members = ("FrameworkDescription", "FrameworkControls")
    reads = frozenset({"backup:ListFrameworks", "backup:DescribeFramework", "backup:ListTags", RECORDERS})
    writes = frozenset({"backup:CreateFramework", "backup:UpdateFramework", "backup:TagResource"})
    quota = 15
    notes_before = True

    def found(self, place: Place) -> tuple[str, Properties] | None:
        backup, name = place.client("backup"), place.own_name
        absent = ("ResourceNotFoundException",)
        answer = read(lambda: backup.describe_framework(FrameworkName=name), "backup:DescribeFramework", absent=absent)
        if answer is None:
            return None
        return str(answer["FrameworkArn"]), {member: answer.get(member) for member in self.members}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        found = super().canonical(properties)
        return {**found, "FrameworkControls": compare.by_id([_control(one) for one in found.get("FrameworkControls") or ()])}

    def made(self, place: Place, after: Mapping[str, Any]) -> Call:
        parameters = {"FrameworkName": place.own_name, **self._settings(after), "FrameworkTags": after["Tags"]}
        words, action = f"Create framework {place.own_name} in {place.region}", "backup:CreateFramework"
        return Call("backup", "create_framework", parameters, words, action, creates=True, waits_for=WAITS_FOR)

    def changed(self, place: Place, after: Mapping[str, Any]) -> Call:
        parameters = {"FrameworkName": place.own_name, **self._settings(after)}
        words, action = "Change the controls of the framework", "backup:UpdateFramework"
        return Call("backup", "update_framework", parameters, words, action, waits_for=WAITS_FOR)

    def listed(self, backup: Any) -> Iterable[tuple[str, str]]:
        rows = every(backup.list_frameworks, "Frameworks", "backup:ListFrameworks")
        return [(row["FrameworkName"], row["FrameworkArn"]) for row in rows]

    def count(self, place: Place) -> int:
        return len(list(self.listed(place.client("backup"))))

    def notes(self, place: Place, want: Mapping[str, Any], observed: Observed) -> list[str]:
        config = place.client("config")
        try:
            rows = read(lambda: config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"], RECORDERS) or []
        except (Denied, ClientError):
            return [f"Whether AWS Config records in {place.region} cannot be told; without it {place.address} evaluates nothing."]
        if any(row.get("recording") for row in rows):
            return []
        return [f"AWS Config does not record in {place.region}: {place.address} evaluates nothing until it does."]

    def _settings(self, after: Mapping[str, Any]) -> dict[str, Any]:
        return {name: after[name] for name in self.members if after.get(name)}


def _control(control: Mapping[str, Any]) -> dict[str, Any]:
    """A control in one spelling: parameters and scope sorted, what is empty left out."""
    found = {name: value for name, value in control.items() if value not in (None, [], {})}
    if "ControlInputParameters" in found:
        found["ControlInputParameters"] = compare.by_id(found["ControlInputParameters"])
    if "ControlScope" in found:
        scope = {name: value for name, value in found.pop("ControlScope").items() if value}
        found |= {"ControlScope": {n: sorted(v) if isinstance(v, list) else v for n, v in scope.items()}} if scope else {}
    return found
