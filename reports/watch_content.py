"""What watches each account and Region, as templates see it: who is told, on which events, by which alarms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reports.sentences import told
from reports.wording import tr

Plain = Mapping[str, Any]
TOPIC, SUBSCRIPTION, RULE, ALARM = "AWS::SNS::Topic", "AWS::SNS::Subscription", "AWS::Events::Rule", "AWS::CloudWatch::Alarm"


@dataclass(frozen=True)
class WatchView:
    """One account and Region. `events` and `alarms` are sentences; one that stands for several alarms says for how many."""

    account: str
    region: str
    told: tuple[str, ...]
    events: tuple[str, ...]
    alarms: tuple[str, ...]


def watches_of(resources: Iterable[Plain]) -> tuple[WatchView, ...]:
    """One entry for each topic of a design, in the design's order."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    members = {SUBSCRIPTION: "Endpoint", RULE: "Description", ALARM: "AlarmDescription"}
    for one in resources:
        spot = (str(one["account_alias"] or one["account_role"]), str(one["region"]))
        if one["type"] == TOPIC:
            found.setdefault(spot, {})
        elif one["type"] in members:
            found.setdefault(spot, {}).setdefault(one["type"], []).append(str(one["properties"].get(members[one["type"]]) or one["key"]))
    return tuple(
        WatchView(account, region, *(_counted(parts.get(kind, ())) for kind in (SUBSCRIPTION, RULE, ALARM)))
        for (account, region), parts in found.items()
    )


def _counted(sentences: Iterable[str]) -> tuple[str, ...]:
    """Each sentence once, with how often it stands there."""
    return tuple(
        tr("{text} ({count} of them)").format(text=told(text), count=count) if count > 1 else told(text)
        for text, count in Counter(sentences).items()
    )
