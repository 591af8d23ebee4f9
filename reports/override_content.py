"""The overrides of a design in words, as documents show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports import display
from reports.languages import DEFAULT
from reports.sentences import told
from reports.wording import day_text, language, tr


@dataclass(frozen=True)
class OverrideView:
    """A setting that an architect set otherwise. `ruled` is what the rules say, `weakens` the objectives that come out worse."""

    workload: str
    label: str
    value: str
    ruled: str
    rule: str
    reason: str
    owner: str
    expires: str
    weakens: str


def overrides_of(document: Mapping[str, Any], names: Mapping[str, str]) -> tuple[OverrideView, ...]:
    """The overrides in the order of the design."""
    return tuple(
        OverrideView(
            names.get(one["workload"], one["workload"]),
            tr(one["label"]),
            told(one["display"]),
            told(one["instead_of"]),
            one["rule"],
            one["reason"],
            one["owner"],
            day_text(one["expires"]),
            ", ".join(objective(place) for place in one["weakens"]),
        )
        for one in document.get("overrides") or ()
    )


def objective(place: str) -> str:
    """`region-loss/rto` in words."""
    disruption, figure = place.split("/")
    event = display.disruption_text(disruption)
    return tr("{figure} after {event}").format(figure=figure.upper(), event=event.lower() if language() == DEFAULT else event)
