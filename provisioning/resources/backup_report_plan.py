"""AWS::Backup::ReportPlan: a daily report of AWS Backup into a bucket, as evidence that copies were made and restored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.names import REPORT_PLAN
from provisioning.resources.backup_named import WAITS_FOR, NamedBackup, every
from provisioning.resources.base import Call, Place, Properties, read

LISTS = ("Formats", "FrameworkArns", "Accounts", "OrganizationUnits", "Regions")


class BackupReportPlan(NamedBackup):
    kind = REPORT_PLAN
    words = "report plan"
    members = ("ReportPlanDescription", "ReportDeliveryChannel", "ReportSetting")
    reads = frozenset({"backup:ListReportPlans", "backup:DescribeReportPlan", "backup:ListTags"})
    writes = frozenset({"backup:CreateReportPlan", "backup:UpdateReportPlan", "backup:TagResource"})
    quota = 20

    def found(self, place: Place) -> tuple[str, Properties] | None:
        backup, name = place.client("backup"), place.own_name
        absent = ("ResourceNotFoundException",)
        answer = read(lambda: backup.describe_report_plan(ReportPlanName=name), "backup:DescribeReportPlan", absent=absent)
        if answer is None:
            return None
        plan = answer["ReportPlan"]
        return str(plan["ReportPlanArn"]), {member: plan.get(member) for member in self.members}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        found = super().canonical(properties)
        for name in ("ReportDeliveryChannel", "ReportSetting"):
            members = {member: value for member, value in (found.get(name) or {}).items() if value not in (None, [], "", 0)}
            found[name] = {member: sorted(value, key=str) if member in LISTS else value for member, value in members.items()}
        # A report without a format is CSV (API reference of ReportDeliveryChannel).
        found["ReportDeliveryChannel"].setdefault("Formats", ["CSV"])
        return found

    def made(self, place: Place, after: Mapping[str, Any]) -> Call:
        parameters = {"ReportPlanName": place.own_name, **self._settings(after), "ReportPlanTags": after["Tags"]}
        words, action = f"Create report plan {place.own_name} in {place.region}", "backup:CreateReportPlan"
        return Call("backup", "create_report_plan", parameters, words, action, creates=True, waits_for=WAITS_FOR)

    def changed(self, place: Place, after: Mapping[str, Any]) -> Call:
        parameters = {"ReportPlanName": place.own_name, **self._settings(after)}
        words, action = "Change what is reported, and where to", "backup:UpdateReportPlan"
        return Call("backup", "update_report_plan", parameters, words, action, waits_for=WAITS_FOR)

    def listed(self, backup: Any) -> Iterable[tuple[str, str]]:
        rows = every(backup.list_report_plans, "ReportPlans", "backup:ListReportPlans")
        return [(row["ReportPlanName"], row["ReportPlanArn"]) for row in rows]

    def count(self, place: Place) -> int:
        return len(list(self.listed(place.client("backup"))))

    def _settings(self, after: Mapping[str, Any]) -> dict[str, Any]:
        return {name: after[name] for name in self.members if after.get(name)}
