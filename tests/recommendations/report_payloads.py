"""The calls behind what S3 reports, and behind what is made once, for `payloads`."""

from typing import Any

Calls = list[tuple[str, str, dict[str, Any]]]
ACCOUNT = "123456789012"


def report_calls(p: dict[str, Any]) -> Calls:
    """Access logs, lists of objects and archive tiers of a bucket."""
    name = {"Bucket": "stowplan-x"}
    found: Calls = []
    if "Logging" in p:
        found.append(("s3", "PutBucketLogging", {**name, "BucketLoggingStatus": {"LoggingEnabled": p["Logging"]}}))
    for one in p.get("Inventory", ()):
        found.append(("s3", "PutBucketInventoryConfiguration", {**name, "Id": one["Id"], "InventoryConfiguration": one}))
    for one in p.get("IntelligentTiering", ()):
        request = {**name, "Id": one["Id"], "IntelligentTieringConfiguration": one}
        found.append(("s3", "PutBucketIntelligentTieringConfiguration", request))
    return found


def job_calls(p: dict[str, Any], tags: list[dict[str, str]]) -> Calls:
    own = {name: p[name] for name in ("RoleArn", "Description", "Priority", "Report")}
    token = {"ClientRequestToken": "0" * 64, "AccountId": ACCOUNT, "Operation": {"S3ReplicateObject": {}}, "Tags": tags}
    return [("s3control", "CreateJob", {**own, **token})]


CALLS = {
    "AWS::S3::BatchReplication": job_calls,
    "AWS::S3::AccountPublicAccessBlock": lambda p, tags: [
        ("s3control", "PutPublicAccessBlock", {"AccountId": ACCOUNT, "PublicAccessBlockConfiguration": p})
    ],
    "AWS::EC2::EbsEncryption": lambda p, tags: [("ec2", "EnableEbsEncryptionByDefault", {})],
}
