"""What is made once: the job for what a bucket held before its replication, and two settings of an account, made by hand."""

from typing import Any

from tests.provisioning.cases import resource, sub

BLOCKS = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


def untagged(name: str, kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    found = resource(name, kind, properties)
    del found["properties"]["Tags"]
    return found


def job(**more: Any) -> dict[str, Any]:
    """Needs `bucket-data` with its replication, `bucket-requests` and `role-existing` beside it."""
    report = {
        "Bucket": sub("${bucket-requests.arn}"),
        "Format": "Report_CSV_20180820",
        "Enabled": True,
        "Prefix": "existing/bucket-data",
        "ReportScope": "FailedTasksOnly",
    }
    properties = {
        "Bucket": sub("${bucket-data.arn}"),
        "RoleArn": sub("${role-existing.arn}"),
        "Description": "Stowplan existing objects",
        "Priority": 10,
        "Report": report,
    }
    return resource("existing-data", "AWS::S3::BatchReplication", {**properties, **more})


def account_settings() -> list[dict[str, Any]]:
    """They are there before anything is made, so a plan changes them; they have no tags."""
    closed = untagged("closed-production", "AWS::S3::AccountPublicAccessBlock", BLOCKS)
    return [closed, untagged("ebs-production", "AWS::EC2::EbsEncryption", {"Enabled": True})]
