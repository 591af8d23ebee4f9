"""Access logging, event notifications, inventory and Intelligent-Tiering: moto keeps these in part, or takes them for another request."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from moto.s3.exceptions import S3ClientError

from provisioning.simulator.s3 import documents
from provisioning.simulator.s3.configurations import answer, bucket_of_any_account, kept, refuse

Refusal = tuple[str, str]
DELIVERY = "logging.s3.amazonaws.com"
CONFIGURATIONS = 1000
SHORTEST = {"ARCHIVE_ACCESS": 90, "DEEP_ARCHIVE_ACCESS": 180}
LONGEST = 730


# ------------------------------------------------------------------------------------------------------------ access logs
def put_logging(response: Any, bucket: Any) -> Any:
    status = documents.parse(response.body, "PutBucketLogging", "BucketLoggingStatus")
    wanted = status.get("LoggingEnabled")
    if wanted is None:
        kept(bucket).pop("logging", None)
        return 200, {}, ""
    refuse(_log_refusals(wanted, bucket))
    kept(bucket)["logging"] = wanted
    return 200, {}, ""


def get_logging(response: Any, bucket: Any) -> Any:
    found = kept(bucket).get("logging")
    return answer(response, "GetBucketLogging", {"LoggingEnabled": found} if found else {})


def _log_refusals(wanted: Mapping[str, Any], bucket: Any) -> Iterator[Refusal]:
    """Source: S3 user guide, "Enabling Amazon S3 server access logging": same owner and Region, no lock, no KMS key, the service let in."""
    if "TargetBucket" not in wanted or "TargetPrefix" not in wanted:
        yield "MalformedXML", "LoggingEnabled needs TargetBucket and TargetPrefix."
        return
    target = bucket_of_any_account(wanted["TargetBucket"])
    if target is None or target.account_id != bucket.account_id:
        yield "InvalidTargetBucketForLogging", "The owner for the bucket to be logged and the target bucket must be the same."
        return
    if target.region_name != bucket.region_name:
        yield "CrossLocationLoggingProhibited", "Cross S3 location logging not allowed."
    if target.default_lock_days or target.default_lock_years:
        yield "InvalidTargetBucketForLogging", "The target bucket has a default retention of Object Lock."
    rule = (target.encryption or {}).get("Rule", {}).get("ApplyServerSideEncryptionByDefault", {})
    if rule.get("SSEAlgorithm", "AES256") != "AES256":
        yield "InvalidTargetBucketForLogging", "The target bucket is encrypted with a KMS key; logs are delivered to SSE-S3 only."
    if not _lets_in(target, DELIVERY):
        yield "InvalidTargetBucketForLogging", "You must give the log-delivery service s3:PutObject on the target bucket."


def _lets_in(bucket: Any, service: str) -> bool:
    """Whether the bucket's policy lets a service write."""
    statements = json.loads(bucket.policy)["Statement"] if bucket.policy else []
    return any(
        isinstance(one.get("Principal"), dict)
        and service in _listed(one["Principal"].get("Service", ()))
        and one["Effect"] == "Allow"
        and "s3:PutObject" in _listed(one["Action"])
        for one in statements
    )


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


# ---------------------------------------------------------------------------------------------------------- notifications
def put_notifications(response: Any, bucket: Any) -> Any:
    operation = "PutBucketNotificationConfiguration"
    kept(bucket)["notification"] = documents.parse(response.body, operation, "NotificationConfiguration")
    return 200, {}, ""


def get_notifications(response: Any, bucket: Any) -> Any:
    return answer(response, "GetBucketNotificationConfiguration", kept(bucket).get("notification", {}))


# ------------------------------------------------------------------------------------------------- configurations by name
class ByName:
    """Put, get, list and delete of one kind: `query` in the URL, `word` in the names of operations."""

    def __init__(self, query: str, word: str) -> None:
        self.query, self.word = query, word

    def put(self, response: Any, bucket: Any) -> Any:
        name = _name(response)
        value = documents.parse(response.body, f"PutBucket{self.word}", self.word)
        if value["Id"] != name:
            raise S3ClientError("InvalidArgument", f"The Id {value['Id']!r} in the document is not {name!r} of the request.")
        refuse(self.refusals(value, bucket))
        own = kept(bucket).setdefault(self.query, {})
        if name not in own and len(own) >= CONFIGURATIONS:
            raise S3ClientError("TooManyConfigurations", f"A bucket has at most {CONFIGURATIONS} of these.")
        own[name] = value
        return 200, {}, ""

    def get(self, response: Any, bucket: Any) -> Any:
        own, name = kept(bucket).get(self.query, {}), _name(response)
        if name is None:
            found = [own[one] for one in sorted(own)]
            return answer(response, f"ListBucket{self.word}s", {f"{self.word}List": found, "IsTruncated": False})
        if name not in own:
            raise S3ClientError("NoSuchConfiguration", "The specified configuration does not exist.")
        return answer(response, f"GetBucket{self.word}", {self.word: own[name]})

    def delete(self, response: Any, bucket: Any) -> Any:
        kept(bucket).get(self.query, {}).pop(_name(response), None)
        return 204, {}, ""

    def refusals(self, value: Mapping[str, Any], bucket: Any) -> Iterator[Refusal]:
        """What S3 refuses although it fits the schema."""
        return iter(())


def _name(response: Any) -> str | None:
    """The `id` of the request."""
    return next(iter(parse_qs(urlsplit(response.uri).query).get("id", ())), None)


class Inventories(ByName):
    def refusals(self, value: Mapping[str, Any], bucket: Any) -> Iterator[Refusal]:
        """Source: S3 user guide, "Configuring Amazon S3 Inventory": the destination stands in the same Region."""
        target = value["Destination"]["S3BucketDestination"]["Bucket"]
        if not target.startswith("arn:aws:s3:::"):
            yield "InvalidS3DestinationBucket", f"{target} is no ARN of a bucket."
            return
        found = bucket_of_any_account(target.rpartition(":")[2])
        if found is not None and found.region_name != bucket.region_name:
            yield "InvalidS3DestinationBucket", "The destination bucket stands in another Region."


class Tierings(ByName):
    def refusals(self, value: Mapping[str, Any], bucket: Any) -> Iterator[Refusal]:
        """Source: S3 API reference, Tiering: 90 (180 for the deep tier) to 730 days; each tier once (aws-facts section a)."""
        tiers = [one["AccessTier"] for one in value["Tierings"]]
        if not tiers or len(tiers) != len(set(tiers)):
            yield "InvalidArgument", "Each access tier stands once, and there is at least one."
        for one in value["Tierings"]:
            least = SHORTEST[one["AccessTier"]]
            if not least <= one["Days"] <= LONGEST:
                yield "InvalidArgument", f"Days of {one['AccessTier']} is {one['Days']}, expected {least} to {LONGEST}."
        days = {one["AccessTier"]: one["Days"] for one in value["Tierings"]}
        if len(days) == len(SHORTEST) and days["DEEP_ARCHIVE_ACCESS"] <= days["ARCHIVE_ACCESS"]:
            yield "InvalidArgument", "DEEP_ARCHIVE_ACCESS comes after ARCHIVE_ACCESS."


INVENTORIES = Inventories("inventory", "InventoryConfiguration")
TIERINGS = Tierings("intelligent-tiering", "IntelligentTieringConfiguration")
