"""Each resource type over HTTP against the simulator: created, unchanged, one member changed, what others set is kept."""

import json

import pytest

from provisioning.clients import Clients
from provisioning.evidence import collect
from provisioning.names import ALIAS, NAMED, RESTORE_SELECTION
from provisioning.resources import TYPES
from provisioning.resources.backup_named import ARN
from tests.provisioning.backups import rule_of
from tests.provisioning.cases import (
    ACCOUNT,
    DR,
    PRIMARY,
    alias,
    bucket,
    change_of,
    design_of,
    dlm,
    key,
    log_bucket,
    of_every_type,
    plan_of,
    recorded,
    replicated,
    role,
    rule,
    run,
    spec_of,
    sub,
    trail,
    with_property,
    without,
    writes,
)
from tests.provisioning.reports import request_bucket


def test_everything_is_created_as_designed_and_then_nothing_is_left_to_do(url, tmp_path):
    design = of_every_type()
    plan = plan_of(design, url)
    # The settings of an account are there before, so they change; everything else is made.
    settings = {"AWS::S3::AccountPublicAccessBlock", "AWS::EC2::EbsEncryption"}
    done = {(change["type"] in settings, *change["change"]["actions"]) for change in plan["resource_changes"]}
    assert done == {(False, "create"), (True, "update")}
    assert {change["type"] for change in plan["resource_changes"]} == set(TYPES)
    outcome = run(plan)
    assert outcome.state == "done", outcome.lines()
    manifest = collect(plan, Clients(spec_of(url)), tmp_path / "evidence")
    assert manifest["differences"] == []
    again = plan_of(design, url)
    assert again["stowplan"]["summary"]["unchanged"] == len(design.document["resources"])
    with recorded(url) as seen:
        assert run(again).state == "done"
    assert seen
    assert writes(seen) == []


# Resource: what changes, and the calls of it beside the one that tags.
CHANGES = {
    "bucket-data": (
        {"LifecycleRules": [rule("stowplan-data", Transitions=[{"Days": 30, "StorageClass": "STANDARD_IA"}])]},
        "put_bucket_lifecycle_configuration",
    ),
    "bucket-data-dr": ({"Logging": {"TargetBucket": sub("${bucket-far-logs.name}"), "TargetPrefix": "dr/"}}, "put_bucket_logging"),
    "key-data": ({"RotationPeriodInDays": 180}, "enable_key_rotation"),
    "alias-key-data": ({"TargetKeyId": sub("${key-other.id}")}, "update_alias"),
    "role-dlm": ({"Description": "Another role"}, "update_role"),
    "dlm-volumes": ({"State": "DISABLED"}, "update_lifecycle_policy"),
    "trail-main": ({"EnableLogFileValidation": False}, "update_trail"),
    "topic-alerts": ({"DisplayName": "Other alerts"}, "set_topic_attributes"),
    "rule-backup": ({"EventPattern": {"source": ["aws.backup"]}}, "put_rule"),
    "alarm-missing": ({"EvaluationPeriods": 30, "DatapointsToAlarm": 30}, "put_metric_alarm"),
    "alarm-replication": ({"TreatMissingData": "missing"}, "put_metric_alarm"),
    "vault-main": ({"LockConfiguration": {"MinRetentionDays": 8}}, "put_backup_vault_lock_configuration"),
    "backup-databases": ({"Rules": [rule_of(days=28)]}, "update_backup_plan"),
    "restore-quarterly": ({"StartWindowHours": 48}, "update_restore_testing_plan"),
    "restore-databases": ({"ValidationWindowHours": 8}, "update_restore_testing_selection"),
    "report-jobs": ({"ReportSetting": {"ReportTemplate": "RESTORE_JOB_REPORT"}}, "update_report_plan"),
    "framework-backup": ({"FrameworkDescription": "Other words"}, "update_framework"),
}
TAGS = {"tag_resource", "tag_role", "add_tags", "put_bucket_tagging"}
UNTAGGED = {"alias-key-data", "restore-databases"}


def before_and_after():
    """A design of every type, and the same with one changed member in each resource of CHANGES."""
    before = design_of(*of_every_type().document["resources"], key("key-other"), {**request_bucket("bucket-far-logs"), "region": DR})
    after = before
    for name, (properties, _) in CHANGES.items():
        after = with_property(after, name, **properties)
    return before, after


def test_one_changed_member_is_one_write_beside_the_digest_tag(url):
    """One run for all types. What is made once, a subscription and a selection are not changed but replaced, in tests of their own."""
    before, after = before_and_after()
    assert run(plan_of(before, url)).state == "done"
    plan = plan_of(after, url)
    entries = {change["name"]: change for change in plan["resource_changes"] if change["change"]["actions"] != ["no-op"]}
    assert set(entries) == set(CHANGES)
    for name, (properties, operation) in CHANGES.items():
        calls = [call["operation"] for call in entries[name]["stowplan"]["calls"]]
        assert sorted(set(calls) - TAGS) == [operation], name
        assert len(calls) == (1 if name in UNTAGGED else 2), name
        shown = entries[name]["change"]
        assert all(shown["before"].get(member) != shown["after"].get(member) for member in properties), name
    with recorded(url) as seen:
        outcome = run(plan)
    assert outcome.state == "done", outcome.lines()
    assert len(writes(seen)) == sum(len(entry["stowplan"]["calls"]) for entry in entries.values())
    assert plan_of(after, url)["stowplan"]["summary"]["unchanged"] == len(after.document["resources"])


def foreign_bucket(s3, name="theirs-since-2014"):
    """A bucket with settings of others in each shared configuration."""
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": PRIMARY})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "team", "Value": "film"}]})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    rules = [
        {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 7}},
        {"ID": "old-form", "Status": "Enabled", "Prefix": "old/", "Expiration": {"Date": "2031-01-01T00:00:00Z"}},
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    statement = {"Sid": "TheirReaders", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "s3:GetObject"}
    document = {"Version": "2012-10-17", "Statement": {**statement, "Resource": f"arn:aws:s3:::{name}/*"}}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document))
    return name


def test_an_adopted_bucket_keeps_what_others_configured(url, simulator):
    s3 = simulator.client("s3", PRIMARY)
    name = foreign_bucket(s3)
    design = design_of(bucket(adopt=name))
    plan = plan_of(design, url)
    entry = change_of(plan, "bucket-data")["change"]
    assert entry["actions"] == ["update"]
    assert entry["importing"] == {"id": name}
    assert run(plan).state == "done"
    rules = {one["ID"]: one for one in s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]}
    assert set(rules) == {"theirs", "old-form", "stowplan-data"}
    assert rules["theirs"]["Expiration"] == {"Days": 7}
    assert rules["old-form"]["Filter"] == {"Prefix": "old/"}
    assert rules["old-form"]["Expiration"]["Date"].year == 2031
    sids = {one["Sid"] for one in json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])["Statement"]}
    assert sids == {"TheirReaders", "StowplanTlsOnly"}
    found = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]}
    assert found["team"] == "film"
    assert found["stowplan:resource"] == "bucket-data"
    assert found["stowplan:digest"] == design.digest
    again = plan_of(design, url)
    assert change_of(again, "bucket-data")["change"]["actions"] == ["no-op"]
    assert "importing" not in change_of(again, "bucket-data")["change"]


def test_our_rules_of_an_earlier_design_give_way_and_foreign_ones_do_not(url, simulator):
    s3 = simulator.client("s3", PRIMARY)
    name = foreign_bucket(s3)
    design = design_of(bucket(adopt=name))
    assert run(plan_of(design, url)).state == "done"
    renamed = with_property(
        design, "bucket-data", LifecycleRules=[rule("stowplan-new", NoncurrentVersionExpiration={"NoncurrentDays": 30})]
    )
    assert run(plan_of(renamed, url)).state == "done"
    assert {one["ID"] for one in s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]} == {"theirs", "old-form", "stowplan-new"}


def test_foreign_replication_rules_are_kept_and_their_priorities_left_alone(url, simulator):
    s3, iam = simulator.client("s3", PRIMARY), simulator.client("iam")
    name = foreign_bucket(s3)
    simulator.client("s3", DR).create_bucket(Bucket="their-copy", CreateBucketConfiguration={"LocationConstraint": DR})
    simulator.client("s3", DR).put_bucket_versioning(Bucket="their-copy", VersioningConfiguration={"Status": "Enabled"})
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    arn = iam.create_role(RoleName="theirs", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    theirs = {
        "ID": "theirs",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": "a/"},
        "DeleteMarkerReplication": {"Status": "Disabled"},
    }
    theirs["Destination"] = {"Bucket": "arn:aws:s3:::their-copy"}
    s3.put_bucket_replication(Bucket=name, ReplicationConfiguration={"Role": arn, "Rules": [theirs]})
    resources = replicated()
    resources[0]["adopt"] = name
    plan = plan_of(design_of(*resources), url)
    assert [hazard["kind"] for hazard in plan["hazards"]] == ["foreign"]
    assert run(plan).state == "done"
    found = s3.get_bucket_replication(Bucket=name)["ReplicationConfiguration"]["Rules"]
    assert {one["ID"]: one["Priority"] for one in found} == {"theirs": 1, "stowplan-dr": 2}
    assert plan_of(design_of(*resources), url)["stowplan"]["summary"]["unchanged"] == len(resources)


def test_what_others_added_to_a_role_and_a_key_of_ours_stays(url, simulator):
    design = design_of(key(), alias(), role(), dlm())
    plan = plan_of(design, url)
    assert run(plan).state == "done"
    again = plan_of(design, url)
    iam, kms = simulator.client("iam"), simulator.client("kms", PRIMARY)
    name, key_id = change_of(again, "role-dlm")["stowplan"]["id"], change_of(again, "key-data")["stowplan"]["id"]
    policy = {"Version": "2012-10-17", "Statement": [{"Sid": "Theirs", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}
    iam.put_role_policy(RoleName=name, PolicyName="theirs", PolicyDocument=json.dumps(policy))
    kms.tag_resource(KeyId=key_id, Tags=[{"TagKey": "team", "TagValue": "film"}])
    document = json.loads(kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"])
    document["Statement"].append(
        {"Sid": "Theirs", "Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*"}
    )
    kms.put_key_policy(KeyId=key_id, PolicyName="default", Policy=json.dumps(document))
    assert plan_of(design, url)["stowplan"]["summary"]["update"] == 0
    changed = with_property(with_property(design, "role-dlm", Description="Changed"), "key-data", Description="Changed")
    assert run(plan_of(changed, url)).state == "done"
    assert set(iam.list_role_policies(RoleName=name)["PolicyNames"]) == {"theirs", "work"}
    sids = {one["Sid"] for one in json.loads(kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"])["Statement"]}
    assert sids == {"StowplanDelegateToIam", "Theirs"}
    assert {"TagKey": "team", "TagValue": "film"} in kms.list_resource_tags(KeyId=key_id)["Tags"]


def retag(simulator, change, tag):
    """Puts a tag on what a plan found, as somebody else would."""
    words, kind = change["stowplan"], change["type"]
    name, place = words["id"], f"{words['region']}:{ACCOUNT}"
    service = kind.split("::")[1].lower()
    client = simulator.client(service, words["region"])
    match service:
        case "s3":
            tags = [one for one in client.get_bucket_tagging(Bucket=name)["TagSet"] if one["Key"] != tag["Key"]]
            client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [*tags, tag]})
        case "iam":
            client.tag_role(RoleName=name, Tags=[tag])
        case "cloudtrail":
            client.add_tags(ResourceId=f"arn:aws:cloudtrail:{place}:trail/{name}", TagsList=[tag])
        case "sns":
            client.tag_resource(ResourceArn=f"arn:aws:sns:{place}:{name}", Tags=[tag])
        case "events":
            client.tag_resource(ResourceARN=f"arn:aws:events:{place}:rule/{name}", Tags=[tag])
        case "cloudwatch":
            client.tag_resource(ResourceARN=f"arn:aws:cloudwatch:{place}:alarm:{name}", Tags=[tag])
        case "backup":
            arn = change["change"]["before"].get(ARN) or f"arn:aws:backup:{place}:backup-vault:{name}"
            client.tag_resource(ResourceArn=arn, Tags={tag["Key"]: tag["Value"]})


def test_what_belongs_to_another_assessment_by_its_tag_is_left_alone(url, simulator):
    """Every type with a name of ours and tags. The others are found by their tags, so another's are none of ours."""
    design = of_every_type()
    assert run(plan_of(design, url)).state == "done"
    theirs = {}
    for change in plan_of(design, url)["resource_changes"]:
        # A selection of restore tests has no tags, and an alias none either.
        if change["type"] in NAMED - {ALIAS, RESTORE_SELECTION}:
            theirs[change["name"]] = change["type"]
            retag(simulator, change, {"Key": "stowplan:assessment", "Value": "other"})
    assert set(theirs.values()) == NAMED - {ALIAS, RESTORE_SELECTION}
    plan = plan_of(design, url)
    for name in theirs:
        assert "belongs to the assessment 'other'" in change_of(plan, name)["stowplan"]["blocked"], name
    with recorded(url) as seen:
        assert run(plan).state == "failed"
    assert writes(seen) == []


def test_what_a_design_no_longer_has_is_listed_and_left(url, simulator):
    design = of_every_type()
    assert run(plan_of(design, url)).state == "done"
    smaller = without(without(design, "trail-main"), "dlm-volumes")
    plan = plan_of(smaller, url)
    left = {change["name"]: change for change in plan["resource_changes"] if "no_longer_designed" in change["stowplan"]}
    assert set(left) == {"trail-main", "dlm-volumes"}
    assert left["dlm-volumes"]["change"]["actions"] == ["no-op"]
    assert "paid for" in left["dlm-volumes"]["stowplan"]["no_longer_designed"]
    assert run(plan).state == "done"
    assert len(simulator.client("dlm", PRIMARY).get_lifecycle_policies()["Policies"]) == 1
    assert len(simulator.client("cloudtrail", PRIMARY).describe_trails()["trailList"]) == 1


def test_two_plans_of_one_design_make_the_same_names(url):
    first, second = plan_of(of_every_type(), url), plan_of(of_every_type(), url)
    assert first == second
    assert run(first).state == "done"
    # The second plan was made before: what it saw no longer holds.
    with pytest.raises(Exception, match="no longer as the plan saw it"):
        run(second)


def test_a_trail_is_started(url, simulator):
    assert run(plan_of(design_of(key(), log_bucket(), trail()), url)).state == "done"
    client = simulator.client("cloudtrail", PRIMARY)
    name = client.describe_trails()["trailList"][0]["Name"]
    assert client.get_trail_status(Name=name)["IsLogging"] is True
