"""The texts of the conflicts, and a conflict that was found, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from recommendations.costs import money

SHOWN = 20  # workloads listed for one conflict; more are counted
FILE = Path(__file__).parent / "conflicts.yaml"


@dataclass(frozen=True)
class Text:
    """One kind of conflict. `options` are maps of label, consequence, and perhaps price and needs."""

    id: str
    title: str
    pillar: str
    severity: str
    sentence: str
    design: str
    answers: tuple[str, ...]
    options: tuple[Mapping[str, str], ...]
    check: str | None = None


@cache
def load_texts() -> Mapping[str, Text]:
    """Every kind of conflict by id, in the order in which they are told."""
    items = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {one["id"]: Text(**{**one, "answers": tuple(one["answers"]), "options": tuple(one["options"])}) for one in items}


@dataclass(frozen=True)
class Conflict:
    """A conflict that was found. `fill` goes into the texts, `prices` are USD a month of the whole design by an option's price word.

    `own` is False where a finding is there already (the text's `check`); else the finding has the conflict's id.
    """

    id: str
    fill: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[str, Decimal | None] = field(default_factory=dict)
    workloads: tuple[str, ...] = ()
    own: bool = True

    @property
    def text(self) -> Text:
        return load_texts()[self.id]

    @property
    def check(self) -> str:
        """The finding that refers to this conflict."""
        return self.id if self.own or self.text.check is None else self.text.check

    @property
    def sentence(self) -> str:
        return self.text.sentence.format_map(self.fill)

    def document(self) -> dict[str, Any]:
        """One entry of design.json's `conflicts`."""
        return {
            "id": self.id,
            "title": self.text.title,
            "subject": self.fill.get("subject"),
            "sentence": self.sentence,
            "design": self.text.design.format_map(self.fill),
            "answers": list(self.text.answers),
            "finding": self.check,
            "workloads": list(self.workloads[:SHOWN]),
            "workload_count": len(self.workloads),
            "options": [self.option(one) for one in self.text.options if "needs" not in one or one["needs"] in self.fill],
        }

    def option(self, text: Mapping[str, str]) -> dict[str, Any]:
        """One way out: {label, consequence, monthly: USD a month of the whole design, null where it is not worked out}."""
        return {
            "label": text["label"].format_map(self.fill),
            "consequence": text["consequence"].format_map(self.fill),
            "monthly": money(self.prices.get(text.get("price", ""))),
        }
