"""Small designs made by hand, clients that fail on purpose, and what the simulator was asked: for tests of plan, apply and evidence."""

import base64
import json
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from botocore.awsrequest import AWSResponse

from provisioning.apply import apply_plan
from provisioning.clients import Clients
from provisioning.journal import Journal
from provisioning.perform import Pace
from provisioning.plan import make_plan
from provisioning.target import TargetSpec
from recommendations.design import Design

ACCOUNT = "123456789012"
PRIMARY, DR = "eu-central-1", "eu-west-1"
SLUG = "harbour"
NO_WAIT = Pace(sleep=lambda seconds: None, settle=0.0)


def sub(text: str) -> dict[str, str]:
    return {"$sub": text}


def tags(key: str) -> dict[str, str]:
    return {"owner": "it", "stowplan:assessment": SLUG, "stowplan:resource": key}


def resource(
    key: str, kind: str, properties: dict[str, Any], region: str = PRIMARY, adopt: str | None = None, role: str = "production"
) -> dict[str, Any]:
    own = {} if kind == "AWS::KMS::Alias" else {"Tags": tags(key)}
    return {
        "key": key,
        "type": kind,
        "account_role": role,
        "account_alias": None,
        "region": region,
        "workloads": [],
        "adopt": adopt,
        "properties": {**properties, **own},
    }


def design_of(*resources: dict[str, Any], accounts: Any = (), answers: Any = None) -> Design:
    """A design with these resources and nothing else to say."""
    version = {"version": "1", "hash": "0" * 64}
    return Design.of(
        {
            "schema": "stowplan/design/1",
            "questionnaire": version,
            "rule_pack": version,
            "price_book": version,
            "engagement": {"customer": "Harbour", "industry": "other", "slug": SLUG},
            "regions": {"primary": PRIMARY, "dr": DR},
            "accounts": list(accounts),
            "answers": {"answers": {"cmp_residency": "any"} if answers is None else answers},
            "summary": {},
            "settings": [],
            "workloads": [],
            "findings": [],
            "compliance": {"version": "1", "hash": "0" * 64, "regimes": []},
            "costs": {},
            "resources": list(resources),
            "handover": [],
            "assumptions": [],
            "open_points": [],
        }
    )


def key(name: str = "key-data", region: str = PRIMARY, **more: Any) -> dict[str, Any]:
    root = {
        "Sid": "StowplanDelegateToIam",
        "Effect": "Allow",
        "Principal": {"AWS": sub("arn:aws:iam::${account}:root")},
        "Action": "kms:*",
        "Resource": "*",
    }
    properties = {
        "Description": f"Stowplan {name}",
        "MultiRegion": False,
        "EnableKeyRotation": True,
        "RotationPeriodInDays": 365,
        "Policy": {"Version": "2012-10-17", "Statement": [root]},
    }
    return resource(name, "AWS::KMS::Key", {**properties, **more}, region)


def alias(name: str = "alias-key-data", of: str = "key-data", region: str = PRIMARY) -> dict[str, Any]:
    return resource(name, "AWS::KMS::Alias", {"TargetKeyId": sub(f"${{{of}.id}}")}, region)


def bucket(name: str = "bucket-data", region: str = PRIMARY, adopt: str | None = None, **more: Any) -> dict[str, Any]:
    tls = {
        "Sid": "StowplanTlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [sub(f"${{{name}.arn}}"), sub(f"${{{name}.arn}}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    properties = {
        "Versioning": "Enabled",
        "Encryption": {"SSEAlgorithm": "AES256", "BucketKeyEnabled": False},
        "PublicAccessBlock": dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True),
        "ObjectOwnership": "BucketOwnerEnforced",
        "PolicyStatements": [tls],
        "LifecycleRules": [rule("stowplan-data", Transitions=[{"Days": 90, "StorageClass": "GLACIER_IR"}])],
        "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
        "ObjectLock": None,
        "Replication": None,
    }
    return resource(name, "AWS::S3::Bucket", {**properties, **more}, region, adopt)


def rule(name: str, prefix: str = "", **more: Any) -> dict[str, Any]:
    return {"ID": name, "Status": "Enabled", "Filter": {"Prefix": prefix}, **more}


def role(name: str = "role-dlm", service: str = "dlm.amazonaws.com", **more: Any) -> dict[str, Any]:
    trust = {"Sid": "StowplanTrust", "Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    may = {"Sid": "StowplanSnapshots", "Effect": "Allow", "Action": ["ec2:CreateSnapshot", "ec2:DescribeVolumes"], "Resource": "*"}
    properties = {
        "Description": "Stowplan role",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": {"work": {"Version": "2012-10-17", "Statement": [may]}},
        "ManagedPolicyArns": [],
    }
    return resource(name, "AWS::IAM::Role", {**properties, **more})


def dlm(name: str = "dlm-volumes", of: str = "role-dlm", keep: int = 7) -> dict[str, Any]:
    schedule = {
        "Name": "daily",
        "CreateRule": {"Interval": 24, "IntervalUnit": "HOURS", "Times": ["03:00"]},
        "RetainRule": {"Count": keep},
        "CopyTags": True,
    }
    details = {
        "PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
        "ResourceTypes": ["VOLUME"],
        "TargetTags": [{"Key": "Backup", "Value": "gold"}],
        "Schedules": [schedule],
    }
    properties = {
        "ExecutionRoleArn": sub(f"${{{of}.arn}}"),
        "Description": "Stowplan volumes",
        "State": "ENABLED",
        "PolicyDetails": details,
    }
    return resource(name, "AWS::DLM::LifecyclePolicy", properties)


def trail(name: str = "trail-main", log: str = "bucket-logs", of: str = "key-data") -> dict[str, Any]:
    management = {"Name": "management", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
    properties = {
        "S3BucketName": sub(f"${{{log}.name}}"),
        "IsMultiRegionTrail": True,
        "EnableLogFileValidation": True,
        "IncludeGlobalServiceEvents": True,
        "KmsKeyId": sub(f"${{{of}.arn}}"),
        "IsLogging": True,
        "AdvancedEventSelectors": [management],
    }
    return resource(name, "AWS::CloudTrail::Trail", properties)


def log_bucket(name: str = "bucket-logs") -> dict[str, Any]:
    found = bucket(name)
    service = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    found["properties"]["PolicyStatements"] += [
        {"Sid": "StowplanTrailAcl", **service, "Action": "s3:GetBucketAcl", "Resource": sub(f"${{{name}.arn}}")},
        {"Sid": "StowplanTrailWrite", **service, "Action": "s3:PutObject", "Resource": sub(f"${{{name}.arn}}/AWSLogs/${{account}}/*")},
    ]
    return found


def replicated() -> list[dict[str, Any]]:
    """A bucket that is replicated into the second Region, with keys in both and the role."""
    destination = {
        "Bucket": sub("${bucket-data-dr.arn}"),
        "StorageClass": "STANDARD_IA",
        "EncryptionConfiguration": {"ReplicaKmsKeyID": sub("${key-dr.arn}")},
    }
    dr_rule = {
        "ID": "stowplan-dr",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
        "Destination": destination,
    }
    kms = {"SSEAlgorithm": "aws:kms", "BucketKeyEnabled": True}
    return [
        bucket(
            "bucket-data",
            Encryption={**kms, "KMSMasterKeyID": sub("${key-data.arn}")},
            Replication={"Role": sub("${role-replicate.arn}"), "Rules": [dr_rule]},
        ),
        bucket("bucket-data-dr", DR, Encryption={**kms, "KMSMasterKeyID": sub("${key-dr.arn}")}),
        role("role-replicate", "s3.amazonaws.com"),
        key("key-data"),
        key("key-dr", DR),
    ]


def of_every_type() -> Design:
    """One small engagement with each resource type and each sub-configuration of a bucket."""
    from tests.provisioning.backups import proven
    from tests.provisioning.monitors import monitored
    from tests.provisioning.once import account_settings, job
    from tests.provisioning.reports import SETTINGS, request_bucket

    data, *others = replicated()
    data["properties"] |= SETTINGS
    made: list[dict[str, Any]] = [data, *others, request_bucket(), alias(), role(), dlm(), log_bucket(), trail(), *monitored()]
    made += [role("role-existing", "batchoperations.s3.amazonaws.com"), job(), *account_settings()]
    # Both parts have the keys; each stands once.
    keys = {one["key"] for one in made}
    return design_of(*made, *(one for one in proven() if one["key"] not in keys))


def design_of_example(name: str, workloads: tuple[str, ...] = ()) -> Design:
    """What an example gets, or some of its workloads."""
    from recommendations.evaluate import evaluate
    from tests.support.designs import example, few_workloads

    return evaluate(few_workloads(name, workloads) if workloads else example(name))


# ------------------------------------------------------------------------------------------------------- plan and apply
def spec_of(url: str, **more: Any) -> TargetSpec:
    return TargetSpec(account=ACCOUNT, endpoint_url=url, **more)


def plan_of(design: Design, url: str, clients: Any = None, **more: Any) -> dict[str, Any]:
    spec = spec_of(url, **more)
    return make_plan(design, spec, clients or Clients(spec))


def run(plan: dict[str, Any], clients: Any = None, journal: Journal | None = None, **more: Any) -> Any:
    """Applies a plan with everything approved and accepted."""
    target = plan["target"]
    return apply_plan(
        plan,
        clients=clients or Clients(spec_of(target["endpoint_url"])),
        approved_digest=plan["design_digest"],
        accepted=[hazard["id"] for hazard in plan["hazards"]],
        accepted_by="Eve",
        journal=journal or Journal(),
        pace=NO_WAIT,
        **more,
    )


def change_of(plan: dict[str, Any], name: str) -> dict[str, Any]:
    return next(change for change in plan["resource_changes"] if change["name"] == name)


def with_property(design: Design, name: str, **properties: Any) -> Design:
    """The same design with members of one resource changed."""
    document = deepcopy(design.document)
    for one in document["resources"]:
        if one["key"] == name:
            one["properties"].update(properties)
    return Design.of(document)


def without(design: Design, name: str) -> Design:
    document = deepcopy(design.document)
    document["resources"] = [one for one in document["resources"] if one["key"] != name]
    return Design.of(document)


# ------------------------------------------------------------------------------------------------- faults and recordings
class FaultyClients(Clients):
    """Clients whose requests pass `fault(operation)` first. It gives (status, code) for an answer of its own, or None to let it pass.

    `lost(operation)` true: the request takes effect and its answer gets lost.
    """

    def __init__(
        self,
        spec: TargetSpec,
        fault: Callable[[str], tuple[int, str] | None] = lambda operation: None,
        lost: Callable[[str], bool] = lambda operation: False,
    ) -> None:
        super().__init__(spec)
        self.fault, self.lost = fault, lost
        self.asked: list[str] = []
        self._wired: set[int] = set()

    def client(self, service: str, account: str, region: str, *, once: bool = False) -> Any:
        with self._lock:
            client = super().client(service, account, region, once=once)
            if id(client) not in self._wired:
                self._wired.add(id(client))
                client.meta.events.register_first("before-send.*.*", self._before)
                client.meta.events.register_last("after-call.*.*", self._after)
        return client

    def _before(self, request: Any, event_name: str = "", **_: Any) -> Any:
        operation = event_name.rpartition(".")[2]
        self.asked.append(operation)
        answer = self.fault(operation)
        return answer and _refusal(request.url, *answer, event_name.split(".")[1])

    def _after(self, event_name: str = "", **_: Any) -> None:
        from botocore.exceptions import ReadTimeoutError

        if self.lost(event_name.rpartition(".")[2]):
            raise ReadTimeoutError(endpoint_url="http://lost")


def _refusal(url: str, status: int, code: str, protocol: str) -> AWSResponse:
    """An answer in the protocol of the service: S3, IAM, EC2 and SNS speak XML, the others JSON."""
    text = json.dumps({"__type": code, "message": "on purpose"})
    if protocol == "s3":
        text = f"<Error><Code>{code}</Code><Message>on purpose</Message></Error>"
    elif protocol == "ec2":
        text = f"<Response><Errors><Error><Code>{code}</Code><Message>on purpose</Message></Error></Errors></Response>"
    elif protocol in ("iam", "s3-control", "sns", "sts"):
        text = f"<ErrorResponse><Error><Code>{code}</Code><Message>on purpose</Message></Error></ErrorResponse>"

    class Raw:
        def stream(self, **_: Any) -> Any:
            yield text.encode()

        def read(self, *_: Any, **__: Any) -> bytes:
            return text.encode()

    return AWSResponse(url, status, {"x-amzn-errortype": code}, Raw())


READ_WORDS = ("Get", "List", "Describe", "AssumeRole")


@contextmanager
def recorded(url: str) -> Any:
    """What the simulator is asked while this is open: a list of (method, path, what), filled at the end."""
    seen: list[tuple[str, str, str]] = []
    _post(f"{url}/moto-api/recorder/reset-recording")
    _post(f"{url}/moto-api/recorder/start-recording")
    try:
        yield seen
    finally:
        _post(f"{url}/moto-api/recorder/stop-recording")
        with urllib.request.urlopen(f"{url}/moto-api/recorder/download-recording") as answer:
            for line in answer.read().decode().splitlines():
                entry = json.loads(line)
                headers = {name.lower(): value for name, value in entry["headers"].items()}
                what = headers.get("x-amz-target", "").rpartition(".")[2] or _form_action(entry)
                seen.append((entry["method"], entry["url"], what))


def writes(seen: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The requests that change something."""
    return [one for one in seen if one[0] != "GET" and one[0] != "HEAD" and not one[2].startswith(READ_WORDS) and "moto-api" not in one[1]]


def _form_action(entry: dict[str, Any]) -> str:
    body = entry.get("body") or ""
    text = base64.b64decode(body).decode(errors="replace") if entry.get("body_encoded") else body
    return str(text).partition("Action=")[2].partition("&")[0]


def _post(url: str) -> None:
    with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=30):
        pass
