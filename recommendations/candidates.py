"""Other values that an answer could have, the nearest first: every option, one step of a list or table, numbers outwards.

Options are few, so all of them stand here; numbers are tried at the bounds of the tables' cells and in growing steps, up to the question's
own limits. `complete` says which of both it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessment.answer_tree import Scope
from assessment.questionnaire import Question
from assessment.unary import literals
from assessment.values import ValueProblems, parse_value, write_value
from recommendations.tables import RulePack

NUMBERS = ("integer", "percent", "money", "duration", "size", "bandwidth")
LISTS = ("multi", "regions", "countries", "workloads")
FACTORS = tuple(Fraction(one) for one in ("1.25", "2", "5", "10", "100", "10000"))
# Greatest value that is tried where a question has no limit of its own.
MOST = {"integer": 10**6, "percent": 1000, "money": 10**7, "size": 2**57, "bandwidth": 4 * 10**11, "duration": 36525 * 24 * 60}


@dataclass(frozen=True)
class Candidate:
    """Another value, and how far it is: steps for choices, relative change for numbers. Less is nearer."""

    value: Any
    distance: Fraction


def candidates(question: Question, current: Any, scope: Scope, bounds: Iterable[Any] = ()) -> list[Candidate]:
    """Valid other values, the nearest first. `bounds` are numbers at which a table changes its mind."""
    found: dict[str, Candidate] = {}
    for one in _of(question, current, scope, tuple(bounds)):
        if one.value == current or not valid(question, one.value):
            continue
        known = found.get(repr(one.value))
        if known is None or one.distance < known.distance:
            found[repr(one.value)] = one
    return sorted(found.values(), key=lambda one: (one.distance, repr(one.value)))


def complete(question: Question) -> bool:
    """Whether `candidates` are all values that the question can have."""
    return question.type in ("single", "boolean") and not question.words


def valid(question: Question, value: Any) -> bool:
    """Whether the questionnaire would accept a value."""
    try:
        return bool(parse_value(question, write_value(question, value)) == value)
    except (ValueProblems, ValueError, KeyError, TypeError):
        return False


def bounds_of(pack: RulePack, question_id: str) -> list[Any]:
    """Numbers in the cells of inputs that name the question as one of their answers."""
    return [
        bound
        for table in pack.tables.values()
        for column in table.inputs
        if question_id in column.answers and column.type in NUMBERS
        for row in table.rows
        if column.name in row.tests
        for bound in literals(row.tests[column.name])
    ]


def _of(question: Question, current: Any, scope: Scope, bounds: tuple[Any, ...]) -> Iterator[Candidate]:
    yield from (Candidate(word, Fraction(len(FACTORS))) for word in question.words)
    if question.type == "boolean":
        yield Candidate(not current, Fraction(1))
    elif question.type in ("single", "region"):
        yield from _choices(options_of(question, scope), current)
    elif question.type in LISTS:
        yield from _lists(options_of(question, scope), current)
    elif question.type in NUMBERS:
        yield from _numbers(question, current, bounds)
    elif question.type == "ranking":
        yield from (Candidate(order, Fraction(1)) for order in _orders(question, current or ()))
    elif question.type == "table":
        yield from _tables(question, current, scope)
    elif question.type in ("text", "tag"):
        yield from (Candidate(text, Fraction(1)) for text in ("other", "other=value", "another-bucket", "999988887777"))
    elif question.type == "date" and isinstance(current, date):
        yield from (Candidate(current + timedelta(days=days), Fraction(days, 30)) for days in (30, 365))
    elif question.type == "schedule" and isinstance(current, Mapping):
        yield from _schedules(current)


def options_of(question: Question, scope: Scope) -> tuple[str, ...]:
    """The choices of a question, those from another answer included."""
    if question.options_from:
        table, _, column = question.options_from.partition(".")
        return tuple(row[column] for row in scope.value(table) or ())
    if question.type in ("region", "regions"):
        return question.regions or tuple(scope.questionnaire.regions)
    if question.type == "countries":
        return tuple(dict.fromkeys(scope.questionnaire.regions.values()))
    return question.option_values


def _choices(options: tuple[str, ...], current: Any) -> Iterator[Candidate]:
    """Choices by how many lines they are away; options are listed in their order of more or less."""
    here = options.index(current) if current in options else -1
    for place, value in enumerate(options):
        yield Candidate(value, Fraction(abs(place - here)))


def _lists(options: tuple[str, ...], current: Any) -> Iterator[Candidate]:
    """One item more or fewer; each item alone."""
    had = tuple(current) if isinstance(current, tuple) else ()
    for item in options:
        changed = tuple(one for one in had if one != item) if item in had else (*had, item)
        yield Candidate(changed, Fraction(1))
        yield Candidate((item,), Fraction(max(len(had), 2)))
    yield Candidate((), Fraction(max(len(had), 1)))


def _orders(question: Question, current: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield from (tuple(one for one in current if one != item) for item in current)
    yield from ((*current, item) for item in question.option_values if item not in current)
    yield from ((item, *(one for one in current if one != item)) for item in current[1:])


def _numbers(question: Question, current: Any, bounds: tuple[Any, ...]) -> Iterator[Candidate]:
    here = amount(current) if isinstance(current, timedelta | Decimal | int) else Fraction(0)
    least = amount(question.min) if question.min is not None else Fraction(0)
    most = amount(question.max) if question.max is not None else Fraction(MOST[question.type])
    tried = {least, most, Fraction(0), Fraction(1)}
    for bound in map(amount, bounds):
        tried |= {bound - 1, bound, bound + 1}
    for factor in FACTORS:
        tried |= {here * factor, here / factor, here + factor.__floor__(), here - factor.__floor__()}
    for one in tried:
        if least <= one <= most:
            value = typed(question.type, one)
            yield Candidate(value, relative(here, amount(value)))


def relative(here: Fraction, there: Fraction) -> Fraction:
    """How many times larger or smaller, less one; from or to zero it is as far as can be."""
    if here == there:
        return Fraction(0)
    if here <= 0 or there <= 0:
        return Fraction(10**6) + abs(there - here)
    return max(here, there) / min(here, there) - 1


def amount(value: Any) -> Fraction:
    """A number as a fraction; durations in minutes."""
    return Fraction(value // timedelta(minutes=1)) if isinstance(value, timedelta) else Fraction(value)


def typed(kind: str, number: Fraction) -> Any:
    """The value of a question's type for a number: whole minutes, bytes and bits, percents to two places, cents."""
    if kind == "duration":
        minutes = round(number)
        # From two days on in whole days, as people write them.
        return timedelta(days=round(minutes / 1440)) if minutes > 2 * 1440 else timedelta(minutes=minutes)
    if kind in ("percent", "money"):
        return Decimal(round(number * 100)) / 100
    return round(number)


def between(kind: str, near: Any, far: Any) -> Any | None:
    """A value about half way between two, None where there is none."""
    low, high = amount(near), amount(far)
    middle = typed(kind, (low + high) / 2)
    return None if middle in (near, far) or not min(low, high) < amount(middle) < max(low, high) else middle


def rounder(kind: str, value: Any, up: bool) -> Iterator[Any]:
    """The value at no, one and two decimals of its unit, away from where it came from. Only for sizes and line speeds."""
    base = {"size": 1024, "bandwidth": 1000}.get(kind)
    if base is None or not value:
        return
    unit = 1
    while value >= unit * base:
        unit *= base
    for digits in (1, 10, 100):
        count = value * digits // unit
        yield (count + 1 if up else count) * unit // digits


def _tables(question: Question, current: Any, scope: Scope) -> Iterator[Candidate]:
    """One cell changed, one row less; for a table with fixed rows also one row filled or emptied."""
    if question.rows:
        filled = current if isinstance(current, Mapping) else {}
        for place in question.rows:
            for value, distance in _cells(question, filled.get(place.value), scope):
                changed = {key: item for key, item in filled.items() if key != place.value}
                yield Candidate(changed if value is None else {**changed, place.value: value}, distance)
        yield from (Candidate(dict.fromkeys(filled, cell), Fraction(9)) for cell in {repr(c): c for c in filled.values()}.values())
        return
    rows = tuple(current or ())
    for index, row in enumerate(rows):
        yield Candidate((*rows[:index], *rows[index + 1 :]), Fraction(2))
        for cell, distance in _cells(question, row, scope):
            if cell is not None:
                yield Candidate((*rows[:index], cell, *rows[index + 1 :]), distance)
    if not rows:
        yield from (Candidate((row,), Fraction(2)) for row in _first_rows(question))


def _cells(question: Question, row: Any, scope: Scope) -> Iterator[tuple[Any, Fraction]]:
    """A row with one of its fields changed; a row of a single field is that field's value. None empties it."""
    if not question.complete:
        yield None, Fraction(2)
    alone = question.fields[0] if len(question.fields) == 1 and question.rows else None
    if alone is not None:
        bare = row[alone.id] if isinstance(row, Mapping) else row
        for one in _of(alone, bare if bare is not None else 0, scope, ()):
            yield ({alone.id: one.value} if isinstance(row, Mapping) else one.value), one.distance
    elif isinstance(row, Mapping):
        for field in question.fields:
            if field.type in ("text", "contact"):
                continue
            for one in _of(field, row.get(field.id), scope, ()):
                yield {**row, field.id: one.value}, one.distance


def _first_rows(question: Question) -> Iterator[dict[str, Any]]:
    """A row for an empty table, from the first choices of its fields."""
    texts = {"text": "other", "boolean": True, "duration": timedelta(days=365), "integer": 1, "money": Decimal(1)}
    firsts = {field.id: field.option_values[0] if field.option_values else texts.get(field.type) for field in question.fields}
    yield {name: value for name, value in firsts.items() if value is not None}
    for field in question.fields:
        for option in field.option_values[1:]:
            yield {**{name: value for name, value in firsts.items() if value is not None}, field.id: option, "account": "999988887777"}


def _schedules(current: Mapping[str, Any]) -> Iterator[Candidate]:
    yield Candidate({**current, "zone": "Asia/Kolkata" if current["zone"] == "UTC" else "UTC"}, Fraction(1))
    yield Candidate({**current, "from": "03:30", "to": "05:00"}, Fraction(1))
    yield Candidate({**current, "days": ("mon",)}, Fraction(1))
