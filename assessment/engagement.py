"""The engagement file `stowplan/engagement/1`: read with every error named, written without loss."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import yaml
from slugify import slugify

from assessment import answers as answer_reader
from assessment.documents import Document, DocumentError, dotted, plain, read_document
from assessment.engagement_checks import cross_checks
from assessment.questionnaire import Questionnaire, load_questionnaire
from assessment.values import FORBIDDEN, check_option, shown, write_value

SCHEMA = "stowplan/engagement/1"
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MAX_PROBLEMS = 100
Found = list[tuple[tuple[Any, ...], str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one question. `value` is typed; None for unknown and not applicable."""

    state: str
    value: Any = None
    note: str | None = None
    ask: str | None = None
    confirm_by: date | None = None
    reason: str | None = None
    evidence: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Customer:
    """Whose data it is."""

    name: str
    industry: str | None = None


@dataclass(frozen=True)
class Workload:
    """One workload. `key` comes from the id, else from the name; resources are named from it."""

    key: str
    name: str
    id: str | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True)
class Engagement:
    """One discovery engagement: everything that was answered."""

    customer: Customer
    answers: Mapping[str, Answer]
    workloads: tuple[Workload, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """One error, with the line (from 1; 0 where there is no file) and the path it stands at."""

    line: int
    path: str
    message: str

    def text(self, filename: str) -> str:
        return f"{filename}:{self.line}: {self.path}: {self.message}"


class EngagementErrors(ValueError):
    """Everything that is wrong with an engagement, sorted by line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda one: one.line)[:MAX_PROBLEMS]
        super().__init__("\n".join(f"{p.line}: {p.path}: {p.message}" for p in self.problems))

    def lines(self, filename: str) -> list[str]:
        """`FILE:LINE: PATH: message`, one for each problem."""
        return [problem.text(filename) for problem in self.problems]


def read_engagement(data: bytes, questionnaire: Questionnaire | None = None) -> Engagement:
    """The engagement in a file's bytes; raises EngagementErrors."""
    try:
        document = read_document(data)
    except DocumentError as error:
        raise EngagementErrors([Problem(error.line, error.path, error.message)]) from error
    return from_plain(document, questionnaire or load_questionnaire())


def engagement_from_document(document: Any, questionnaire: Questionnaire | None = None) -> Engagement:
    """The engagement in plain data, with the same checks and no lines."""
    return from_plain(Document(document), questionnaire or load_questionnaire())


def from_plain(document: Document, questionnaire: Questionnaire) -> Engagement:
    value = document.value
    if not isinstance(value, Mapping):
        raise EngagementErrors([Problem(1, "$", "A map is expected at the top: schema, customer, answers, workloads.")])
    found: Found = []
    engagement = Reader(questionnaire, found).read(value)
    if engagement is not None:
        found.extend(cross_checks(engagement, questionnaire))
    if found or engagement is None:
        raise EngagementErrors([Problem(document.line(path), dotted(path), message) for path, message in found])
    return engagement


class Reader:
    """Reads plain data; problems are collected as (path, message)."""

    def __init__(self, questionnaire: Questionnaire, found: Found) -> None:
        self.questionnaire = questionnaire
        self.found = found

    def read(self, value: Mapping[str, Any]) -> Engagement | None:
        self.keys(value, ("schema", "customer", "answers", "workloads"), ())
        if value.get("schema") != SCHEMA:
            self.found.append((("schema",), f"Expected {SCHEMA}, found {shown(value.get('schema'))}."))
            return None
        customer = self.customer(value.get("customer"))
        raw = value.get("answers", {})
        answers = self.answers(raw if raw is not None else {}, ("answers",), "customer")
        workloads = self.workloads(value.get("workloads"))
        return Engagement(customer, answers, workloads)

    def keys(self, value: Mapping[str, Any], allowed: tuple[str, ...], path: tuple[Any, ...]) -> None:
        for key in value:
            problems: list[tuple[str, str]] = []
            check_option(key, allowed, "", problems, "key")
            self.found.extend(((*path, key), message) for _, message in problems)

    def customer(self, raw: Any) -> Customer:
        path = ("customer",)
        if not isinstance(raw, Mapping):
            self.found.append((path, "Expected a map with the customer's name, like {name: Northwind Clinics}."))
            return Customer("")
        self.keys(raw, ("name", "industry"), path)
        industry = raw.get("industry")
        if industry is not None:
            problems: list[tuple[str, str]] = []
            check_option(industry, self.questionnaire.question("eng_industry").option_values, "", problems)
            self.found.extend(((*path, "industry"), message) for _, message in problems)
        return Customer(self.name(raw.get("name"), (*path, "name")), industry if isinstance(industry, str) else None)

    def name(self, raw: Any, path: tuple[Any, ...]) -> str:
        """A name of 1 to 100 characters on one line, normalised to NFC."""
        if not isinstance(raw, str):
            self.found.append((path, "A name is needed: text of 1 to 100 characters, in quotes if it is a number."))
            return ""
        name = unicodedata.normalize("NFC", raw)
        if "\n" in name or FORBIDDEN.search(name):
            self.found.append((path, "A name is on one line, without control or bidirectional characters."))
        elif not 1 <= len(name) <= 100 or not name.strip():
            self.found.append((path, f"A name has 1 to 100 characters; this one has {len(name.strip())}."))
        return name

    def answers(self, raw: Any, path: tuple[Any, ...], scope: str) -> dict[str, Answer]:
        if not isinstance(raw, Mapping):
            self.found.append((path, "Expected a map from question id to answer."))
            return {}
        asked = question_ids(self.questionnaire, scope)
        result = {}
        for name, given in raw.items():
            question = self.questionnaire.questions.get(name)
            if question is None or question.scope != scope or name == "wl_name":
                self.found.append(((*path, name), unknown_question(name, scope, asked, question is not None)))
                continue
            answer, problems = answer_reader.read_answer(question, given)
            self.found.extend(((*path, name, *steps), message) for steps, message in problems)
            if answer is not None:
                result[name] = Answer(**answer)
        for name in asked:
            question = self.questionnaire.questions[name]
            if question.required and name != "wl_name":
                self.required(name, raw, result.get(name), path)
        return result

    def required(self, name: str, raw: Mapping[str, Any], answer: Answer | None, path: tuple[Any, ...]) -> None:
        if name not in raw or (answer is not None and answer.state in ("unknown", "not-applicable")):
            text = self.questionnaire.question(name).text
            self.found.append(((*path, name), f"This question needs a value, stated or assumed: {text}"))

    def workloads(self, raw: Any) -> tuple[Workload, ...]:
        if not isinstance(raw, list | tuple) or not raw:
            self.found.append((("workloads",), "At least one workload is needed, as a list of {name, answers}."))
            return ()
        read = [self.workload(item, ("workloads", index)) for index, item in enumerate(raw)]
        self.unique(read)
        keys = workload_keys([(one.id, one.name) for one in read])
        return tuple(Workload(key, one.name, one.id, one.answers) for key, one in zip(keys, read, strict=True))

    def workload(self, raw: Any, path: tuple[Any, ...]) -> Workload:
        if not isinstance(raw, Mapping):
            self.found.append((path, "Expected a map with name and answers."))
            return Workload("", "")
        self.keys(raw, ("name", "id", "answers"), path)
        identifier = raw.get("id")
        if identifier is not None and not (isinstance(identifier, str) and ID.fullmatch(identifier)):
            self.found.append(
                (
                    (*path, "id"),
                    f"{shown(identifier)} is no id: a-z, 0-9 and hyphens, at most 40, in quotes if it is a number.",
                )
            )
            identifier = None
        name = self.name(raw.get("name"), (*path, "name"))
        given = raw.get("answers")
        answers = self.answers(given if given is not None else {}, (*path, "answers"), "workload")
        return Workload("", name, identifier, answers)

    def unique(self, workloads: list[Workload]) -> None:
        names: set[str] = set()
        ids: set[str] = set()
        for index, one in enumerate(workloads):
            folded = folded_name(one.name)
            if folded and folded in names:
                self.found.append((("workloads", index, "name"), f"Another workload is called {shown(one.name)}; names must differ."))
            if one.id and one.id in ids:
                self.found.append((("workloads", index, "name"), f"Another workload has the id {one.id}; ids must differ."))
            names.add(folded)
            ids.add(one.id or "")


@cache
def question_ids(questionnaire: Questionnaire, scope: str) -> tuple[str, ...]:
    return tuple(q.id for q in questionnaire.questions.values() if q.scope == scope)


def unknown_question(name: Any, scope: str, asked: tuple[str, ...], other_scope: bool) -> str:
    if name == "wl_name":
        return "The name of a workload is its `name`, not an answer."
    if other_scope:
        where = "under workloads[…].answers" if scope == "customer" else "under the top-level answers"
        return f"{name} is asked {where}, not here."
    problems: list[tuple[str, str]] = []
    check_option(str(name), asked, "", problems, "question")
    return problems[0][1]


def folded_name(name: str) -> str:
    """Two names are equal when this is: NFC, case folded, blanks collapsed."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).split())


def workload_keys(pairs: list[tuple[str | None, str]]) -> list[str]:
    """A unique key for each (id, name): the id, else the slug of the name; a second equal slug gets -2, -3 and so on."""
    taken = {identifier for identifier, _ in pairs if identifier}
    keys = []
    counts: dict[str, int] = {}
    for identifier, name in pairs:
        key = identifier or ""
        if not key:
            stem = slugify(name, max_length=36).strip("-") or "workload"
            key, number = stem, counts.get(stem, 1)
            while key in taken:
                number += 1
                key = f"{stem}-{number}"[-40:] if number < 1000 else f"{stem[:30]}-{number}"
            counts[stem] = number
            taken.add(key)
        keys.append(key)
    return keys


def engagement_to_document(engagement: Engagement, questionnaire: Questionnaire | None = None) -> dict[str, Any]:
    """Canonical plain data: what is written to a file, and stands in design.json."""
    asked = questionnaire or load_questionnaire()
    customer: dict[str, Any] = {"name": engagement.customer.name}
    if engagement.customer.industry:
        customer["industry"] = engagement.customer.industry
    workloads = []
    for one in engagement.workloads:
        item: dict[str, Any] = {"name": one.name}
        if one.id:
            item["id"] = one.id
        workloads.append({**item, "answers": plain_answers(one.answers, asked)})
    return {
        "schema": SCHEMA,
        "customer": customer,
        "answers": plain_answers(engagement.answers, asked),
        "workloads": workloads,
    }


def plain_answers(answers: Mapping[str, Answer], questionnaire: Questionnaire) -> dict[str, Any]:
    order = {name: index for index, name in enumerate(questionnaire.questions)}
    return {name: plain_answer(answers[name], name, questionnaire) for name in sorted(answers, key=order.__getitem__)}


def plain_answer(answer: Answer, name: str, questionnaire: Questionnaire) -> Any:
    """A bare value where nothing but the value is known, else the map of a statement."""
    value = write_value(questionnaire.question(name), answer.value)
    extra: dict[str, Any] = {"note": answer.note, "ask": answer.ask, "reason": answer.reason}
    extra["confirm_by"] = answer.confirm_by.isoformat() if answer.confirm_by else None
    extra["evidence"] = [dict(item) for item in answer.evidence] or None
    extra = {key: item for key, item in extra.items() if item is not None}
    if answer.state == "stated":
        return {"value": value, **extra} if extra else value
    head: dict[str, Any] = {"state": answer.state}
    if answer.state == "assumed":
        head["value"] = value
    return {**head, **extra}


class _Dumper(yaml.SafeDumper):
    """Writes for YAML 1.1 and 1.2 readers: what either could take for something else than text is quoted. No aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.ScalarNode:
    style = "'" if not isinstance(plain(data), str) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(str, _text)


def write_engagement(engagement: Engagement) -> str:
    """The engagement as a YAML file."""
    document = engagement_to_document(engagement)
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=140)
