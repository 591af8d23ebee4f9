"""What an earlier design set on a bucket and the next one no longer has: listed in words, left as it is."""

import pytest

from tests.provisioning.cases import PRIMARY, bucket, design_of, plan_of, replicated, rule, run, with_property


def left(plan):
    return {
        one["address"]: one["stowplan"]["no_longer_designed"] for one in plan["resource_changes"] if "no_longer_designed" in one["stowplan"]
    }


@pytest.mark.parametrize(
    ("name", "value", "rest"), [("LifecycleRules", [], "expiring objects"), ("Replication", None, "copies are paid for")]
)
def test_rules_that_are_dropped_are_listed_and_stay(url, name, value, rest):
    first = design_of(*replicated())
    run(plan_of(first, url))
    second = plan_of(with_property(first, "bucket-data", **{name: value}), url)
    found = left(second)
    assert set(found) == {f"AWS::S3::Bucket.bucket-data.{name}"}
    (sentence,) = found.values()
    assert "stowplan-" in sentence
    assert rest in sentence
    assert second["stowplan"]["summary"]["no_longer_designed"] == 1
    assert run(second).state == "done"
    assert left(plan_of(with_property(first, "bucket-data", **{name: value}), url)) == found


def test_rules_of_others_and_replaced_rules_are_not_listed(url, simulator):
    s3 = simulator.client("s3", PRIMARY)
    s3.create_bucket(Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": PRIMARY})
    theirs = rule("theirs", Expiration={"Days": 3650})
    s3.put_bucket_lifecycle_configuration(Bucket="theirs", LifecycleConfiguration={"Rules": [theirs]})
    design = design_of(bucket(adopt="theirs"))
    run(plan_of(design, url))
    plan = plan_of(with_property(design, "bucket-data", LifecycleRules=[]), url)
    assert left(plan) == {}
    assert run(plan).state == "done"
    rules = s3.get_bucket_lifecycle_configuration(Bucket="theirs")["Rules"]
    assert [one["ID"] for one in rules] == ["theirs"]
