"""What an architect sets otherwise than the rules: one output of one table for one workload, with a reason, an owner and an expiry.

The file (`stowplan/overrides/1`) lists them as maps of the fields of `Override`. Which settings are offered, with which values, stands
here; which are refused, for AWS's rules and for what the answers and regimes demand, in `recommendations.override_guards`.
An override lasts until its day: `evaluate` has no clock, so the day is printed, and who has a clock refuses what is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from assessment.documents import DocumentError, dotted, read_document
from assessment.engagement import Problem
from recommendations.storage import CLASS_LABELS, STANDARD
from recommendations.tables import Hit, RulePack, Table
from recommendations.tables.model import Row

SCHEMA = "stowplan/overrides/1"
RULE = "override"
FOR_EVER = "never"
LONGEST = 500
RENEW = "name a later day, or take it away."


class OverrideErrors(ValueError):
    """Overrides that cannot be read, do not fit the design, or are refused. Each problem says why and what would be right."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda one: one.line)
        super().__init__("\n".join(f"{one.path}: {one.message}" for one in self.problems))

    def lines(self, filename: str) -> list[str]:
        """`FILE:LINE: PATH: message`, one for each problem."""
        return [problem.text(filename) for problem in self.problems]


@dataclass(frozen=True, order=True)
class Override:
    """One decision of an architect. `workload` is its key, `setting` one of OFFERED, `value` as in `values_of`."""

    workload: str
    setting: str
    value: str
    reason: str
    owner: str
    expires: date

    @property
    def because(self) -> str:
        return f"Overridden: {self.reason.rstrip('.')}. Owner: {self.owner}; holds until {self.expires.isoformat()}."


# Setting -> the output of its table that is replaced; None for those that bind the lifecycle instead.
OFFERED: Mapping[str, str | None] = {
    "storage_class": None,
    "expire": None,
    "versioning": "versioning",
    "object_lock": "mode",
    "encryption": "mode",
    "replication": "replication",
    "logging": "objects",
    "dlm": "every_hours",
    "backup_plan": "plan",
    "vault_lock": "lock",
    "dr_strategy": "strategy",
    "drills": "cadence",
}
LABELS = {"storage_class": "Storage class ruled out", "expire": "Days until data is deleted"}
# Words for hours between snapshots and modes, where a table has none.
WORDS = {
    **{"none": "None", "1": "Every hour", "24": "Every day", "168": "Every week"},
    **{"GOVERNANCE": "Governance mode, named people can lift it", "COMPLIANCE": "Compliance mode, nobody can lift it"},
}
DAYS = re.compile(r"[1-9][0-9]{0,4}")


def label_of(setting: str, pack: RulePack) -> str:
    """What an override of a setting is called."""
    if setting in LABELS:
        return LABELS[setting]
    table = pack[setting]
    return next((one.setting for one in table.outputs if one.name == OFFERED[setting] and one.setting), table.title)


def values_of(setting: str, pack: RulePack) -> dict[str, str]:
    """The values that are offered for a setting, with their words; days are free, so `expire` offers but one word."""
    if setting == "storage_class":
        return {name: label for name, label in CLASS_LABELS.items() if name != STANDARD}
    if setting == "expire":
        return {FOR_EVER: "Never deleted"}
    column = next(one for one in pack[setting].outputs if one.name == OFFERED[setting])
    return {value: column.display.get(value) or WORDS.get(value) or f"Every {value} hours" for value in column.values}


def words_of(override: Override, pack: RulePack) -> str:
    """The value of an override in words."""
    return values_of(override.setting, pack).get(override.value, f"{override.value} days")


def overridden(hit: Hit, override: Override) -> Hit:
    """What a table said, with one output replaced: the rule is `override`, the reason the architect's."""
    output = OFFERED[override.setting]
    then = hit.row.then if output is None else {**hit.row.then, output: override.value}
    return Hit(hit.table, Row(RULE, {}, then, override.because, RULE))


def binding(overrides: Iterable[Override], table: Table) -> tuple[Hit, ...]:
    """Overrides that bind the lifecycle, as rows of `storage_class`: a class that is not to be used, or other days."""
    return tuple(
        Hit(table, Row(RULE, {}, {"forbids": (one.value,) if one.setting == "storage_class" else ()}, one.because, RULE))
        for one in overrides
        if OFFERED[one.setting] is None
    )


def by_workload(overrides: Iterable[Override]) -> dict[str, tuple[Override, ...]]:
    """Overrides of each workload, in a fixed order."""
    found: dict[str, list[Override]] = {}
    for one in sorted(overrides):
        found.setdefault(one.workload, []).append(one)
    return {key: tuple(ones) for key, ones in found.items()}


def read_overrides(data: bytes) -> tuple[Override, ...]:
    """The overrides of a file. Raises OverrideErrors: every problem with its line."""
    try:
        document = read_document(data)
    except DocumentError as error:
        raise OverrideErrors([Problem(error.line, error.path, error.message)]) from error
    return from_plain(document.value, document.line)


def from_plain(plain: Any, line_of: Any = lambda path: 1) -> tuple[Override, ...]:
    """Overrides in plain data: a map of `schema` and `overrides`. Raises OverrideErrors."""
    problems: list[Problem] = []

    def wrong(path: tuple[Any, ...], message: str) -> None:
        problems.append(Problem(line_of(path), dotted(path) or "$", message))

    if not isinstance(plain, Mapping) or plain.get("schema") != SCHEMA or set(plain) != {"schema", "overrides"}:
        raise OverrideErrors([Problem(1, "$", f"expected a map of schema: {SCHEMA} and overrides:, a list")])
    rows = plain["overrides"]
    if not isinstance(rows, list):
        raise OverrideErrors([Problem(1, "overrides", "expected a list of overrides")])
    found = [_row(row, ("overrides", index), wrong) for index, row in enumerate(rows)]
    if problems:
        raise OverrideErrors(problems)
    return tuple(one for one in found if one is not None)


def _row(row: Any, path: tuple[Any, ...], wrong: Any) -> Override | None:
    names = [one.name for one in fields(Override)]
    if not isinstance(row, Mapping) or set(row) != set(names):
        wrong(path, f"expected a map with exactly {', '.join(names)}")
        return None
    texts = {name: str(row[name]).strip() for name in names}
    for name in names:
        if not texts[name] or len(texts[name]) > LONGEST or isinstance(row[name], dict | list | bool) or row[name] is None:
            wrong((*path, name), f"expected a text of 1 to {LONGEST} signs")
    if texts["setting"] not in OFFERED:
        wrong((*path, "setting"), f"{texts['setting']!r} cannot be overridden; these can: {', '.join(OFFERED)}")
    try:
        day = row["expires"] if isinstance(row["expires"], date) else date.fromisoformat(texts["expires"])
    except ValueError:
        wrong((*path, "expires"), "expected a day, such as 2027-06-30")
        return None
    return Override(texts["workload"], texts["setting"], texts["value"], texts["reason"], texts["owner"], day)


def plain_of(override: Override) -> dict[str, str]:
    """One override as plain data."""
    return {one.name: str(getattr(override, one.name)) for one in fields(Override)}


def overrides_of(document: Mapping[str, Any]) -> tuple[Override, ...]:
    """The overrides that a design was made with."""
    names = [one.name for one in fields(Override)]
    rows = [{name: row[name] for name in names} for row in document.get("overrides", ())]
    return from_plain({"schema": SCHEMA, "overrides": rows})


def expired(overrides: Iterable[Override], today: date) -> list[Override]:
    """Those whose day is over."""
    return [one for one in overrides if one.expires < today]


def expiry_problems(overrides: Sequence[Override], over: Sequence[Override]) -> list[Problem]:
    """What is said of overrides whose day is over."""
    return [
        Problem(index + 1, f"overrides[{index}].expires", f"{one.setting} of {one.workload} was overridden until {one.expires}; {RENEW}")
        for index, one in enumerate(overrides)
        if one in over
    ]
