"""One answer as it is written: a bare value, or a statement about it with a state, a note and evidence."""

import re
from collections.abc import Mapping
from typing import Any

from assessment.documents import VALUE
from assessment.quantities import parse_date
from assessment.questionnaire import Question
from assessment.values import ValueProblems, check_option, check_text, parse_value, shown

Steps = tuple[Any, ...]
Problems = list[tuple[Steps, str]]
STATES = ("assumed", "unknown", "not-applicable")
REASONS = ("out-of-scope", "business-priority", "technical-constraint", "other")
KEYS = ("state", "value", "note", "ask", "confirm_by", "reason", "evidence")
HASH = re.compile(r"[0-9a-f]{64}")
PART = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")
TEXT_LIMIT = 2000


def read_answer(question: Question, raw: Any) -> tuple[dict[str, Any] | None, Problems]:
    """The members of an Answer, and what is wrong; a map with `state` or `value` is a statement about the answer."""
    problems: Problems = []
    if not (isinstance(raw, Mapping) and ("state" in raw or "value" in raw)):
        value = checked(question, raw, (), problems)
        return {"state": "stated", "value": value}, problems
    for key in raw:
        option(key, KEYS, (key,), "key", problems)
    answer: dict[str, Any] = {"state": "stated", "value": None}
    if "state" in raw and option(raw["state"], STATES, ("state",), "state", problems):
        answer["state"] = raw["state"]
    read_state_value(question, raw, answer, problems)
    read_remarks(raw, answer, problems)
    return answer, problems


def read_state_value(question: Question, raw: Mapping[str, Any], answer: dict[str, Any], problems: Problems) -> None:
    state = answer["state"]
    if state in ("stated", "assumed"):
        if "value" not in raw:
            problems.append((("value",), "An assumed answer needs its value."))
        else:
            answer["value"] = checked(question, raw["value"], (VALUE,), problems)
    elif "value" in raw:
        problems.append((("value",), f"An answer that is {state} has no value."))
    if state == "not-applicable":
        if "reason" not in raw:
            problems.append((("reason",), f"Say why it does not apply: {', '.join(REASONS)}."))
    elif "reason" in raw:
        problems.append((("reason",), "A reason belongs to an answer that is not applicable."))


def read_remarks(raw: Mapping[str, Any], answer: dict[str, Any], problems: Problems) -> None:
    for key in ("note", "ask"):
        if key in raw and text(raw[key], (key,), problems):
            answer[key] = raw[key]
    if "reason" in raw and option(raw["reason"], REASONS, ("reason",), "reason", problems):
        answer["reason"] = raw["reason"]
    if "confirm_by" in raw:
        try:
            answer["confirm_by"] = parse_date(raw["confirm_by"])
        except ValueError as error:
            problems.append((("confirm_by",), f"{shown(raw['confirm_by'])}: {error}."))
    if "evidence" in raw:
        answer["evidence"] = read_evidence(raw["evidence"], problems)


def read_evidence(raw: Any, problems: Problems) -> tuple[Mapping[str, str], ...]:
    """A list of {file, sha256, note}; `file` is a name, never opened."""
    if not isinstance(raw, list | tuple):
        problems.append((("evidence",), "Expected a list of {file, sha256, note}."))
        return ()
    items = []
    for index, item in enumerate(raw):
        at: Steps = ("evidence", index)
        if not isinstance(item, Mapping):
            problems.append((at, "Expected a map of file, sha256 and note."))
            continue
        for key in item:
            option(key, ("file", "sha256", "note"), (*at, key), "key", problems)
        for key in ("file", "note"):
            if key in item:
                text(item[key], (*at, key), problems)
        if "file" not in item:
            problems.append(((*at, "file"), "The name of the file is missing."))
        digest = item.get("sha256")
        if digest is not None and not (isinstance(digest, str) and HASH.fullmatch(digest)):
            problems.append(((*at, "sha256"), "A SHA-256 has 64 hexadecimal digits in lower case, in quotes."))
        items.append(dict(item))
    return tuple(items)


def checked(question: Question, raw: Any, at: Steps, problems: Problems) -> Any:
    try:
        return parse_value(question, raw)
    except ValueProblems as error:
        problems.extend(((*at, *steps_of(path)), message) for path, message in error.problems)
        return None


def steps_of(path: str) -> Steps:
    """`[0].within` as (0, "within")."""
    return tuple(int(found[1]) if found[1] else found[2] for found in PART.finditer(path))


def option(value: Any, options: tuple[str, ...], at: Steps, what: str, problems: Problems) -> bool:
    mine: list[tuple[str, str]] = []
    fine = check_option(value, options, "", mine, what)
    problems.extend((at, message) for _, message in mine)
    return fine


def text(value: Any, at: Steps, problems: Problems) -> bool:
    mine: list[tuple[str, str]] = []
    fine = check_text(value, "", mine)
    if fine and len(value) > TEXT_LIMIT:
        mine.append(("", f"At most {TEXT_LIMIT} characters are allowed."))
    problems.extend((at, message) for _, message in mine)
    return fine and not mine
