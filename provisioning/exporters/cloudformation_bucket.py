"""A bucket in CloudFormation's words: the bucket itself, and its policy as a resource beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.exporters import ExportProblem
from provisioning.exporters.shapes import Shape, each, renamed, same

Properties = dict[str, Any]

TRANSITION: Shape = {"Days": "TransitionInDays", "Date": "TransitionDate", "StorageClass": "StorageClass"}
NONCURRENT_TRANSITION: Shape = {
    "NoncurrentDays": "TransitionInDays",
    "StorageClass": "StorageClass",
    "NewerNoncurrentVersions": "NewerNoncurrentVersions",
}
EXPIRATION: Shape = {"Days": "ExpirationInDays", "Date": "ExpirationDate", "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"}
LIFECYCLE_RULE: Shape = {
    "ID": "Id",
    "Status": "Status",
    "Transitions": ("Transitions", each(TRANSITION, "Transitions")),
    "NoncurrentVersionTransitions": ("NoncurrentVersionTransitions", each(NONCURRENT_TRANSITION, "NoncurrentVersionTransitions")),
    **same("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"),
}
DESTINATION: Shape = same(
    "Bucket", "Account", "StorageClass", "AccessControlTranslation", "EncryptionConfiguration", "Metrics", "ReplicationTime"
)
REPLICATION_RULE: Shape = {
    "ID": "Id",
    "Destination": ("Destination", lambda value: renamed(value, DESTINATION, "Destination")),
    "Filter": ("Filter", lambda value: replication_filter(value)),
    **same("Status", "Priority", "Prefix", "DeleteMarkerReplication", "SourceSelectionCriteria"),
}
SETTINGS = frozenset(
    {
        *("Versioning", "Encryption", "PublicAccessBlock", "ObjectOwnership", "PolicyStatements", "LifecycleRules"),
        *("TransitionDefaultMinimumObjectSize", "ObjectLock", "Replication", "Tags"),
        *("Logging", "Inventory", "IntelligentTiering", "Notifications"),
    }
)
LOGGING: Shape = {"TargetBucket": "DestinationBucketName", "TargetPrefix": "LogFilePrefix"}
REPORT_DESTINATION: Shape = {"AccountId": "BucketAccountId", "Bucket": "BucketArn", **same("Format", "Prefix")}
INVENTORY: Shape = {
    "IsEnabled": "Enabled",
    "Schedule": ("ScheduleFrequency", lambda value: value["Frequency"]),
    "Filter": ("Prefix", lambda value: value["Prefix"]),
    "Destination": (
        "Destination",
        lambda value: renamed(value["S3BucketDestination"], REPORT_DESTINATION, "Inventory.Destination"),
    ),
    **same("Id", "IncludedObjectVersions", "OptionalFields"),
}
TIERING: Shape = {
    "Filter": ("Prefix", lambda value: value["Prefix"]),
    **same("Id", "Status", "Tierings"),
}


def bucket(name: str, settings: Mapping[str, Any], tags: list[dict[str, Any]]) -> Properties:
    """Properties of `AWS::S3::Bucket` from a resource's (docs/architecture.md). Raises ExportProblem for a setting without translation."""
    unknown = settings.keys() - SETTINGS
    if unknown:
        raise ExportProblem(f"{name}: there is no translation of {', '.join(sorted(unknown))}")
    found: Properties = {"BucketName": name}
    if settings.get("Versioning"):
        found["VersioningConfiguration"] = {"Status": settings["Versioning"]}
    if settings.get("Encryption"):
        found["BucketEncryption"] = {"ServerSideEncryptionConfiguration": [encryption(settings["Encryption"])]}
    if settings.get("PublicAccessBlock"):
        found["PublicAccessBlockConfiguration"] = dict(settings["PublicAccessBlock"])
    if settings.get("ObjectOwnership"):
        found["OwnershipControls"] = {"Rules": [{"ObjectOwnership": settings["ObjectOwnership"]}]}
    if settings.get("LifecycleRules"):
        found["LifecycleConfiguration"] = {"Rules": [lifecycle_rule(rule) for rule in settings["LifecycleRules"]]}
        if settings.get("TransitionDefaultMinimumObjectSize"):
            found["LifecycleConfiguration"]["TransitionDefaultMinimumObjectSize"] = settings["TransitionDefaultMinimumObjectSize"]
    if settings.get("ObjectLock"):
        found["ObjectLockEnabled"] = True
        found["ObjectLockConfiguration"] = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": dict(settings["ObjectLock"])}}
    if settings.get("Replication"):
        found["ReplicationConfiguration"] = replication(settings["Replication"])
    found |= reports(settings)
    if tags:
        found["Tags"] = tags
    return found


def reports(settings: Mapping[str, Any]) -> Properties:
    """What tells of the bucket's objects, and the archive tiers of Intelligent-Tiering."""
    found: Properties = {}
    if settings.get("Logging"):
        found["LoggingConfiguration"] = renamed(settings["Logging"], LOGGING, "Logging")
    if settings.get("Inventory"):
        found["InventoryConfigurations"] = each(INVENTORY, "Inventory")(settings["Inventory"])
    if settings.get("IntelligentTiering"):
        found["IntelligentTieringConfigurations"] = each(TIERING, "IntelligentTiering")(settings["IntelligentTiering"])
    if settings.get("Notifications"):
        bridge: Shape = {"EventBridge": ("EventBridgeConfiguration", lambda on: {"EventBridgeEnabled": on})}
        found["NotificationConfiguration"] = renamed(settings["Notifications"], bridge, "Notifications")
    return found


def encryption(settings: Mapping[str, Any]) -> Properties:
    default = {name: value for name, value in settings.items() if name != "BucketKeyEnabled"}
    return {"ServerSideEncryptionByDefault": default, "BucketKeyEnabled": settings.get("BucketKeyEnabled", False)}


def lifecycle_rule(rule: Mapping[str, Any]) -> Properties:
    """CloudFormation has no filter: its members stand in the rule, sizes as text; a rule without them is for every object."""
    rest = {name: value for name, value in rule.items() if name not in ("Filter", "Expiration", "Prefix")}
    found = renamed(rest, LIFECYCLE_RULE, "LifecycleRules")
    chosen = rule.get("Filter", {})
    parts = {**{name: value for name, value in chosen.items() if name != "And"}, **chosen.get("And", {})}
    prefix = parts.pop("Prefix", rule.get("Prefix"))
    if prefix:
        found["Prefix"] = prefix
    tags = [*parts.pop("Tags", ()), *([parts.pop("Tag")] if "Tag" in parts else ())]
    if tags:
        found["TagFilters"] = tags
    for name in ("ObjectSizeGreaterThan", "ObjectSizeLessThan"):
        if name in parts:
            found[name] = str(parts.pop(name))
    if parts:
        raise ExportProblem(f"LifecycleRules.Filter: there is no translation of {', '.join(parts)}")
    if "Expiration" in rule:
        found |= renamed(rule["Expiration"], EXPIRATION, "LifecycleRules.Expiration")
    return found


def replication(settings: Mapping[str, Any]) -> Properties:
    return {"Role": settings["Role"], "Rules": [renamed(rule, REPLICATION_RULE, "Replication.Rules") for rule in settings["Rules"]]}


def replication_filter(value: Mapping[str, Any]) -> Properties:
    joined: Shape = {"Prefix": "Prefix", "Tags": "TagFilters"}
    shape: Shape = {"Prefix": "Prefix", "Tag": "TagFilter", "And": ("And", lambda both: renamed(both, joined, "Filter.And"))}
    return renamed(value, shape, "Replication.Rules.Filter")
