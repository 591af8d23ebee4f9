"""The starting state of a demonstration: what a customer has in the account before anything is applied.

The buckets that a design adopts are there, with settings of others on them; volumes and servers carry the tags that snapshot policies look
for. Seeding again adds what is missing and changes nothing.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from assessment.engagement import read_engagement
from recommendations.evaluate import evaluate

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
BUCKET, DLM_POLICY = "AWS::S3::Bucket", "AWS::DLM::LifecyclePolicy"

FOREIGN_TAGS = [{"Key": "team", "Value": "studio"}, {"Key": "cost-centre", "Value": "4711"}]
FOREIGN_RULE = {
    "ID": "studio-clears-uploads",
    "Status": "Enabled",
    "Filter": {"Prefix": "incoming/tmp/"},
    "Expiration": {"Days": 7},
}
FOREIGN_SID = "StudioReads"
OBJECTS = {"incoming/tmp/upload.part": b"part", "2024/spring/reel-01.mov": b"reel" * 256, "2025/autumn/reel-02.mov": b"reel" * 512}
VOLUME_GIB = 8
IMAGE = "ami-12c6146b"  # one of those that moto knows


def seed(endpoint_url: str, design: Mapping[str, Any] | None = None) -> None:
    """Puts the starting state of a design document in place; without one, that of the project's example engagements.

    A design given goes into the account of boto3's own credentials (in the simulator 123456789012, whatever they are); each example goes
    into the account of its engagement that the demo's target names.
    """
    if design is not None:
        seed_design(endpoint_url, design, None)
        return
    for document in example_designs():
        seed_design(endpoint_url, document, production_account(document))


def production_account(design: Mapping[str, Any]) -> str | None:
    """The account id of the design's first production account."""
    return next((row["account"] for row in design["accounts"] if row["role"] == "production"), None)


def seed_design(endpoint_url: str, design: Mapping[str, Any], account: str | None) -> None:
    """What one design finds in place, in `account` (None: that of boto3's own credentials)."""
    clients = Clients(endpoint_url, account)
    for resource in design["resources"]:
        if resource["type"] == BUCKET and resource["adopt"]:
            seed_bucket(clients, resource["adopt"], resource["region"])
        elif resource["type"] == DLM_POLICY:
            seed_targets(clients, resource["properties"]["PolicyDetails"], resource["region"])


def example_designs() -> Iterator[Mapping[str, Any]]:
    for path in sorted(EXAMPLES.glob("*.yaml")):
        yield evaluate(read_engagement(path.read_bytes())).document


def seed_bucket(client: "Clients", name: str, region: str) -> None:
    """A bucket with a few objects, and tags, a lifecycle rule and a policy statement that are not Stowplan's. One that is there stays."""
    s3 = client("s3", region)
    try:
        s3.head_bucket(Bucket=name)
        return
    except ClientError:
        pass
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **place)
    account = client("sts", region).get_caller_identity()["Account"]
    statement = {
        "Sid": FOREIGN_SID,
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    for key, body in OBJECTS.items():
        s3.put_object(Bucket=name, Key=key, Body=body)
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": FOREIGN_TAGS})
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [FOREIGN_RULE]})
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def seed_targets(client: "Clients", details: Mapping[str, Any], region: str) -> None:
    """One volume, or one server, for each tag that a snapshot policy looks for and nothing carries yet."""
    ec2 = client("ec2", region)
    for tag in details["TargetTags"]:
        having = [{"Name": f"tag:{tag['Key']}", "Values": [tag["Value"]]}]
        tags = [dict(tag), {"Key": "Name", "Value": f"demo-{tag['Value']}"}]
        if details["ResourceTypes"] == ["INSTANCE"]:
            if not ec2.describe_instances(Filters=having)["Reservations"]:
                ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, TagSpecifications=[{"ResourceType": "instance", "Tags": tags}])
        elif not ec2.describe_volumes(Filters=having)["Volumes"]:
            ec2.create_volume(
                AvailabilityZone=f"{region}a",
                Size=VOLUME_GIB,
                VolumeType="gp3",
                TagSpecifications=[{"ResourceType": "volume", "Tags": tags}],
            )


class Clients:
    """Clients of the simulator in one account, entered by AssumeRole where it is not the credentials' own."""

    def __init__(self, endpoint_url: str, account: str | None) -> None:
        # Credentials that no account of AWS takes, should the URL lead there.
        self.keys = {"aws_access_key_id": "simulator", "aws_secret_access_key": "simulator"}
        self.endpoint_url = endpoint_url
        if account is not None:
            role = f"arn:aws:iam::{account}:role/seed"
            given = self("sts", "us-east-1").assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
            self.keys = {
                "aws_access_key_id": given["AccessKeyId"],
                "aws_secret_access_key": given["SecretAccessKey"],
                "aws_session_token": given["SessionToken"],
            }

    def __call__(self, service: str, region: str) -> Any:
        return boto3.Session(**self.keys, region_name=region).client(service, endpoint_url=self.endpoint_url)
