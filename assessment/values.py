"""Typed values of answers: read from plain data, checked against their question, written back in canonical form.

Types and shapes: docs/architecture.md, "Python types of values"; the written forms: the engagement format.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import pycountry

from assessment import quantities

if TYPE_CHECKING:
    from assessment.questionnaire import Question

Problems = list[tuple[str, str]]
BIDI = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
FORBIDDEN = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f{BIDI}\ud800-\udfff]")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# What a pattern of the questionnaire asks for, in words.
PATTERNS = {
    EMAIL.pattern: "is no e-mail address, like dana@example.org",
    "[0-9]{12}": "is no AWS account id, which has 12 digits",
    "[a-z0-9]+(-[a-z0-9]+)*": "is no short name, like clinical-records: a-z, 0-9 and single hyphens between them",
}
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SCALARS: dict[str, Callable[[Any], Any]] = {
    "boolean": quantities.parse_boolean,
    "integer": quantities.parse_integer,
    "percent": quantities.parse_percent,
    "money": quantities.parse_money,
    "duration": quantities.parse_duration,
    "size": quantities.parse_size,
    "bandwidth": quantities.parse_bandwidth,
    "date": quantities.parse_date,
}
WRITERS: dict[str, Callable[[Any], Any]] = {
    "percent": quantities.write_percent,
    "money": quantities.write_money,
    "duration": quantities.write_duration,
    "size": quantities.write_size,
    "bandwidth": quantities.write_bandwidth,
    "date": lambda value: value.isoformat(),
}
LISTS = ("multi", "ranking", "regions", "countries", "workloads")


class ValueProblems(ValueError):
    """What is wrong with a value: (path below the question, message) pairs."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("; ".join(f"{path}: {message}" if path else message for path, message in problems))
        self.problems = problems


def parse_value(question: "Question", raw: Any) -> Any:
    """The typed value of plain data; raises ValueProblems."""
    problems: Problems = []
    value = read(question, raw, "", problems)
    if problems:
        raise ValueProblems(problems)
    return value


def parse_literal(kind: str) -> Callable[[str], Any]:
    """A function that reads a literal of a unary test of this type."""

    def parse(text: str) -> Any:
        if kind == "boolean" and text in ("true", "false"):
            return text == "true"
        if kind == "integer" and re.fullmatch(r"-?\d{1,18}", text):
            return int(text)
        if kind == "percent" and re.fullmatch(r"-?\d+(\.\d+)?", text):
            return quantities.parse_percent(f"{text} %")
        return SCALARS[kind](text)

    return parse


def read(question: "Question", raw: Any, path: str, problems: Problems) -> Any:
    """Dispatch by type; problems are appended, and what could be read is returned."""
    if isinstance(raw, str) and raw in question.words:
        return raw
    kind = question.type
    if kind in SCALARS:
        return read_scalar(question, raw, path, problems)
    if kind in ("text", "single", "region", "tag"):
        return read_word(question, raw, path, problems)
    if kind in LISTS:
        return read_list(question, raw, path, problems)
    return {"table": read_table, "schedule": read_schedule, "contact": read_contact}[kind](question, raw, path, problems)


def read_scalar(question: "Question", raw: Any, path: str, problems: Problems) -> Any:
    try:
        value = SCALARS[question.type](raw)
    except ValueError as error:
        words = f", or {' or '.join(question.words)}" if question.words else ""
        problems.append((path, f"{shown(raw)} is not a {question.type}: {error}{words}."))
        return None
    write = WRITERS.get(question.type, str)
    if question.min is not None and value < question.min:
        problems.append((path, f"{shown(raw)} is below the least allowed value, {write(question.min)}."))
    if question.max is not None and value > question.max:
        problems.append((path, f"{shown(raw)} is above the greatest allowed value, {write(question.max)}."))
    return value


def check_text(raw: Any, path: str, problems: Problems, *, one_line: bool = False) -> bool:
    """Whether `raw` is printable text."""
    if not isinstance(raw, str):
        hint = "; write it in quotes" if isinstance(raw, int) and not isinstance(raw, bool) else ""
        problems.append((path, f"{shown(raw)} is not text{hint}."))
        return False
    if found := FORBIDDEN.search(raw):
        problems.append(
            (
                path,
                f"The text holds the character U+{ord(found[0]):04X}; control and bidirectional characters are not allowed.",
            )
        )
        return False
    if one_line and "\n" in raw:
        problems.append((path, "The text must be on one line."))
        return False
    return True


def read_word(question: "Question", raw: Any, path: str, problems: Problems) -> Any:
    if not check_text(raw, path, problems):
        return None
    if question.type == "text":
        check_length(question, raw, path, problems)
    elif question.type == "single" and not question.options_from:
        check_option(raw, question.option_values, path, problems)
    elif question.type == "region":
        check_option(raw, question.regions, path, problems, what="Region")
    elif question.type == "tag":
        check_tag(raw, path, problems)
    return raw


def check_length(question: "Question", raw: str, path: str, problems: Problems) -> None:
    if question.max is not None and len(raw) > question.max:
        problems.append((path, f"The text has {len(raw)} characters; at most {question.max} are allowed."))
    elif question.min is not None and len(raw) < question.min:
        problems.append((path, f"The text has {len(raw)} characters; at least {question.min} are needed."))
    elif question.pattern and not re.fullmatch(question.pattern, raw):
        problems.append((path, f"{shown(raw)} {PATTERNS.get(question.pattern, f'does not match the pattern {question.pattern}')}."))


def check_option(raw: Any, options: tuple[str, ...], path: str, problems: Problems, what: str = "option") -> bool:
    """Whether `raw` is one of the options; the message offers the nearest."""
    if raw in options:
        return True
    near = difflib.get_close_matches(str(raw), options, n=1, cutoff=0)
    listed = f" Allowed: {', '.join(options)}." if len(options) <= 12 else ""
    problems.append((path, f"{shown(raw)} is no {what}; did you mean {near[0] if near else '…'}?{listed}"))
    return False


def check_tag(raw: str, path: str, problems: Problems) -> None:
    key, equals, value = raw.partition("=")
    if not equals or not key:
        problems.append((path, f"{shown(raw)} is no tag; write key=value, like Backup=gold."))
    elif len(key) > 128 or len(value) > 256:
        problems.append((path, "A tag's key has at most 128 characters and its value at most 256."))
    elif key.lower().startswith("aws:"):
        problems.append((path, "Tags whose key begins with aws: belong to AWS; choose another key."))


@cache
def countries() -> tuple[str, ...]:
    """ISO 3166-1 alpha-2 codes."""
    return tuple(sorted(country.alpha_2 for country in pycountry.countries))


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_list(question: "Question", raw: Any, path: str, problems: Problems) -> Any:
    if not isinstance(raw, list | tuple):
        words = f", or the word {' or '.join(question.words)}" if question.words else ""
        problems.append((path, f"{shown(raw)} is not a list; write [first, second]{words}."))
        return None
    known = {"regions": question.regions, "countries": countries()}.get(question.type, question.option_values)
    what = {"regions": "Region", "countries": "country code (ISO 3166-1, two letters)"}.get(question.type, "option")
    seen: list[str] = []
    for index, item in enumerate(raw):
        if not check_text(item, f"{path}[{index}]", problems):
            continue
        item = unicodedata.normalize("NFC", item) if question.type == "workloads" else item
        if question.type == "workloads" or check_option(item, known, f"{path}[{index}]", problems, what):
            if item in seen:
                problems.append((f"{path}[{index}]", f"{shown(item)} stands twice in the list."))
            seen.append(item)
    check_count(question, len(raw), path, problems)
    for option in question.options:
        if option.exclusive and option.value in seen and len(seen) > 1:
            problems.append((path, f"{option.value} may not stand beside another value."))
    return tuple(seen)


def check_count(question: "Question", count: int, path: str, problems: Problems) -> None:
    if question.min is not None and count < question.min:
        problems.append((path, f"{count} entries; at least {question.min} needed."))
    if question.max is not None and count > question.max:
        problems.append((path, f"{count} entries; at most {question.max} allowed."))


def read_table(question: "Question", raw: Any, path: str, problems: Problems) -> Any:
    return read_rows(question, raw, path, problems) if question.rows else read_open_table(question, raw, path, problems)


def read_rows(question: "Question", raw: Any, path: str, problems: Problems) -> Any:
    if not isinstance(raw, Mapping):
        problems.append((path, f"{shown(raw)} is not a map; write {{{question.rows[0].value}: …}}."))
        return None
    names = tuple(row.value for row in question.rows)
    value = {}
    for name, cell in raw.items():
        where = f"{path}.{name}"
        if check_option(name, names, where, problems, "row"):
            only = question.fields[0]
            value[name] = read(only, cell, where, problems) if len(question.fields) == 1 else read_fields(question, cell, where, problems)
    if question.complete:
        problems.extend((f"{path}.{name}", f"The row {name} is missing.") for name in names if name not in raw)
    return {name: value[name] for name in names if name in value}


def read_fields(question: "Question", raw: Any, path: str, problems: Problems) -> Any:
    """One row of a table with several fields."""
    if not isinstance(raw, Mapping):
        problems.append((path, f"{shown(raw)} is not a map of {', '.join(f.id for f in question.fields)}."))
        return None
    fields = {field.id: field for field in question.fields}
    value = {}
    for name, cell in raw.items():
        if check_option(name, tuple(fields), f"{path}.{name}", problems, "field"):
            value[name] = read(fields[name], cell, f"{path}.{name}", problems)
    problems.extend((f"{path}.{name}", f"The field {name} is missing.") for name, f in fields.items() if name not in raw and not f.optional)
    return {name: value[name] for name in fields if name in value}


def read_open_table(question: "Question", raw: Any, path: str, problems: Problems) -> Any:
    if not isinstance(raw, list | tuple):
        problems.append((path, f"{shown(raw)} is not a list of maps."))
        return None
    rows = [read_fields(question, item, f"{path}[{index}]", problems) for index, item in enumerate(raw)]
    check_count(question, len(rows), path, problems)
    seen: set[Any] = set()
    for index, row in enumerate(rows):
        mark = row.get(question.key) if question.key and row else None
        if mark is not None and mark in seen:
            problems.append((f"{path}[{index}].{question.key}", f"{shown(mark)} stands twice; {question.key} must be unique."))
        seen.add(mark)
    return tuple(row for row in rows if row is not None)


def only_keys(raw: Any, allowed: tuple[str, ...], needed: tuple[str, ...], path: str, problems: Problems) -> bool:
    if not isinstance(raw, Mapping):
        problems.append((path, f"{shown(raw)} is not a map of {', '.join(allowed)}."))
        return False
    for name in raw:
        check_option(name, allowed, f"{path}.{name}", problems, "key")
    missing = [name for name in needed if name not in raw]
    problems.extend((f"{path}.{name}", f"{name} is missing.") for name in missing)
    return not missing


def read_schedule(question: "Question", raw: Any, path: str, problems: Problems) -> Any:
    keys = ("days", "from", "to", "zone")
    if not only_keys(raw, keys, keys, path, problems):
        return None
    days = raw["days"] if isinstance(raw["days"], list | tuple) else ()
    if not days:
        problems.append((f"{path}.days", "Name at least one day, like [mon, fri]."))
    for index, day in enumerate(days):
        check_option(day, WEEKDAYS, f"{path}.days[{index}]", problems, "day")
        if day in list(days)[:index]:
            problems.append((f"{path}.days[{index}]", f"{shown(day)} stands twice in the list."))
    for name in ("from", "to"):
        if not isinstance(raw[name], str) or not CLOCK.fullmatch(raw[name]):
            problems.append((f"{path}.{name}", f'{shown(raw[name])} is no time of day; write it in quotes, like "22:00".'))
    if not isinstance(raw["zone"], str) or raw["zone"] not in zones():
        problems.append((f"{path}.zone", f"{shown(raw['zone'])} is no IANA time zone, like Europe/Berlin."))
    return {"days": tuple(days), "from": raw["from"], "to": raw["to"], "zone": raw["zone"]}


def read_contact(question: "Question", raw: Any, path: str, problems: Problems) -> Any:
    if not only_keys(raw, ("name", "email", "phone"), ("name", "email"), path, problems):
        return None
    for name, limit in (("name", 100), ("email", 254), ("phone", 40)):
        if name in raw and check_text(raw[name], f"{path}.{name}", problems, one_line=True):
            if not 1 <= len(raw[name]) <= limit:
                problems.append((f"{path}.{name}", f"Between 1 and {limit} characters are allowed."))
            elif name == "email" and not EMAIL.fullmatch(raw[name]):
                problems.append((f"{path}.{name}", f"{shown(raw[name])} is no e-mail address, like dana@example.org."))
    return {name: raw[name] for name in ("name", "email", "phone") if name in raw}


def write_value(question: "Question", value: Any) -> Any:
    """The canonical plain data of a typed value: `parse_value(question, write_value(question, value)) == value`."""
    if isinstance(value, str) or value is None:
        return value
    if question.type in WRITERS:
        return WRITERS[question.type](value)
    if question.type in LISTS:
        return list(value)
    if question.type == "schedule":
        return {**value, "days": list(value["days"])}
    if question.type == "contact":
        return dict(value)
    if question.type == "table":
        return write_table(question, value)
    return value


def write_table(question: "Question", value: Any) -> Any:
    fields = {field.id: field for field in question.fields}

    def row(cells: Mapping[str, Any]) -> dict[str, Any]:
        return {name: write_value(fields[name], cell) for name, cell in cells.items()}

    if not question.rows:
        return [row(cells) for cells in value]
    if len(fields) == 1:
        return {name: write_value(question.fields[0], cell) for name, cell in value.items()}
    return {name: row(cells) for name, cells in value.items()}


def shown(raw: Any) -> str:
    """A value as a message shows it, cut to a readable length."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if raw is None:
        return "nothing"
    text = (
        f'"{raw}"'
        if isinstance(raw, str)
        else ("a map" if isinstance(raw, Mapping) else "a list" if isinstance(raw, list | tuple) else str(raw))
    )
    text = FORBIDDEN.sub("�", text).replace("\n", " ")
    return text if len(text) <= 60 else f"{text[:57]}…"
