"""People, alarms and money of the whole engagement as templates see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from recommendations.setting_costs import months_by_setting
from reports import display
from reports.answers import AnswerBook
from reports.wording import tr

Plain = Mapping[str, Any]


@dataclass(frozen=True)
class YearView:
    """The sum of the months of one year; `saved` is naive less design, `today` today's bill grown with the data."""

    label: str
    design: str
    naive: str
    saved: str
    today: str


@dataclass(frozen=True)
class SettingCost:
    """What a setting costs: over the whole design a month, its share, and in each year of the horizon."""

    label: str
    monthly: str
    share: str
    years: tuple[str, ...]


def industry_of(document: Plain, book: AnswerBook) -> str:
    value = document["engagement"].get("industry") or ""
    return book.questionnaire.question("eng_industry").label_of(value) if value else ""


def accounts_of(accounts: Any, book: AnswerBook) -> tuple[Plain, ...]:
    roles = next(field for field in book.questionnaire.question("aws_accounts").fields if field.id == "role")
    return tuple({**account, "role": roles.label_of(account.get("role") or "")} for account in accounts)


def people_of(people: Any, book: AnswerBook) -> tuple[Plain, ...]:
    """The people named, with their role in words; `part` is its value."""
    roles = next(field for field in book.questionnaire.question("eng_people").fields if field.id == "role")
    return tuple({**person, "role": roles.label_of(person.get("role", "")), "part": person.get("role", "")} for person in people or ())


def alerts_of(alerts: Any, book: AnswerBook) -> tuple[Plain, ...]:
    channels = next(field for field in book.questionnaire.question("ops_alert").fields if field.id == "channel")
    return tuple(
        {"channel": channels.label_of(a["channel"]), "target": a["target"], "within": display.duration_text(a["within"])}
        for a in alerts or ()
    )


def years_of(months: Any) -> tuple[YearView, ...]:
    """Sums by year of the horizon; a year with a month without a figure has none."""
    found = []
    for start in range(0, len(months), 12):
        part = months[start : start + 12]
        design, naive, today = (total(month.get(key) for month in part) for key in ("design", "naive", "today"))
        saved = naive - design if design is not None and naive is not None else None
        whole, rest = tr("Year {number}"), tr("Months {first} to {last}")
        label = whole.format(number=start // 12 + 1) if len(part) == 12 else rest.format(first=start + 1, last=start + len(part))
        found.append(YearView(label, *(display.money_text(value) for value in (design, naive, saved, today))))
    return tuple(found)


def setting_costs_of(document: Plain) -> tuple[SettingCost, ...]:
    """Costs by the setting that causes them, dearest first; none for designs of earlier versions."""
    by_month = months_by_setting(document)
    found = []
    for row in document["costs"].get("by_setting") or ():
        months = by_month.get(row["setting"], [])
        years = tuple(display.money_text(sum(months[start : start + 12])) for start in range(0, len(months), 12))
        found.append(SettingCost(tr(row["label"]), display.money_text(row["monthly"], cents=True), display.share_text(row["share"]), years))
    return tuple(found)


def total(values: Any) -> Decimal | None:
    found = [display.decimal_of(value) for value in values]
    return None if any(value is None for value in found) else sum((value for value in found if value is not None), Decimal(0))
