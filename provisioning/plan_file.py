"""Reads a plan back. A plan file is input and not trust: its shape is checked, and everything that follows from its parts is recomputed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisioning.plan import SCHEMA, hazard_id, observed_fingerprint
from provisioning.situation import fingerprint_of
from provisioning.target import Access, Target, TargetProblem, TargetSpec, fit
from recommendations.design import Design, DesignError, load_design


class PlanProblem(ValueError):
    """A document that is no plan, or one that was edited after it was made. The message says where."""


@dataclass(frozen=True)
class PlannedHazard:
    """A danger that the plan names; applying needs its id and a person's name."""

    id: str
    kind: str
    address: str
    sentence: str


@dataclass(frozen=True)
class PlanFile:
    """A checked plan. `fingerprints` are what was observed, by address; `plan_id` names this plan in journals."""

    design: Design
    spec: TargetSpec
    target: Target
    plan_id: str
    fingerprints: Mapping[str, str]
    hazards: tuple[PlannedHazard, ...]

    @property
    def digest(self) -> str:
        return self.design.digest


def read_plan(document: Any) -> PlanFile:
    """The plan in plain data, e.g. a parsed plan.json. Raises PlanProblem."""
    plan = _map(document, "$")
    if _map(plan.get("stowplan"), "stowplan").get("schema") != SCHEMA:
        raise PlanProblem(f"stowplan.schema: expected {SCHEMA!r}")
    try:
        design = load_design(plan.get("design"))
        spec = _spec(_map(plan.get("target"), "target"))
        target = fit(spec, design.document)
    except DesignError as error:
        raise PlanProblem(f"design: {error}") from error
    except TargetProblem as error:
        raise PlanProblem(f"target: {error}") from error
    _same(plan, "design_digest", design.digest)
    _same(_map(plan["target"], "target"), "accounts", dict(target.accounts), "target.")
    fingerprints = _fingerprints(plan, design)
    hazards = tuple(_hazard(item, index) for index, item in enumerate(_list(plan.get("hazards"), "hazards")))
    plan_id = fingerprint_of([design.digest, plan["target"], plan["observed_fingerprint"]])
    return PlanFile(design, spec, target, plan_id, fingerprints, hazards)


def _spec(target: Mapping[str, Any]) -> TargetSpec:
    others = tuple(
        Access(_text(row, "account"), _text(row, "role_arn"), _maybe(row, "external_id"))
        for row in (_map(item, "target.others") for item in _list(target.get("others"), "target.others"))
    )
    return TargetSpec(
        account=_text(target, "account"),
        region=_maybe(target, "region"),
        dr_region=_maybe(target, "dr_region"),
        role_arn=_maybe(target, "role_arn"),
        external_id=_maybe(target, "external_id"),
        endpoint_url=_maybe(target, "endpoint_url"),
        others=others,
    )


def _fingerprints(plan: Mapping[str, Any], design: Design) -> dict[str, str]:
    changes: list[dict[str, Any]] = []
    for index, item in enumerate(_list(plan.get("resource_changes"), "resource_changes")):
        words = _map(_map(item, f"resource_changes[{index}]").get("stowplan"), f"resource_changes[{index}].stowplan")
        if "no_longer_designed" not in words:
            changes.append({"address": _text(item, "address"), "stowplan": {"fingerprint": _text(words, "fingerprint")}})
    expected = {f"{resource['type']}.{resource['key']}" for resource in design.document["resources"]}
    if sorted(change["address"] for change in changes) != sorted(expected):
        raise PlanProblem("resource_changes: not the resources of the design")
    _same(plan, "observed_fingerprint", observed_fingerprint(changes))
    return {change["address"]: change["stowplan"]["fingerprint"] for change in changes}


def _hazard(item: Any, index: int) -> PlannedHazard:
    hazard = _map(item, f"hazards[{index}]")
    kind, address, sentence = (_text(hazard, name) for name in ("kind", "address", "sentence"))
    _same(hazard, "id", hazard_id(kind, address, sentence), f"hazards[{index}].")
    return PlannedHazard(hazard_id(kind, address, sentence), kind, address, sentence)


def _same(found: Mapping[str, Any], name: str, expected: Any, path: str = "") -> None:
    if found.get(name) != expected:
        raise PlanProblem(f"{path}{name}: the file was changed after the plan was made; its content gives {expected!r}")


def _map(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise PlanProblem(f"{path}: expected an object; a plan is made by `manage.py plan`")
    return value


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise PlanProblem(f"{path}: expected a list")
    return value


def _text(found: Mapping[str, Any], name: str) -> str:
    if not isinstance(found.get(name), str):
        raise PlanProblem(f"{name}: expected text")
    return str(found[name])


def _maybe(found: Mapping[str, Any], name: str) -> str | None:
    return None if found.get(name) is None else _text(found, name)
