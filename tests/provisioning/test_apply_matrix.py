"""What holds for every type, over HTTP: adopted when somebody else made it, each of its writes denied, each of its writes throttled.

Created, no-op, one member changed and foreign settings kept: `test_apply_types.py`, also over every type.
"""

from collections import Counter

import pytest

from provisioning.apply import ApplyRefused
from provisioning.journal import Journal
from provisioning.names import ALIAS, NAMED, RESTORE_SELECTION
from provisioning.resources import TYPES
from provisioning.resources.backup_named import ARN
from tests.provisioning.cases import (
    ACCOUNT,
    FaultyClients,
    alias,
    change_of,
    design_of,
    key,
    of_every_type,
    plan_of,
    recorded,
    run,
    spec_of,
    sub,
    with_property,
    writes,
)
from tests.provisioning.test_apply_crashes import check_end

THEIRS = {"team": "film"}
# Neither has tags: an alias says it in a hazard of its own, and a selection of restore tests stands in a plan of ours.
UNTAGGED = {ALIAS, RESTORE_SELECTION}
TAGS = ("stowplan:assessment", "stowplan:resource", "stowplan:digest", "owner")


def hand_over(simulator, change):
    """Takes the tags that apply set off a resource and puts one of somebody else on it."""
    words, service = change["stowplan"], change["type"].split("::")[1].lower()
    name, place = words["id"], f"{words['region']}:{ACCOUNT}"
    client, pairs = simulator.client(service, words["region"]), [{"Key": name, "Value": value} for name, value in THEIRS.items()]
    ours = [{"Key": name} for name in TAGS]
    match service:
        case "s3":
            client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs})
        case "iam":
            client.untag_role(RoleName=name, TagKeys=TAGS)
            client.tag_role(RoleName=name, Tags=pairs)
        case "cloudtrail":
            arn = f"arn:aws:cloudtrail:{place}:trail/{name}"
            client.remove_tags(ResourceId=arn, TagsList=ours)
            client.add_tags(ResourceId=arn, TagsList=pairs)
        case "sns" | "events" | "cloudwatch":
            arn = f"arn:aws:{service}:{place}:{ {'sns': '', 'events': 'rule/', 'cloudwatch': 'alarm:'}[service] }{name}"
            word = "ResourceArn" if service == "sns" else "ResourceARN"
            client.untag_resource(**{word: arn}, TagKeys=TAGS)
            client.tag_resource(**{word: arn}, Tags=pairs)
        case "backup":
            arn = change["change"]["before"].get(ARN) or f"arn:aws:backup:{place}:backup-vault:{name}"
            client.untag_resource(ResourceArn=arn, TagKeyList=TAGS)
            client.tag_resource(ResourceArn=arn, Tags=THEIRS)


def test_what_somebody_else_made_under_our_name_is_taken_over_only_when_accepted(url, simulator):
    """Every type with a name of ours. What AWS names is found by our tags alone, so that it is never somebody else's."""
    design = of_every_type()
    assert run(plan_of(design, url)).state == "done"
    named = [change for change in plan_of(design, url)["resource_changes"] if change["type"] in NAMED - UNTAGGED]
    assert {change["type"] for change in named} == NAMED - UNTAGGED
    for change in named:
        hand_over(simulator, change)
    plan = plan_of(design, url)
    told = {hazard["address"]: hazard["sentence"] for hazard in plan["hazards"] if hazard["kind"] == "foreign"}
    assert told.keys() == {change["address"] for change in named}
    assert all("carries no tag of ours" in sentence for sentence in told.values())
    assert plan["stowplan"]["summary"]["adopt"] == len(named)
    with recorded(url) as seen, pytest.raises(ApplyRefused, match="carries no tag of ours"):
        run({**plan, "hazards": []})
    assert writes(seen) == []
    assert run(plan).state == "done"
    again = plan_of(design, url)
    assert again["stowplan"]["summary"]["unchanged"] == len(design.document["resources"])
    assert again["hazards"] == []
    for change in named:
        tags = change_of(again, change["name"])["change"]["before"]["Tags"]
        assert tags.items() >= {**THEIRS, "stowplan:resource": change["name"], "stowplan:digest": design.digest}.items(), change["name"]


def test_an_alias_that_names_another_key_is_moved_only_when_accepted(url):
    design = design_of(key(), key("key-other"), alias())
    assert run(plan_of(design, url)).state == "done"
    plan = plan_of(with_property(design, "alias-key-data", TargetKeyId=sub("${key-other.id}")), url)
    (hazard,) = plan["hazards"]
    assert "no longer names the key" in hazard["sentence"]
    assert run(plan).state == "done"


def pascal(operation):
    """The name of an operation on the wire, without case: boto3's `get_ebs_…` and AWS's `GetEbs…` are the same then."""
    return operation.replace("_", "").lower()


def calls_of(plan):
    """(type, operation on the wire, IAM action) of each call of a plan."""
    return {
        (change["type"], pascal(call["operation"]), call["action"])
        for change in plan["resource_changes"]
        for call in change["stowplan"]["calls"]
    }


def test_each_write_of_each_type_is_denied_once_and_named(url, simulator):
    """Each action is denied until it was named. Each round gets one step further, and the last one ends as if nothing had been."""
    design, journal = of_every_type(), Journal()
    plan = plan_of(design, url)
    calls = calls_of(plan)
    assert {kind for kind, _, _ in calls} == set(TYPES)
    # Buckets and accounts have an operation of the same name.
    actions = {operation: {action for _, other, action in calls if other == operation} for _, operation, _ in calls}
    named: set[str] = set()
    for _ in range(12):
        denied = {operation for operation in actions if actions[operation] - named}
        faulty = FaultyClients(spec_of(url), lambda one, denied=denied: (403, "AccessDenied") if pascal(one) in denied else None)
        outcome = run(plan, faulty, journal)
        assert set(outcome.missing_permissions) <= {action for operation in denied for action in actions[operation]}
        named |= set(outcome.missing_permissions)
        if outcome.state == "done":
            break
    assert named == {action for _, _, action in calls}
    check_end(simulator, design, url, journal)


def throttled_once(url, simulator, operations):
    """A run in which each of these operations is throttled the first time, and then what `check_end` wants."""
    asked = Counter()

    def throttle(operation):
        asked[pascal(operation)] += 1
        code = "SlowDown" if "Bucket" in operation or "Object" in operation else "ThrottlingException"
        first = pascal(operation) in operations and asked[pascal(operation)] == 1
        return (503 if code == "SlowDown" else 400, code) if first else None

    design, journal = of_every_type(), Journal()
    assert run(plan_of(design, url), FaultyClients(spec_of(url), throttle), journal).state == "done"
    assert all(asked[operation] > 1 for operation in operations)
    check_end(simulator, design, url, journal)


def test_the_first_call_of_each_type_is_throttled_once(url, simulator):
    plan = plan_of(of_every_type(), url)
    first = {change["type"]: pascal(change["stowplan"]["calls"][0]["operation"]) for change in plan["resource_changes"]}
    assert set(first) == set(TYPES)
    throttled_once(url, simulator, set(first.values()))


@pytest.mark.long
def test_each_write_of_each_type_is_throttled_once(url, simulator):
    throttled_once(url, simulator, {operation for _, operation, _ in calls_of(plan_of(of_every_type(), url))})
