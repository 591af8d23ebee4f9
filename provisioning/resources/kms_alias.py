"""AWS::KMS::Alias: a name for a key. It has no tags; its derived name says whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.names import ALIAS
from provisioning.resources.base import ABSENT, Call, Hazard, Observed, Place, Properties, ResourceType, read


class KmsAlias(ResourceType):
    kind = ALIAS
    reads = frozenset({"kms:ListAliases"})
    writes = frozenset({"kms:CreateAlias", "kms:UpdateAlias"})

    def observe(self, place: Place) -> Observed:
        kms = place.client("kms")
        aliases = place.survey.once(("kms-aliases", place.account, place.region), lambda: _aliases(kms))
        target = aliases.get(place.own_name)
        return ABSENT if target is None else Observed(True, place.own_name, {"TargetKeyId": target})

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        return {"TargetKeyId": want["TargetKeyId"]}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        return dict(properties)

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        if after == observed.properties:
            return []
        parameters = {"AliasName": place.own_name, "TargetKeyId": after["TargetKeyId"]}
        waits_for = frozenset({"NotFoundException"})
        if observed.exists:
            return [Call("kms", "update_alias", parameters, f"Point {place.own_name} at the key", "kms:UpdateAlias", waits_for=waits_for)]
        words = f"Name the key {place.own_name}"
        return [Call("kms", "create_alias", parameters, words, "kms:CreateAlias", creates=True, waits_for=waits_for)]

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        if not observed.exists:
            return []
        had = observed.properties["TargetKeyId"]
        sentence = f"{place.own_name} no longer names the key {had}: who encrypts by that name uses the designed key from now on."
        return [Hazard("foreign", sentence)]


def _aliases(kms: Any) -> dict[str, str]:
    pages = kms.get_paginator("list_aliases").paginate()
    rows = read(lambda: [row for page in pages for row in page["Aliases"]], "kms:ListAliases") or []
    return {row["AliasName"]: row["TargetKeyId"] for row in rows if "TargetKeyId" in row}
