"""What differs between two designs, in the words of the design itself. Plain data in, plain data out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assessment.questionnaire import load_questionnaire

Document = Mapping[str, Any]
Row = dict[str, Any]


def compare_designs(before: Document, after: Document) -> dict[str, list[Row]]:
    """The differences of two design.json documents: `settings`, `findings`, `resources`, `answers` and `money`, each a list of rows.

    A row has `change` (`added`, `removed`, `changed`), where it stands, and `before` and `after` as people read them ("" for none).
    """
    return {
        "settings": _rows(_settings(before), _settings(after)),
        "money": _rows(_money(before), _money(after)),
        "findings": _rows(_findings(before), _findings(after)),
        "answers": compare_answers(before["answers"], after["answers"]),
        "resources": _rows(_resources(before), _resources(after)),
    }


def compare_answers(before: Document, after: Document) -> list[Row]:
    """The answers that differ between two engagement documents; `name` is the question's id, `workload` a name or None."""
    return _rows(_answers(before), _answers(after))


Table = dict[tuple[str, ...], Row]


def _rows(before: Table, after: Table) -> list[Row]:
    rows = []
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            head, change = old or new or {}, "added" if old is None else "removed"
        elif old["value"] != new["value"]:
            head, change = new, "changed"
        else:
            continue
        shown = {name: item for name, item in head.items() if name not in ("value", "text")}
        parts = members(old["value"] if old else None, new["value"] if new else None)
        rows.append({**shown, "change": change, "before": old["text"] if old else "", "after": new["text"] if new else "", "parts": parts})
    return rows


def members(before: Any, after: Any) -> list[Row]:
    """The members of two maps that differ, by dotted path; nothing when either is no map."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return []
    found: list[Row] = []
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        deeper = members(old, new)
        found.extend({**row, "path": f"{name}.{row['path']}"} for row in deeper)
        if not deeper:
            found.append({"path": name, "before": old, "after": new})
    return found


def _places(document: Document) -> Iterable[tuple[str, str | None, Document]]:
    """(key, name, part) of the customer's part ("" and None) and of every workload."""
    yield "", None, document
    for workload in document["workloads"]:
        yield workload["key"], workload["name"], workload


def _settings(document: Document) -> Table:
    return {
        (key, setting["name"]): {
            "workload": name,
            "name": setting["name"],
            "label": setting["label"],
            "because": setting["because"],
            "value": [setting["value"], setting["display"]],
            "text": setting["display"],
        }
        for key, name, part in _places(document)
        for setting in part["settings"]
    }


def _money(document: Document) -> Table:
    table: Table = {}
    for key, name, part in _places(document):
        amount = part["costs"]["monthly_design"] if name is None else part["monthly_cost"]
        table[(key, "monthly")] = {"workload": name, "name": "monthly_cost", "label": "Cost a month, USD", "value": amount, "text": amount}
    return table


def _findings(document: Document) -> Table:
    names = {workload["key"]: workload["name"] for workload in document["workloads"]}
    return {
        (finding["check"], finding["workload"] or "", finding["sentence"]): {
            "workload": names.get(finding["workload"]),
            "name": finding["check"],
            "label": finding["severity"],
            "value": finding["severity"],
            "text": finding["sentence"],
        }
        for finding in document["findings"]
    }


def _resources(document: Document) -> Table:
    return {
        (resource["key"],): {
            "workload": None,
            "name": resource["key"],
            "label": resource["type"],
            "value": {name: resource[name] for name in ("account_role", "account_alias", "region", "adopt", "properties")},
            "text": f"{resource['type']} in {resource['region']}",
        }
        for resource in document["resources"]
    }


def _answers(document: Document) -> Table:
    table: Table = {("customer", "name"): _answer(None, "customer.name", document["customer"].get("name"))}
    table[("customer", "industry")] = _answer(None, "customer.industry", document["customer"].get("industry"))
    parts = [("", None, document["answers"]), *((w.get("id") or w["name"], w["name"], w["answers"]) for w in document["workloads"])]
    for key, name, answers in parts:
        table.update({(key, question): _answer(name, question, answer) for question, answer in answers.items()})
    return table


def _answer(workload: str | None, question: str, answer: Any) -> Row:
    value = answer
    if isinstance(answer, Mapping) and ("state" in answer or "value" in answer):
        value = answer.get("value", answer.get("state"))
    asked = load_questionnaire().questions.get(question)
    row: Row = {"workload": workload, "name": question, "value": answer, "text": plain_text(value)}
    return {**row, "label": asked.text} if asked else row


def plain_text(value: Any) -> str:
    """Plain data on one line, for people: `yes`, `a, b`, `name: value; …`."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {plain_text(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(plain_text(item) for item in value)
    return str(value)
