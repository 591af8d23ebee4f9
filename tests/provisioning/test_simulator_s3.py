"""S3 of the simulator: configurations come back as they were sent, and what AWS refuses is refused. Plain boto3 over HTTP."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support.simulator import Simulator

ARN = "arn:aws:s3:::"
KEY = "arn:aws:kms:us-east-1:123456789012:key/0"


def refusal(call: Callable[..., Any], **request: Any) -> str:
    """The error code of a call that must be refused."""
    with pytest.raises(ClientError) as refused:
        call(**request)
    return str(refused.value.response["Error"]["Code"])


@pytest.fixture
def s3(simulator: Simulator) -> Any:
    """A client that sends what it is told, and the buckets `source` and `replica` (both versioned) and `plain`."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    client = simulator.session().client("s3", endpoint_url=simulator.url, config=config)
    for name in ("source", "replica", "plain"):
        client.create_bucket(Bucket=name)
    for name in ("source", "replica"):
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return client


# ------------------------------------------------------------------------------------------------------------- lifecycle
def rule(**members: Any) -> dict[str, Any]:
    return {"ID": "stowplan-a", "Status": "Enabled", "Filter": {"Prefix": ""}, **members}


def steps(*pairs: tuple[int, str]) -> list[dict[str, Any]]:
    return [{"Days": days, "StorageClass": name} for days, name in pairs]


def noncurrent(*pairs: tuple[int, str]) -> list[dict[str, Any]]:
    return [{"NoncurrentDays": days, "StorageClass": name} for days, name in pairs]


TAG = {"Key": "k", "Value": "v"}
MIDNIGHT = datetime(2030, 1, 1, tzinfo=UTC)
TAKEN: dict[str, list[dict[str, Any]]] = {
    "size filter": [rule(Filter={"ObjectSizeGreaterThan": 131072}, Transitions=steps((0, "GLACIER_IR")))],
    "all in one filter": [
        rule(
            Filter={"And": {"Prefix": "a/", "Tags": [TAG], "ObjectSizeGreaterThan": 1, "ObjectSizeLessThan": 9}},
            Expiration={"Days": 1},
        )
    ],
    "kept versions": [
        rule(
            NoncurrentVersionTransitions=[{**noncurrent((30, "STANDARD_IA"))[0], "NewerNoncurrentVersions": 2}],
            NoncurrentVersionExpiration={"NoncurrentDays": 90, "NewerNoncurrentVersions": 3},
        )
    ],
    "kept versions of a small bucket": [rule(NoncurrentVersionExpiration={"NoncurrentDays": 1, "NewerNoncurrentVersions": 100})],
    "whole way down": [
        rule(Transitions=steps((30, "STANDARD_IA"), (60, "GLACIER_IR"), (150, "GLACIER"), (240, "DEEP_ARCHIVE")), Expiration={"Days": 4018})
    ],
    "tiering, then archive": [rule(Transitions=steps((0, "INTELLIGENT_TIERING"), (180, "DEEP_ARCHIVE")))],
    "on a date": [rule(Transitions=[{"Date": MIDNIGHT, "StorageClass": "GLACIER"}])],
    "old prefix": [{"ID": "old", "Status": "Disabled", "Prefix": "logs/", "Expiration": {"Days": 30}}],
    "tag filter": [rule(Filter={"Tag": TAG}, Expiration={"Days": 30})],
    "clean up": [rule(AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7}, Expiration={"ExpiredObjectDeleteMarker": True})],
    "1,000 rules": [rule(ID=f"r{number}", Expiration={"Days": 30}) for number in range(1000)],
}
REFUSED: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "no rules": ("MalformedXML", []),
    "1,001 rules": ("MalformedXML", [rule(ID=f"r{number}", Expiration={"Days": 30}) for number in range(1001)]),
    "same id twice": ("InvalidArgument", [rule(Expiration={"Days": 30})] * 2),
    "long id": ("InvalidArgument", [rule(ID="x" * 256, Expiration={"Days": 30})]),
    "no action": ("InvalidRequest", [rule()]),
    "no status": ("MalformedXML", [{"ID": "a", "Filter": {}, "Expiration": {"Days": 1}}]),
    "unknown status": ("MalformedXML", [rule(Status="On", Expiration={"Days": 1})]),
    "no filter": ("MalformedXML", [{"ID": "a", "Status": "Enabled", "Expiration": {"Days": 1}}]),
    "filter and prefix": ("MalformedXML", [rule(Prefix="a/", Expiration={"Days": 1})]),
    "two filters": ("MalformedXML", [rule(Filter={"Prefix": "a/", "Tag": TAG}, Expiration={"Days": 1})]),
    "and with one condition": ("MalformedXML", [rule(Filter={"And": {"Prefix": "a/"}}, Expiration={"Days": 1})]),
    "same tag twice": ("InvalidRequest", [rule(Filter={"And": {"Tags": [TAG, TAG]}}, Expiration={"Days": 1})]),
    "sizes crossed": (
        "InvalidRequest",
        [rule(Filter={"And": {"ObjectSizeGreaterThan": 9, "ObjectSizeLessThan": 9}}, Expiration={"Days": 1})],
    ),
    "unknown class": ("MalformedXML", [rule(Transitions=steps((30, "ICE")))]),
    "up to standard": ("MalformedXML", [rule(Transitions=steps((30, "STANDARD")))]),
    "infrequent too early": ("InvalidArgument", [rule(Transitions=steps((29, "STANDARD_IA")))]),
    "one zone too early": ("InvalidArgument", [rule(Transitions=steps((0, "ONEZONE_IA")))]),
    "upwards": ("InvalidArgument", [rule(Transitions=steps((30, "GLACIER"), (90, "STANDARD_IA")))]),
    "sideways": ("InvalidArgument", [rule(Transitions=steps((30, "ONEZONE_IA"), (90, "GLACIER_IR")))]),
    "same day": ("InvalidArgument", [rule(Transitions=steps((90, "GLACIER"), (90, "DEEP_ARCHIVE")))]),
    "gap too short": ("InvalidArgument", [rule(Transitions=steps((30, "STANDARD_IA"), (59, "GLACIER")))]),
    "class twice": ("InvalidRequest", [rule(Transitions=steps((90, "GLACIER"), (180, "GLACIER")))]),
    "negative days": ("InvalidArgument", [rule(Transitions=steps((-1, "GLACIER")))]),
    "days and date": ("MalformedXML", [rule(Transitions=[{"Days": 1, "Date": MIDNIGHT, "StorageClass": "GLACIER"}])]),
    "days here, dates there": (
        "InvalidRequest",
        [rule(Transitions=[*steps((30, "STANDARD_IA")), {"Date": MIDNIGHT, "StorageClass": "GLACIER"}])],
    ),
    "not midnight": ("InvalidArgument", [rule(Expiration={"Date": datetime(2030, 1, 1, 1, tzinfo=UTC)})]),
    "expires before it moves": ("InvalidArgument", [rule(Transitions=steps((90, "GLACIER")), Expiration={"Days": 90})]),
    "expires at once": ("InvalidArgument", [rule(Expiration={"Days": 0})]),
    "two expirations": ("MalformedXML", [rule(Expiration={"Days": 1, "ExpiredObjectDeleteMarker": True})]),
    "markers by tag": ("InvalidRequest", [rule(Filter={"Tag": TAG}, Expiration={"ExpiredObjectDeleteMarker": True})]),
    "uploads by tag": ("InvalidRequest", [rule(Filter={"Tag": TAG}, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7})]),
    "uploads by size": (
        "InvalidRequest",
        [rule(Filter={"ObjectSizeLessThan": 9}, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7})],
    ),
    "uploads at once": ("InvalidArgument", [rule(AbortIncompleteMultipartUpload={"DaysAfterInitiation": 0})]),
    "old versions too early": ("InvalidArgument", [rule(NoncurrentVersionTransitions=noncurrent((7, "STANDARD_IA")))]),
    "old versions upwards": (
        "InvalidArgument",
        [rule(NoncurrentVersionTransitions=noncurrent((30, "DEEP_ARCHIVE"), (90, "GLACIER")))],
    ),
    "old versions expire before": (
        "InvalidArgument",
        [rule(NoncurrentVersionTransitions=noncurrent((90, "GLACIER")), NoncurrentVersionExpiration={"NoncurrentDays": 30})],
    ),
    "old versions without days": ("MalformedXML", [rule(NoncurrentVersionExpiration={"NewerNoncurrentVersions": 3})]),
    "101 versions": (
        "InvalidArgument",
        [rule(NoncurrentVersionExpiration={"NoncurrentDays": 1, "NewerNoncurrentVersions": 101})],
    ),
    "versions without a filter": (
        "InvalidRequest",
        [
            {
                "ID": "a",
                "Status": "Enabled",
                "Prefix": "",
                "NoncurrentVersionExpiration": {"NoncurrentDays": 1, "NewerNoncurrentVersions": 1},
            }
        ],
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_lifecycle_comes_back_as_it_was_sent(s3: Any, name: str) -> None:
    s3.put_bucket_lifecycle_configuration(Bucket="source", LifecycleConfiguration={"Rules": TAKEN[name]})

    assert s3.get_bucket_lifecycle_configuration(Bucket="source")["Rules"] == TAKEN[name]


@pytest.mark.parametrize("name", REFUSED)
def test_a_lifecycle_that_aws_refuses_is_refused(s3: Any, name: str) -> None:
    code, rules = REFUSED[name]

    assert refusal(s3.put_bucket_lifecycle_configuration, Bucket="source", LifecycleConfiguration={"Rules": rules}) == code
    assert refusal(s3.get_bucket_lifecycle_configuration, Bucket="source") == "NoSuchLifecycleConfiguration"


def test_the_default_minimum_size_is_kept_and_falls_back_when_it_is_left_out(s3: Any) -> None:
    rules = {"Rules": [rule(Expiration={"Days": 30})]}

    def put(**more: Any) -> str:
        s3.put_bucket_lifecycle_configuration(Bucket="source", LifecycleConfiguration=rules, **more)
        return str(s3.get_bucket_lifecycle_configuration(Bucket="source")["TransitionDefaultMinimumObjectSize"])

    assert put(TransitionDefaultMinimumObjectSize="varies_by_storage_class") == "varies_by_storage_class"
    assert put() == "all_storage_classes_128K"
    wrong = {"Bucket": "source", "LifecycleConfiguration": rules, "TransitionDefaultMinimumObjectSize": "1K"}
    assert refusal(s3.put_bucket_lifecycle_configuration, **wrong) == "InvalidArgument"


def test_a_deleted_lifecycle_and_a_deleted_bucket_leave_nothing(s3: Any) -> None:
    rules = {"Rules": [rule(Expiration={"Days": 30})]}
    s3.put_bucket_lifecycle_configuration(Bucket="plain", LifecycleConfiguration=rules)

    s3.delete_bucket_lifecycle(Bucket="plain")
    assert refusal(s3.get_bucket_lifecycle_configuration, Bucket="plain") == "NoSuchLifecycleConfiguration"

    s3.put_bucket_lifecycle_configuration(Bucket="plain", LifecycleConfiguration=rules)
    s3.delete_bucket(Bucket="plain")
    assert refusal(s3.get_bucket_lifecycle_configuration, Bucket="plain") == "NoSuchBucket"
    s3.create_bucket(Bucket="plain")
    assert refusal(s3.get_bucket_lifecycle_configuration, Bucket="plain") == "NoSuchLifecycleConfiguration"


# ----------------------------------------------------------------------------------------------------------- replication
def replica(**changes: Any) -> dict[str, Any]:
    """A replication rule with everything that Stowplan sets; `destination` changes its destination, None takes a member away."""
    destination = {
        "Bucket": f"{ARN}replica",
        "StorageClass": "STANDARD_IA",
        "EncryptionConfiguration": {"ReplicaKmsKeyID": KEY},
        "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
        "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
        **changes.pop("destination", {}),
    }
    members = {
        "ID": "stowplan-dr",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
        "Destination": {name: value for name, value in destination.items() if value is not None},
        **changes,
    }
    return {name: value for name, value in members.items() if value is not None}


def configuration(*rules: dict[str, Any], role: str = "arn:aws:iam::123456789012:role/r") -> dict[str, Any]:
    return copy.deepcopy({"Role": role, "Rules": list(rules)})


PLAIN = {"EncryptionConfiguration": None}
BAD_REPLICATION = {
    "no rules": configuration(),
    "no role": configuration(replica(), role="r"),
    "same priority": configuration(replica(), replica(ID="b")),
    "same id": configuration(replica(), replica(Priority=2)),
    "no priority": configuration(replica(Priority=None)),
    "no word on delete markers": configuration(replica(DeleteMarkerReplication=None)),
    "delete markers by tag": configuration(replica(Filter={"Tag": TAG}, DeleteMarkerReplication={"Status": "Enabled"})),
    "filter and prefix": configuration(replica(Prefix="a/")),
    "old objects": configuration(replica(ExistingObjectReplication={"Status": "Enabled"})),
    "encrypted objects without a key": configuration(replica(destination=PLAIN)),
    "a key without encrypted objects": configuration(replica(SourceSelectionCriteria=None)),
    "ten minutes": configuration(replica(destination={"ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 10}}})),
    "time without metrics": configuration(replica(destination={"Metrics": None})),
    "into itself": configuration(replica(destination={"Bucket": f"{ARN}source"})),
    "into nothing": configuration(replica(destination={"Bucket": f"{ARN}nobody"})),
    "into an unversioned bucket": configuration(replica(destination={"Bucket": f"{ARN}plain"})),
    "by name": configuration(replica(destination={"Bucket": "replica"})),
    "unknown class": configuration(replica(destination={"StorageClass": "ICE"})),
}


def test_a_replication_comes_back_as_it_was_sent(s3: Any) -> None:
    both = {"And": {"Prefix": "a/", "Tags": [TAG]}}
    wanted = configuration(replica(), replica(ID="b", Priority=2, Filter=both), replica(ID="c", Priority=3, Filter={"Tag": TAG}))

    s3.put_bucket_replication(Bucket="source", ReplicationConfiguration=wanted)
    assert s3.get_bucket_replication(Bucket="source")["ReplicationConfiguration"] == wanted

    s3.delete_bucket_replication(Bucket="source")
    assert refusal(s3.get_bucket_replication, Bucket="source") == "ReplicationConfigurationNotFoundError"


@pytest.mark.parametrize("name", BAD_REPLICATION)
def test_a_replication_that_aws_refuses_is_refused(s3: Any, name: str) -> None:
    code = refusal(s3.put_bucket_replication, Bucket="source", ReplicationConfiguration=BAD_REPLICATION[name])

    assert code in ("InvalidRequest", "InvalidArgument", "MalformedXML")
    assert refusal(s3.get_bucket_replication, Bucket="source") == "ReplicationConfigurationNotFoundError"


def test_replication_needs_versions_at_the_source_and_the_same_lock_at_the_destination(s3: Any) -> None:
    wanted = configuration(replica())
    assert refusal(s3.put_bucket_replication, Bucket="plain", ReplicationConfiguration=wanted) == "InvalidRequest"
    s3.put_object_lock_configuration(Bucket="source", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
    assert refusal(s3.put_bucket_replication, Bucket="source", ReplicationConfiguration=wanted) == "InvalidRequest"
    s3.put_object_lock_configuration(Bucket="replica", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
    s3.put_bucket_replication(Bucket="source", ReplicationConfiguration=wanted)
    assert s3.get_bucket_replication(Bucket="source")["ReplicationConfiguration"] == wanted


# -------------------------------------------------------------------------------------- object lock, versioning, the rest
LOCK = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}}


def test_object_lock_is_put_on_a_bucket_with_objects_and_holds_for_new_ones(s3: Any) -> None:
    s3.put_object(Bucket="source", Key="old", Body=b"x")
    assert refusal(s3.get_object_lock_configuration, Bucket="source") == "ObjectLockConfigurationNotFoundError"

    s3.put_object_lock_configuration(Bucket="source", ObjectLockConfiguration=LOCK)

    assert s3.get_object_lock_configuration(Bucket="source")["ObjectLockConfiguration"] == LOCK
    s3.put_object(Bucket="source", Key="new", Body=b"x")
    assert s3.head_object(Bucket="source", Key="new")["ObjectLockMode"] == "GOVERNANCE"
    assert "ObjectLockMode" not in s3.head_object(Bucket="source", Key="old")


@pytest.mark.parametrize(
    "retention",
    [
        {"Mode": "GOVERNANCE"},
        {"Days": 1},
        {"Mode": "GOVERNANCE", "Days": 1, "Years": 1},
        {"Mode": "SOFT", "Days": 1},
        {"Mode": "GOVERNANCE", "Days": 0},
    ],
)
def test_a_retention_that_is_none_is_refused(s3: Any, retention: dict[str, Any]) -> None:
    wrong = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
    assert refusal(s3.put_object_lock_configuration, Bucket="source", ObjectLockConfiguration=wrong) in ("MalformedXML", "InvalidArgument")


def test_lock_needs_versions_and_versions_stay_where_lock_or_replication_needs_them(s3: Any) -> None:
    suspended = {"Status": "Suspended"}
    assert refusal(s3.put_object_lock_configuration, Bucket="plain", ObjectLockConfiguration=LOCK) == "InvalidBucketState"
    s3.put_bucket_replication(Bucket="source", ReplicationConfiguration=configuration(replica()))
    assert refusal(s3.put_bucket_versioning, Bucket="source", VersioningConfiguration=suspended) == "InvalidBucketState"
    s3.put_bucket_versioning(Bucket="replica", VersioningConfiguration=suspended)
    assert s3.get_bucket_versioning(Bucket="replica")["Status"] == "Suspended"
    s3.put_bucket_versioning(Bucket="replica", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object_lock_configuration(Bucket="replica", ObjectLockConfiguration=LOCK)
    assert refusal(s3.put_bucket_versioning, Bucket="replica", VersioningConfiguration=suspended) == "InvalidBucketState"


def test_a_new_bucket_is_encrypted_by_s3_and_says_so(s3: Any) -> None:
    def found() -> Any:
        return s3.get_bucket_encryption(Bucket="plain")["ServerSideEncryptionConfiguration"]["Rules"]

    assert found() == [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]
    wanted = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}, "BucketKeyEnabled": True}]
    s3.put_bucket_encryption(Bucket="plain", ServerSideEncryptionConfiguration={"Rules": wanted})
    assert found() == wanted


STATEMENT = {"Sid": "a", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"{ARN}plain/*"}


@pytest.mark.parametrize(
    ("code", "statements"),
    [
        ("MalformedPolicy", "Deny"),
        ("MalformedPolicy", [{**STATEMENT, "Effect": "Maybe"}]),
        ("MalformedPolicy", [{**STATEMENT, "Resource": f"{ARN}other/*"}]),
        ("MalformedPolicy", [STATEMENT, STATEMENT]),
        ("MalformedPolicy", [{name: value for name, value in STATEMENT.items() if name != "Principal"}]),
        ("AccessDenied", [{**STATEMENT, "Effect": "Allow"}]),
    ],
)
def test_a_policy_that_aws_refuses_is_refused(s3: Any, code: str, statements: Any) -> None:
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket="plain", PublicAccessBlockConfiguration=dict.fromkeys(names, True))

    assert refusal(s3.put_bucket_policy, Bucket="plain", Policy=json.dumps({"Version": "2012-10-17", "Statement": statements})) == code
    s3.put_bucket_policy(Bucket="plain", Policy=json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]}))
    assert json.loads(s3.get_bucket_policy(Bucket="plain")["Policy"])["Statement"] == [STATEMENT]


def test_what_the_simulator_does_not_have_is_refused_and_not_taken_for_a_new_bucket(s3: Any) -> None:
    put = s3.put_bucket_analytics_configuration
    settings = {"Id": "a", "StorageClassAnalysis": {}}
    assert refusal(put, Bucket="plain", Id="a", AnalyticsConfiguration=settings) == "NotImplemented"


def test_configurations_belong_to_the_bucket_and_not_to_its_name(simulator: Simulator, s3: Any) -> None:
    s3.put_bucket_lifecycle_configuration(Bucket="source", LifecycleConfiguration={"Rules": [rule(Expiration={"Days": 30})]})

    simulator.reset()
    s3.create_bucket(Bucket="source")

    assert refusal(s3.get_bucket_lifecycle_configuration, Bucket="source") == "NoSuchLifecycleConfiguration"


def test_a_policy_denies_by_what_it_says_without_condition(simulator):
    s3 = simulator.client("s3")
    s3.create_bucket(Bucket="judged")
    everybody = {"Effect": "Deny", "Principal": "*", "Resource": "arn:aws:s3:::judged/*"}
    tls = {**everybody, "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    s3.put_bucket_policy(Bucket="judged", Policy=json.dumps({"Version": "2012-10-17", "Statement": [tls]}))
    s3.put_object(Bucket="judged", Key="a", Body=b"a")
    never = {**everybody, "Action": "s3:GetObject"}
    s3.put_bucket_policy(Bucket="judged", Policy=json.dumps({"Version": "2012-10-17", "Statement": [tls, never]}))
    with pytest.raises(ClientError, match="403"):
        s3.get_object(Bucket="judged", Key="a")
