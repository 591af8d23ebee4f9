"""A snapshot policy with fast restore and archive tier: the simulator takes it and reads it back without a difference, exports say it."""

from __future__ import annotations

import copy
from typing import Any

from provisioning.exporters.cloudformation_types import TYPES as CLOUDFORMATION
from provisioning.exporters.terraform_types import TYPES as TERRAFORM
from provisioning.resources.base import Observed
from provisioning.resources.dlm_policy import DlmPolicy
from tests.support.simulator import Simulator

MONTH = {"Interval": 1, "IntervalUnit": "MONTHS"}
DETAILS: dict[str, Any] = {
    "PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
    "ResourceTypes": ["VOLUME"],
    "ResourceLocations": ["CLOUD"],
    "TargetTags": [{"Key": "Backup", "Value": "gold"}],
    "Schedules": [
        {
            "Name": "daily",
            "CreateRule": {"Interval": 24, "IntervalUnit": "HOURS", "Times": ["01:00"]},
            "RetainRule": {"Interval": 14, "IntervalUnit": "DAYS"},
            "FastRestoreRule": {"Count": 1, "AvailabilityZones": ["us-east-1b", "us-east-1a"]},
        },
        {
            "Name": "monthly",
            "CreateRule": {"CronExpression": "cron(0 1 ? * SUN#1 *)"},
            "RetainRule": MONTH,
            "ArchiveRule": {"RetainRule": {"RetentionArchiveTier": {"Interval": 11, "IntervalUnit": "MONTHS"}}},
        },
    ],
}
POLICY: dict[str, Any] = {
    "ExecutionRoleArn": "arn:aws:iam::123456789012:role/stowplan-dlm",
    "Description": "Stowplan gold",
    "State": "ENABLED",
    "PolicyDetails": DETAILS,
}


def test_the_simulator_takes_the_policy_and_reading_it_back_shows_no_difference(simulator: Simulator) -> None:
    dlm = simulator.session().client("dlm", endpoint_url=simulator.url)
    key = dlm.create_lifecycle_policy(**POLICY, Tags={"a": "b"})["PolicyId"]
    found = dlm.get_lifecycle_policy(PolicyId=key)["Policy"]
    kind = DlmPolicy()
    wanted = copy.deepcopy(POLICY)
    wanted["PolicyDetails"]["Schedules"][0]["FastRestoreRule"]["AvailabilityZones"].reverse()
    assert kind.canonical({"PolicyDetails": found["PolicyDetails"]}) == kind.canonical({"PolicyDetails": wanted["PolicyDetails"]})
    wanted["PolicyDetails"]["Schedules"][0]["FastRestoreRule"]["AvailabilityZones"] = ["us-east-1a"]
    assert kind.canonical({"PolicyDetails": found["PolicyDetails"]}) != kind.canonical({"PolicyDetails": wanted["PolicyDetails"]})


def hazards(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    observed = Observed(True, "policy-1", {**POLICY, "PolicyDetails": {**DETAILS, "Schedules": [before]}, "Tags": {}})
    then = {**POLICY, "PolicyDetails": {**DETAILS, "Schedules": [after]}, "Tags": {}}
    return [one.sentence for one in DlmPolicy().hazards(None, then, then, observed)]  # type: ignore[arg-type]


def test_months_in_the_archive_count_as_kept_and_losing_them_is_a_hazard() -> None:
    archived = DETAILS["Schedules"][1]
    plain = {"Name": "monthly", "CreateRule": archived["CreateRule"], "RetainRule": {"Interval": 12, "IntervalUnit": "MONTHS"}}
    assert hazards(plain, archived) == []
    (told,) = hazards(archived, {**plain, "RetainRule": MONTH})
    assert "keeps 1 months instead of 1 months and 11 months in the archive" in told


def test_both_exports_say_fast_restore_and_archive() -> None:
    ((name, made),) = TERRAFORM["AWS::DLM::LifecyclePolicy"]("gold", "gold", POLICY, {})
    assert name == "aws_dlm_lifecycle_policy"
    text = str(made)
    assert "fast_restore_rule" in text
    assert "'availability_zones': ['us-east-1b', 'us-east-1a']" in text
    assert "archive_retain_rule" in text
    template = CLOUDFORMATION["AWS::DLM::LifecyclePolicy"]("gold", POLICY, [])
    assert template["PolicyDetails"]["Schedules"] == DETAILS["Schedules"]
