"""Buckets: protection that every bucket gets, lifecycle rules, replication with its role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recommendations import storage as s3
from recommendations.facts import CustomerFacts
from recommendations.lifecycle import Lifecycle
from recommendations.places import Place
from recommendations.resources.common import Resource, document, resource, short, statement, sub, trust
from recommendations.tracks import NEWEST, Old, Track

PUBLIC_ACCESS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
ABORT_DAYS = 7
LOOK = ["s3:List*", "s3:GetBucketVersioning"]
REPLICATE = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]


def tls_only(key: str) -> dict[str, Any]:
    """Deny requests without TLS; a Deny on transport does not touch service principals, which use TLS."""
    return {
        "Sid": "StowplanTlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [sub(f"${{{key}.arn}}"), sub(f"${{{key}.arn}}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def encryption(mode: str, key: str | None) -> dict[str, Any]:
    """Default encryption for a mode of the `encryption` table; `key` is the resource key of the KMS key."""
    if mode == "sse-s3":
        return {"SSEAlgorithm": "AES256", "BucketKeyEnabled": False}
    if mode == "aws-managed-key":
        return {"SSEAlgorithm": "aws:kms", "BucketKeyEnabled": True}
    return {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": sub(f"${{{key}.arn}}"), "BucketKeyEnabled": True}


def bucket(key: str, customer: CustomerFacts, properties: Mapping[str, Any], *, adopt: str | None = None, **where: Any) -> Resource:
    """A bucket with what every bucket of ours has: no public access, no ACLs, TLS only."""
    own = list(properties.get("PolicyStatements", ()))
    base = {
        "PublicAccessBlock": dict.fromkeys(PUBLIC_ACCESS, True),
        "ObjectOwnership": "BucketOwnerEnforced",
        "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
        "ObjectLock": None,
        "Replication": None,
    }
    content = {**base, **properties, "PolicyStatements": [tls_only(key), *own]}
    return resource(key, "AWS::S3::Bucket", customer, content, adopt=adopt, **where)


def rules_of(tracks: Sequence[Track], versioned: bool, *, replica: bool, replicated: bool) -> list[dict[str, Any]]:
    """boto3 lifecycle rules of a bucket; `replica` for the one in the second Region. One rule a track, and one that cleans up."""
    rules = []
    for track in tracks:
        found = track.replica if replica else track.lifecycle
        if found is not None:
            rule = track_rule(track, found, versioned, arrived=replica, replicated=replicated)
            if rule is not None:
                rules.append(rule)
    return [*rules, clean_up(tracks, versioned)]


def track_rule(track: Track, lifecycle: Lifecycle, versioned: bool, *, arrived: bool, replicated: bool) -> dict[str, Any] | None:
    """The rule of one prefix, None when nothing ever happens to its objects.

    `arrived`: replicas are written in their first class already. `replicated`: objects wait a day before an archive class, because S3
    does not replicate what is archived.
    """
    rule: dict[str, Any] = {"ID": f"stowplan-{track.id}", "Status": "Enabled", "Filter": {"Prefix": track.prefix}}
    steps = lifecycle.steps[1:] if arrived or lifecycle.steps[0][0] == s3.STANDARD else lifecycle.steps
    if steps:
        least = 1 if replicated and not arrived else 0
        rule["Transitions"] = [{"Days": max(day, least) if name in s3.ARCHIVES else day, "StorageClass": name} for name, day in steps]
    if lifecycle.expire is not None:
        rule["Expiration"] = {"Days": lifecycle.expire}
    if versioned and track.old:
        rule.update(old_versions(track.old))
    return rule if len(rule) > 3 else None


def old_versions(old: Old) -> dict[str, Any]:
    """Transitions and expiry of old versions. One that is in a colder class already stays there: S3 never moves upwards."""
    found: dict[str, Any] = {}
    steps = [(name, max(day, 1)) for name, day in old.lifecycle.steps if name != s3.STANDARD]
    if steps:
        found["NoncurrentVersionTransitions"] = [{"NoncurrentDays": day, "StorageClass": name} for name, day in steps]
    # By age alone: keeping the newest N by number would keep them for ever, those of deleted objects too.
    found["NoncurrentVersionExpiration"] = {"NoncurrentDays": old.days}
    return found


def clean_up(tracks: Sequence[Track], versioned: bool) -> dict[str, Any]:
    """Uploads that were never completed go after a week, and delete markers with nothing below them."""
    rule: dict[str, Any] = {
        "ID": "stowplan-clean-up",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABORT_DAYS},
    }
    if versioned and not any(track.lifecycle.expire and not track.prefix for track in tracks):
        # A rule for the same objects with an age already removes lonely delete markers.
        rule["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    return rule


def replication_rules(
    tracks: Sequence[Track], destination: str, mode: str, encryption_mode: str, dr_key: str | None
) -> list[dict[str, Any]]:
    """V2 rules, one a track, so that each kind of copy lands in its own class (aws-facts section c).

    Delete markers stay behind: a deletion must not travel.
    """
    rules = []
    for priority, track in enumerate(tracks, start=1):
        first = track.replica.steps[0][0] if track.replica else s3.STANDARD
        target: dict[str, Any] = {"Bucket": sub(f"${{{destination}.arn}}"), "StorageClass": first}
        target["Metrics"] = {"Status": "Enabled"}
        if mode == "crr-rtc" and track.id in NEWEST:
            target["ReplicationTime"] = {"Status": "Enabled", "Time": {"Minutes": 15}}
            target["Metrics"] = {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}
        rule: dict[str, Any] = {
            "ID": f"stowplan-dr-{track.id}",
            "Priority": priority,
            "Status": "Enabled",
            "Filter": {"Prefix": track.prefix},
            "DeleteMarkerReplication": {"Status": "Disabled"},
            "Destination": target,
        }
        if encryption_mode == "customer-key":
            rule["SourceSelectionCriteria"] = {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
            target["EncryptionConfiguration"] = {"ReplicaKmsKeyID": sub(f"${{{dr_key}.arn}}")}
        rules.append(rule)
    return rules


# (key, Region) of the source and of the destination.
Keys = tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Pair:
    """Resource keys of a replicated bucket and of its replica, and the workload that they belong to."""

    source: str
    destination: str
    workload: str


def replication_role(
    key: str, customer: CustomerFacts, pairs: Sequence[Pair], keys: Keys | None, *, locked: bool, place: Place
) -> Resource:
    """The role that S3 assumes to replicate: reads these sources, writes these destinations, nothing else."""
    sources, objects = alone([sub(f"${{{one.source}.arn}}") for one in pairs]), alone([sub(f"${{{one.source}.arn}}/*") for one in pairs])
    replicas = alone([sub(f"${{{one.destination}.arn}}/*") for one in pairs])
    read = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
    if locked:
        read += ["s3:GetObjectRetention", "s3:GetObjectLegalHold"]
    statements = [
        statement("StowplanReadConfiguration", ["s3:GetReplicationConfiguration", "s3:ListBucket"], sources),
        statement("StowplanReadVersions", read, objects),
        statement("StowplanWriteReplicas", REPLICATE, replicas),
    ]
    if keys:
        (near, near_region), (far, far_region) = keys
        statements += [
            kms_via_s3("StowplanDecryptSource", ["kms:Decrypt"], near, near_region),
            kms_via_s3("StowplanEncryptReplica", ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"], far, far_region),
        ]
    properties = {
        "Description": f"Stowplan replication of {pairs[0].source if len(pairs) == 1 else f'{len(pairs)} buckets'}",
        "AssumeRolePolicyDocument": trust("s3.amazonaws.com"),
        "Policies": {"replicate": document(*statements)},
        "ManagedPolicyArns": [],
    }
    workloads = tuple(one.workload for one in pairs)
    return resource(key, "AWS::IAM::Role", customer, properties, role=place.role, alias=place.alias, workloads=workloads)


def alone(values: list[Any]) -> Any:
    """The one value, or the list of several, as policies are written."""
    return values[0] if len(values) == 1 else values


def replica_policy(destination: str, role: str) -> list[dict[str, Any]]:
    """Lets the replication role of another account write replicas into the destination and look at the bucket.

    As the S3 User Guide lists it for buckets of different accounts, but without s3:PutBucketVersioning: versioning is designed here, and
    no other account may suspend it.
    """
    allow = {"Effect": "Allow", "Principal": {"AWS": sub(f"${{{role}.arn}}")}}
    return [
        {"Sid": "StowplanReplicas", **allow, "Action": REPLICATE, "Resource": sub(f"${{{destination}.arn}}/*")},
        {"Sid": "StowplanReplicaBucket", **allow, "Action": LOOK, "Resource": sub(f"${{{destination}.arn}}")},
    ]


def kms_via_s3(sid: str, actions: list[str], key: str, region: str) -> dict[str, Any]:
    condition = {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}}
    return statement(sid, actions, sub(f"${{{key}.arn}}"), Condition=condition)


def role_key(workload: str) -> str:
    return short(f"role-replicate-{workload}")
