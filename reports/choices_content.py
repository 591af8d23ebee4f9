"""What else could have been promised, for documents: the options side by side, and of each workload the ways that nothing beats.

Worked out from the answers that the design carries, by the rules and prices at hand; nothing where those are others than the design's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from assessment.engagement import engagement_from_document
from assessment.questionnaire import load_questionnaire
from recommendations.alternative import Bench, same_rules
from recommendations.design import load_design
from recommendations.options import options_of
from recommendations.options_document import options_document
from recommendations.prices import load_price_book
from recommendations.promise import promise_document
from recommendations.tables import load_rule_pack
from recommendations.trace import OtherRules
from reports import display
from reports.answers import AnswerBook
from reports.drawings.front import front_drawing
from reports.drawings.svg import Drawing
from reports.sentences import told
from reports.wording import language, small, tr

Plain = Mapping[str, Any]
# Above this many workloads the options are for `manage.py options` and the fronts for the screen.
MOST_WORKLOADS = 60
SHOWN = 6


@dataclass(frozen=True)
class WayView:
    """One way to protect a workload; `number` as in the drawing, a dash where another way beats the design."""

    number: str
    monthly: str
    rto: str
    rpo: str
    unmet: str
    differs: str


@dataclass(frozen=True)
class FrontView:
    """The ways of one workload that nothing beats, those nearest to the design; `count` of them in all."""

    drawing: Drawing
    name: str
    ways: tuple[WayView, ...]
    count: int
    weighed: int
    cheapest: int | None
    overridden: bool


@dataclass(frozen=True)
class RowView:
    """One figure or setting in the three options."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Choices:
    """Options and fronts of a design."""

    titles: tuple[str, ...]
    rows: tuple[RowView, ...]
    settings: tuple[RowView, ...]
    moves: tuple[tuple[str, str, tuple[str, ...]], ...]
    fronts: Mapping[str, FrontView]

    @property
    def short(self) -> tuple[RowView, ...]:
        """The rows for a reader in a hurry: cost, objectives, findings."""
        return (*self.rows[:3], self.rows[-1])

    @property
    def drawings(self) -> dict[str, str]:
        return {front.name: front.drawing.svg for front in self.fronts.values()}


def choices_of(document: Plain) -> Choices | None:
    """The choices of a design; None for one of other rules, or with more workloads than a document should weigh."""
    if len(document["workloads"]) > MOST_WORKLOADS:
        return None
    try:
        same_rules(document, load_questionnaire(), load_rule_pack(), load_price_book())
    except OtherRules:
        return None
    return _choices(f"{document['digest']} {language()}", _Held(document))


class _Held:
    """Carries the document through the cache, whose key is its digest."""

    def __init__(self, document: Plain) -> None:
        self.document = document

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=4)
def _choices(_digest: str, held: _Held) -> Choices:
    document = held.document
    found = options_document(options_of(engagement_from_document(document["answers"]), balanced=load_design(document)))
    book = AnswerBook(document)
    fronts = {w["key"]: front for n, w in enumerate(document["workloads"], 1) if (front := front_view(document, w, n)) is not None}
    return Choices(
        tuple(tr(one["title"]) for one in found["options"]),
        tuple(figures(found, book)),
        tuple(RowView(tr(row["label"]), tuple(counts(row[one["option"]]) for one in found["options"])) for row in found["settings"]),
        tuple((tr(one["title"]), tr(one["text"]), moves(one)) for one in found["options"] if one["option"] != "balanced"),
        fronts,
    )


def figures(found: Plain, book: AnswerBook) -> list[RowView]:
    """The figures of the options, one row each."""
    options = found["options"]
    tiers = [one["tier"] for one in options[0]["tiers"]]
    return [
        RowView(tr("Cost a month"), tuple(display.money_text(one["monthly"]) for one in options)),
        RowView(
            tr("Cost over {months} months").format(months=found["horizon_months"]),
            tuple(display.money_text(one["months"]) for one in options),
        ),
        RowView(tr("Objectives met"), tuple(f"{one['met']} {tr('of')} {one['asked']}" for one in options)),
        *(
            RowView(f"{book.label('wl_tier', tier)}, {tr('at worst')}", tuple(worst(one["tiers"][place]) for one in options))
            for place, tier in enumerate(tiers)
        ),
        RowView(tr("Findings by pillar"), tuple(listed(one["pillars"]) for one in options)),
        RowView(tr("Findings"), tuple(listed(one["findings"]) for one in options)),
    ]


def worst(tier: Plain) -> str:
    """The worst figures of a tier in words."""
    if tier["rpo"] is None:
        return tr("no copy left after an event")
    back = tr("no way back") if tier["rto"] is None else tr("back within {time}").format(time=display.duration_text(tier["rto"]))
    lost = tr("nothing lost") if tier["rpo"] == "0m" else tr("{time} lost").format(time=display.duration_text(tier["rpo"]))
    return f"{back}, {lost}"


def listed(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {tr(name)}" for name, number in numbers.items() if number) or tr("none")


def counts(values: Any) -> str:
    """`2 × Every hour; None; and 3 more`."""
    shown = [f"{one['count']} × {told(one['value'])}" if one["count"] > 1 else told(one["value"]) for one in values[:3]]
    return "; ".join([*shown, *([tr("and {count} more").format(count=len(values) - 3)] if len(values) > 3 else [])])


def moves(option: Plain) -> tuple[str, ...]:
    """What an option changes, what a regime did not allow, and which overrides its answers refuse."""
    made = [move_text(one) for one in option["moves"]]
    kept = [
        tr("Not made, for {controls}: {move}").format(controls="; ".join(map(told, one["controls"])), move=small(told(one["told"])))
        + (tr(", which would save {cost} a month").format(cost=display.money_text(one["saves"])) if one["saves"] else "")
        for one in option["kept"]
    ]
    refused = tr("Without an override, since these answers refuse it: {workload}, {setting}")
    return (*made, *kept, *(refused.format(workload=one["workload"], setting=tr(one["label"])) for one in option["without"]))


def move_text(move: Plain) -> str:
    """A move with the number of workloads that it changes."""
    count = move["workloads"]
    return told(move["told"]) if count is None else f"{told(move['told'])} ({display.count_text(count, 'workload')})"


def front_view(document: Plain, workload: Plain, number: int) -> FrontView | None:
    """The front of one workload; None where its prices are not known."""
    promise = promise_document(Bench(document, workload["key"]).promise())
    drawing = front_drawing(promise, workload["name"])
    if drawing is None:
        return None
    points = list(promise["points"])
    place = next((index for index, one in enumerate(points) if one["designed"]), None)
    if place is None:
        place = sum(Decimal(one["monthly"]) < Decimal(promise["design"]["monthly"]) for one in points)
        points.insert(place, promise["design"])
    start = max(0, min(place - SHOWN // 2, len(points) - SHOWN))
    overridden = any(one["workload"] == workload["key"] for one in document.get("overrides", ()))
    ways = tuple(way_view(one) for one in points[start : start + SHOWN])
    return FrontView(drawing, f"drawing:front-{number}", ways, len(promise["points"]), promise["weighed"], promise["cheapest"], overridden)


def way_view(point: Plain) -> WayView:
    now = tr("now")
    differs = "; ".join(f"{told(one['what'])}: {told(one['after'])} ({now} {told(one['before'])})" for one in point["changes"])
    return WayView(
        str(point["number"] or "–"),
        display.money_text(point["monthly"]),
        tr("never") if point["rto"] is None else display.duration_text(point["rto"]),
        tr("no copy left") if point["rpo"] is None else tr("nothing") if point["rpo"] == "0m" else display.duration_text(point["rpo"]),
        f"{point['unmet']} {tr('missed')}" if point["unmet"] else tr("all met"),
        tr("This is the design") if point["designed"] else differs,
    )
