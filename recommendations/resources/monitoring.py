"""What watches: in each account and Region that holds something of ours one topic, its subscriptions, rules on events, alarms on metrics.

Nothing here is made for one workload where one thing serves an account and Region: rules have a quota of 300 a bus, alarms of 5,000.
Names of events and metrics: aws-facts section i. Alarms on several resources at once are queries of CloudWatch Metrics Insights, which
see resources that come later as well; AWS allows 200 of them an account and Region, and they look at the last three hours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from recommendations.facts import CustomerFacts
from recommendations.places import Place
from recommendations.resources.common import Resource, resource, short, sub
from recommendations.resources.event_patterns import BACKUP_JOBS, KEYS, POLICIES, SNAPSHOTS, TRAILS, Watch, buckets_of
from recommendations.resources.heartbeats import heartbeats, vault_alarms
from recommendations.resources.metric_alarms import replication_alarms, snapshot_alarms

BUCKET, KEY, TRAIL = "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::CloudTrail::Trail"
POLICY, VAULT, PLAN = "AWS::DLM::LifecyclePolicy", "AWS::Backup::BackupVault", "AWS::Backup::BackupPlan"
TARGET_ID = "stowplan-topic"


@dataclass
class Spot:
    """What one account and Region holds that is watched."""

    place: Place
    buckets: list[Resource] = field(default_factory=list)
    policies: list[Resource] = field(default_factory=list)
    vaults: list[Resource] = field(default_factory=list)
    plans: list[Resource] = field(default_factory=list)
    keys: bool = False
    trail: bool = False
    # Snapshots of another Region are copied here.
    copies: bool = False

    def add(self, one: Resource) -> None:
        lists = {BUCKET: self.buckets, POLICY: self.policies, VAULT: self.vaults, PLAN: self.plans}
        if one["type"] in lists:
            lists[one["type"]].append(one)
        self.trail = self.trail or one["type"] == TRAIL

    def watches(self) -> Iterator[Watch]:
        """The rules on events that this spot needs."""
        if self.policies:
            yield POLICIES
        if self.policies or self.copies:
            yield SNAPSHOTS
        if self.vaults:
            yield BACKUP_JOBS
        if self.keys:
            yield KEYS
        if self.trail:
            yield TRAILS
        if self.buckets:
            yield buckets_of([str(one["adopt"]) for one in self.buckets if one["adopt"]])


def spots_of(made: Iterable[Resource], keys: Iterable[Place]) -> list[Spot]:
    """Every account and Region with something to watch, in a fixed order. `keys` is where customer managed keys stand."""
    found: dict[Place, Spot] = {}

    def at(place: Place) -> Spot:
        return found.setdefault(place, Spot(place))

    for one in made:
        if one["type"] in (BUCKET, TRAIL, POLICY, VAULT, PLAN):
            place = Place(one["account_role"], one["account_alias"], one["region"])
            at(place).add(one)
            for region in copied_to(one):
                at(Place(place.role, place.alias, region)).copies = True
    for place in keys:
        at(place).keys = True
    return [found[place] for place in sorted(found, key=Place.rank)]


def copied_to(one: Resource) -> set[str]:
    """Regions to which a snapshot policy copies."""
    if one["type"] != POLICY:
        return set()
    return {
        rule["Target"] for schedule in one["properties"]["PolicyDetails"]["Schedules"] for rule in schedule.get("CrossRegionCopyRules", ())
    }


def topic_key(place: Place) -> str:
    return short(f"topic--{place.name}--{place.region}")


class Key(Protocol):
    """What is asked of a key: where it lives, for what stands where, and the statements of its policy, to which one is added."""

    place: Place
    using: Place
    statements: list[dict[str, Any]]


def watch(customer: CustomerFacts, made: Iterable[Resource], keys: Mapping[str, Key]) -> list[Resource]:
    """All that watches what was made. `keys` maps resource keys of KMS keys to what is known of them."""
    spots = spots_of(made, [key.place for key in keys.values()])
    chosen = {spot.place: encrypting(spot.place, keys) for spot in spots}
    for name, key in keys.items():
        places = [place for place, own in chosen.items() if own == name]
        if places:
            key.statements.append(key_statement(places))
    return [one for spot in spots for one in of_spot(customer, spot, chosen[spot.place])]


def encrypting(place: Place, keys: Mapping[str, Key]) -> str | None:
    """The key for a topic: the first of those for what stands there, else that live there, else of the Region; None without any.

    No key is made for topics alone: what they carry says of a failure when and where, and no data. EventBridge and CloudWatch cannot
    use the key that AWS manages for SNS.
    """
    names = sorted(keys)
    here = [name for name in names if keys[name].using == place] or [name for name in names if keys[name].place == place]
    return next(iter(here or [name for name in names if keys[name].place.region == place.region]), None)


def of_spot(customer: CustomerFacts, spot: Spot, key: str | None) -> Iterator[Resource]:
    """Topic, subscriptions, rules and alarms of one account and Region."""
    where, name = spot.place.where(), topic_key(spot.place)
    content: dict[str, Any]
    yield topic(customer, spot.place, key)
    for address in customer.alerts:
        mark = hashlib.sha256(address.lower().encode()).hexdigest()[:8]
        content = {"TopicArn": sub(f"${{{name}.arn}}"), "Protocol": "email", "Endpoint": address}
        yield resource(short(f"mail-{mark}--{spot.place.name}--{spot.place.region}"), "AWS::SNS::Subscription", customer, content, **where)
    for watch in spot.watches():
        content = {
            "Description": watch.description,
            "State": "ENABLED",
            "EventPattern": watch.pattern,
            "Targets": [{"Id": TARGET_ID, "Arn": sub(f"${{{name}.arn}}")}],
        }
        yield resource(short(f"rule-{watch.id}--{spot.place.name}--{spot.place.region}"), "AWS::Events::Rule", customer, content, **where)
    alarms = [*replication_alarms(spot.buckets), *snapshot_alarms(spot.policies), *heartbeats(spot.policies)]
    for alarm in [*alarms, *vault_alarms(spot.vaults, spot.plans)]:
        content = {**alarm.content, "AlarmActions": [sub(f"${{{name}.arn}}")]}
        key_of = short(f"alarm-{alarm.id}--{spot.place.name}--{spot.place.region}")
        yield resource(key_of, "AWS::CloudWatch::Alarm", customer, content, **spot.place.where(*alarm.workloads))


def topic(customer: CustomerFacts, place: Place, key: str | None) -> Resource:
    """The topic that EventBridge and CloudWatch of its own account publish to.

    The statement for EventBridge has no condition: AWS says that there can be none in a topic's policy for EventBridge (EventBridge User
    Guide, troubleshooting rules), and with one every alert would be lost. A rule and its topic are of one account and Region.
    """
    name = topic_key(place)
    publish = {"Effect": "Allow", "Action": "sns:Publish", "Resource": sub(f"${{{name}.arn}}")}
    own = {"StringEquals": {"aws:SourceAccount": sub("${account}")}}
    properties: dict[str, Any] = {
        "DisplayName": "Stowplan backup alerts",
        "PolicyStatements": [
            {"Sid": "StowplanEventsPublish", "Principal": {"Service": "events.amazonaws.com"}, **publish},
            {"Sid": "StowplanAlarmsPublish", "Principal": {"Service": "cloudwatch.amazonaws.com"}, **publish, "Condition": own},
        ],
    }
    if key:
        properties["KmsMasterKeyId"] = sub(f"${{{key}.arn}}")
    return resource(name, "AWS::SNS::Topic", customer, properties, **place.where())


def key_statement(places: Sequence[Place]) -> dict[str, Any]:
    """Lets EventBridge and CloudWatch encrypt what they publish to these topics, and nothing else (aws-facts section g)."""
    return {
        "Sid": "StowplanAlerts",
        "Effect": "Allow",
        "Principal": {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": [sub(f"${{{topic_key(one)}.arn}}") for one in places]}},
    }
