"""What is made once: a job for the objects that are there already, and settings of whole accounts."""

from __future__ import annotations

from typing import Any

from recommendations.facts import CustomerFacts
from recommendations.places import Place
from recommendations.resources.buckets import PUBLIC_ACCESS
from recommendations.resources.common import Resource, document, resource, short, statement, sub, trust

PRIORITY = 10
REPORT_FORMAT = "Report_CSV_20180820"


def existing_objects(workload: str, bucket: str, reports: str, customer: CustomerFacts, place: Place) -> list[Resource]:
    """The job of S3 Batch Replication with its role (aws-facts section c). `bucket` and `reports` are resource keys.

    S3 makes the job's list of objects itself, for which the role may set an inventory on the bucket; it writes its report, nothing else.
    """
    role, prefix = short(f"role-existing-{workload}"), f"existing/{bucket}"
    statements = [
        statement("StowplanReplicate", ["s3:InitiateReplication"], sub(f"${{{bucket}.arn}}/*")),
        statement("StowplanListObjects", ["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"], sub(f"${{{bucket}.arn}}")),
        statement("StowplanReport", ["s3:PutObject"], sub(f"${{{reports}.arn}}/{prefix}/*")),
    ]
    trusted: dict[str, Any] = {
        "Description": f"Stowplan replication of what {bucket} held before",
        "AssumeRolePolicyDocument": trust("batchoperations.s3.amazonaws.com"),
        "Policies": {"replicate-existing": document(*statements)},
        "ManagedPolicyArns": [],
    }
    properties = {
        "Bucket": sub(f"${{{bucket}.arn}}"),
        "RoleArn": sub(f"${{{role}.arn}}"),
        "Description": f"Stowplan: what {bucket} held before its replication",
        "Priority": PRIORITY,
        "Report": {
            "Bucket": sub(f"${{{reports}.arn}}"),
            "Format": REPORT_FORMAT,
            "Enabled": True,
            "Prefix": prefix,
            "ReportScope": "FailedTasksOnly",
        },
    }
    where = place.where(workload)
    return [
        resource(role, "AWS::IAM::Role", customer, trusted, **{**where, "region": customer.primary}),
        resource(short(f"existing-{workload}"), "AWS::S3::BatchReplication", customer, properties, **where),
    ]


def closed_account(customer: CustomerFacts, place: Place, workloads: list[str]) -> Resource:
    """The public access block of an account."""
    properties = dict.fromkeys(PUBLIC_ACCESS, True)
    return resource(short(f"closed--{place.name}"), "AWS::S3::AccountPublicAccessBlock", customer, properties, **place.where(*workloads))


def encrypted_volumes(customer: CustomerFacts, place: Place, workloads: list[str]) -> Resource:
    """Default encryption of new EBS volumes and snapshot copies.

    With the default key that is there (AWS's own, if nobody chose one): a customer managed key as the default would stop every service
    that starts instances by a role of its own, e.g. Auto Scaling, until its key policy lets that role in.
    """
    key = short(f"{'ebs' if place.region == customer.primary else 'drebs'}--{place.name}")
    return resource(key, "AWS::EC2::EbsEncryption", customer, {"Enabled": True}, **place.where(*workloads))
