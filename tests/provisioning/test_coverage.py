"""What policies and selections would find today: counted by tag, and "cannot be told" where a read is refused."""

from copy import deepcopy

import pytest

from provisioning.coverage import coverage_of
from provisioning.pages import PlanPage
from provisioning.plan_text import plan_lines
from provisioning.situation import Situation
from provisioning.tagged import picks_of
from provisioning.target import fit
from recommendations.design import Design
from tests.provisioning.cases import PRIMARY, FaultyClients, design_of, dlm, plan_of, resource, role, run, spec_of, sub


def volume(simulator, tags=None, region=PRIMARY):
    """A volume of somebody's; its id."""
    found = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    given = {"TagSpecifications": [{"ResourceType": "volume", "Tags": found}]} if found else {}
    return simulator.client("ec2", region).create_volume(AvailabilityZone=f"{region}a", Size=8, VolumeType="gp3", **given)["VolumeId"]


def snapshots(name="portal", what="VOLUME", tag=("Backup", "portal"), answer=None):
    """A design with one workload that a snapshot policy protects."""
    policy = dlm(f"dlm-{name}")
    policy["workloads"] = [name]
    policy["properties"]["PolicyDetails"] |= {"ResourceTypes": [what], "TargetTags": [{"Key": tag[0], "Value": tag[1]}]}
    return with_workloads(design_of(role(), policy), **{name: answer or "=".join(tag)})


def with_workloads(design, **tags):
    """The same design with these workloads and the tags that their answers name."""
    document = deepcopy(design.document)
    document["workloads"] = [{"key": key, "name": f"{key.capitalize()} system"} for key in tags]
    document["answers"]["workloads"] = [{"name": key, "answers": {"wl_tags": tag}} for key, tag in tags.items()]
    return Design.of(document)


def selection(*arns, tag=("Backup", "gold"), workloads=("portal",)):
    conditions = {"StringEquals": [{"ConditionKey": f"aws:ResourceTag/{tag[0]}", "ConditionValue": tag[1]}]}
    properties = {"BackupPlanId": sub("${backup-plan.id}"), "IamRoleArn": sub("${role-dlm.arn}"), "Resources": list(arns)}
    found = resource("select-portal", "AWS::Backup::BackupSelection", {**properties, "Conditions": conditions})
    del found["properties"]["Tags"]
    return {**found, "workloads": list(workloads)}


def test_a_policy_that_would_copy_nothing_is_a_warning_and_one_that_finds_volumes_says_how_many(url, simulator):
    design = snapshots()
    volume(simulator, {"Backup": "other"})
    volume(simulator, {"Backup": "portal"}, region="eu-west-1")
    plan = plan_of(design, url)
    (entry,) = plan["coverage"]
    assert entry["sentence"] == f"No volume carries Backup=portal in {PRIMARY}: the policy would copy nothing. (Snapshots of Portal system)"
    assert (entry["count"], entry["state"], entry["tag"]) == (0, "nothing", {"Key": "Backup", "Value": "portal"})
    assert f"Warning: {entry['sentence']}" in plan_lines(plan)
    assert PlanPage(plan).coverage == {"alarming": [entry], "rest": []}
    ids = [volume(simulator, {"Backup": "portal"}) for _ in range(2)]
    again = plan_of(design, url)
    assert "Coverage: Snapshots of Portal system: 2 volumes carry Backup=portal." in plan_lines(again)
    simulator.client("ec2", PRIMARY).delete_volume(VolumeId=ids[0])
    (entry,) = plan_of(design, url)["coverage"]
    assert entry["sentence"] == "Snapshots of Portal system: 1 volume carries Backup=portal."


def test_counts_that_change_make_no_plan_stale_and_a_plan_after_apply_is_empty(url, simulator):
    plan = plan_of(snapshots(), url)
    volume(simulator, {"Backup": "portal"})
    assert plan_of(snapshots(), url)["observed_fingerprint"] == plan["observed_fingerprint"]
    assert run(plan).state == "done"
    again = plan_of(snapshots(), url)
    assert {action for change in again["resource_changes"] for action in change["change"]["actions"]} == {"no-op"}


@pytest.mark.parametrize(("what", "operation"), [("VOLUME", "DescribeVolumes"), ("INSTANCE", "DescribeInstances")])
def test_a_read_that_is_denied_says_that_it_cannot_be_told(url, what, operation):
    denied = FaultyClients(spec_of(url), lambda one: (403, "UnauthorizedOperation") if one == operation else None)
    (entry,) = plan_of(snapshots(what=what), url, denied)["coverage"]
    assert entry["count"] is None
    assert entry["state"] == "unknown"
    assert f"cannot be told: ec2:{operation} is not allowed" in entry["sentence"]


def test_instances_that_are_gone_protect_nobody(url, simulator):
    ec2 = simulator.client("ec2", PRIMARY)
    specification = [{"ResourceType": "instance", "Tags": [{"Key": "Backup", "Value": "portal"}]}]
    made = ec2.run_instances(ImageId="ami-12c6146b", MinCount=2, MaxCount=2, TagSpecifications=specification)["Instances"]
    ec2.terminate_instances(InstanceIds=[made[0]["InstanceId"]])
    (entry,) = plan_of(snapshots(what="INSTANCE"), url)["coverage"]
    assert entry["sentence"] == "Snapshots of Portal system: 1 instance carries Backup=portal."


def test_a_key_with_signs_of_a_pattern_is_that_key_alone(url, simulator):
    volume(simulator, {"Backups": "gold"})
    (entry,) = plan_of(snapshots(tag=("Backup?", "gold")), url)["coverage"]
    assert entry["count"] == 0
    volume(simulator, {"Backup?": "gold"})
    (entry,) = plan_of(snapshots(tag=("Backup?", "gold")), url)["coverage"]
    assert entry["count"] == 1


def test_a_shared_policy_names_each_tag_with_its_workload():
    policy = dlm("dlm-portal")
    tags = [{"Key": "Backup", "Value": "portal"}, {"Key": "Backup", "Value": "files"}]
    policy["properties"]["PolicyDetails"]["TargetTags"] = tags
    policy["workloads"] = ["portal", "files"]
    (pick,) = picks_of(with_workloads(design_of(role(), policy), portal="Backup=portal", files="Backup=files").document)
    assert pick.tags == {("Backup", "portal"): ("portal",), ("Backup", "files"): ("files",)}


@pytest.mark.parametrize(
    ("arns", "said"),
    [
        (
            ["arn:aws:ec2:*:*:volume/*"],
            f"No volume carries Backup=gold in {PRIMARY}: the selection would copy nothing. (Backups of Portal system)",
        ),
        (
            ["arn:aws:ec2:*:*:volume/*", "arn:aws:elasticfilesystem:*:*:file-system/*"],
            f"Backups of Portal system: no volume carries Backup=gold in {PRIMARY}; what else it picks is not counted.",
        ),
        (
            ["arn:aws:rds:*:*:db:*"],
            f"Backups of Portal system: what carries Backup=gold in {PRIMARY} is not counted; only volumes and instances are.",
        ),
    ],
)
def test_only_a_selection_of_volumes_alone_says_that_it_would_copy_nothing(url, arns, said):
    plan = resource("backup-plan", "AWS::Backup::BackupPlan", {"Rules": []})
    design = with_workloads(design_of(role(), plan, selection(*arns)), portal="Backup=gold").document
    situation = Situation(design, fit(spec_of(url), design), FaultyClients(spec_of(url)))
    assert [entry["sentence"] for entry in coverage_of(situation)] == [said]
