"""AWS::SNS::Subscription: who receives what a topic sends. It has neither name nor tags; topic, protocol and endpoint tell it.

An e-mail address stays pending until a person confirms it; AWS forgets a pending one after some days, and then it is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.names import SUBSCRIPTION
from provisioning.resources.base import ABSENT, Call, Observed, Place, Properties, ResourceType, read
from provisioning.resources.sns_topic import GONE

MEMBERS = ("TopicArn", "Protocol", "Endpoint")
# What AWS gives in the place of an ARN.
PENDING = "PendingConfirmation"


class SnsSubscription(ResourceType):
    kind = SUBSCRIPTION
    reads = frozenset({"sns:ListSubscriptionsByTopic"})
    writes = frozenset({"sns:Subscribe"})

    def observe(self, place: Place) -> Observed:
        raise NotImplementedError("a subscription is told by its topic and endpoint: observe_wanted")

    def observe_wanted(self, place: Place, want: Mapping[str, Any]) -> Observed:
        topic = str(want["TopicArn"])
        rows = place.survey.once(("subscriptions", place.account, place.region, topic), lambda: _listed(place, topic))
        row = next((one for one in rows if (one["Protocol"], one["Endpoint"]) == (want["Protocol"], want["Endpoint"])), None)
        if row is None:
            return ABSENT
        return Observed(True, _identity(row["SubscriptionArn"]), {name: row[name] for name in MEMBERS})

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        return {name: want[name] for name in MEMBERS}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        return dict(properties)

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        if observed.exists:
            return []
        parameters = {**after, "ReturnSubscriptionArn": True}
        words = f"Subscribe {after['Endpoint']}"
        if after["Protocol"] == "email":
            words += ": AWS sends a mail, and the address receives nothing before a person follows the link in it"
        return [Call("sns", "subscribe", parameters, words, "sns:Subscribe", creates=True, waits_for=frozenset({"NotFound"}))]

    def created_id(self, response: Mapping[str, Any]) -> str | None:
        return _identity(str(response["SubscriptionArn"]))

    def notes(self, place: Place, want: Mapping[str, Any], observed: Observed) -> list[str]:
        if observed.identity != PENDING:
            return []
        return [f"{place.address}: {want['Endpoint']} has not confirmed the subscription yet and receives nothing."]


def _identity(arn: str) -> str:
    """What follows the account in a subscription's ARN, `topic:id`; the word for a pending one."""
    return arn.split(":", 5)[-1]


def _listed(place: Place, topic: str) -> list[dict[str, Any]]:
    pages = place.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    rows = read(lambda: [row for page in pages for row in page["Subscriptions"]], "sns:ListSubscriptionsByTopic", absent=GONE)
    # A subscription that was taken back stays listed for a while.
    return [row for row in rows or () if row["SubscriptionArn"] != "Deleted"]
