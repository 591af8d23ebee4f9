"""Every kind of document in German, read text run by text run: what is English still is what people entered, or stands in a list here."""

import json
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.template.loader import render_to_string
from django.utils import translation

from assessment.labels import column_label
from assessment.questionnaire import Question, load_questionnaire
from recommendations.design import Design, load_design
from reports.content import content_of
from reports.documents import KINDS
from reports.documents.base import Beside, numbered, walk
from reports.render import section_text
from reports.sentences import known, told
from reports.wording import speaking, tr, translated
from tests.reports.documents import BUILT
from tests.reports.sample import older_design

ROOT = Path(__file__).resolve().parents[2]
RECOMMENDATIONS = ROOT / "recommendations"
RUN = re.compile(r">([^<]+)<")
ENGLISH = re.compile(r"\b(the|of|and|is|are|with|from|for|by|at|to|that|it|be|not|no)\b", re.IGNORECASE)
# English on purpose: what somebody accepted or approved stays in the words that were accepted; names that AWS or a standard gives.
AS_IT_IS = (BUILT["accepted"][0]["sentence"],)
# Texts of the conflicts whose placeholders are filled in before a document sees them; the patterns know them by other names.
FILLED = ("{mode}", "Use {allowed}", "{primary}", "{cost}", "{subject}", "{kept}", "{reach}", "{regime}")


@cache
def northwind() -> Design:
    return load_design(json.loads((ROOT / "tests" / "golden" / "northwind-clinics.design.json").read_text(encoding="utf-8")))


@cache
def runs(kind: str) -> frozenset[str]:
    """The texts of a document's pages and drawings, in German, run by run."""
    design = northwind()
    hazard = {"plan": "Plan 7", "place": "123456789012 in us-east-1", **BUILT["accepted"][0]}
    approval = {"by": "Samuel Grant", "at": "24 November 2026", "digest": design.digest, "hazards": [hazard]}
    with translation.override("de"), speaking("de"):
        content = content_of(design.document)
        plain = {name: value for name, value in design.document.items() if name != "digest"}
        sections = numbered(KINDS[kind].sections(content, Beside(approval, older_design(Design.of(plain)).document, BUILT)))
        parts = [section_text(content, section) for section in walk(sections)]
        parts += [f"<h1>{section.title}</h1>" for section in sections]
        cover = {"content": content, "title": tr(KINDS[kind].TITLE), "approval": approval, "organisation": "", "version": 1, "brand": {}}
        parts.append(render_to_string("reports/documents/cover.html", cover))
        parts += content.drawings.values()
    return frozenset(" ".join(unescape(run).split()) for part in parts for run in RUN.findall(part)) - {""}


def entered(value: Any) -> Iterator[str]:
    """Every text that somebody entered: names, notes, steps."""
    if isinstance(value, dict):
        for one in value.values():
            yield from entered(one)
    elif isinstance(value, list):
        for one in value:
            yield from entered(one)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_in_english_is_what_people_entered(kind: str) -> None:
    own = {text for text in entered(northwind().document["answers"]) if len(text) > 3}

    def rest(run: str) -> str:
        for text in sorted({*own, *AS_IT_IS}, key=len, reverse=True):
            run = run.replace(text, "")
        # A short value of an answer may be cut.
        return "" if run.endswith("…);") else run

    found = sorted(run for run in runs(kind) if len({word.lower() for word in ENGLISH.findall(rest(run))}) > 1)
    with speaking("de"):
        found += sorted(run for run in runs(kind) if translated(run) and tr(run) != run and run not in own)
    # A German word may be an English one of the catalog as well.
    assert [run for run in found if run not in ("Plan", "Name", "Status", "Text", "Region", "Alarm", "Digest")] == []


def test_every_kind_has_german_words() -> None:
    for kind in KINDS:
        text = " ".join(runs(kind))
        assert len(re.findall(r"\b(der|die|das|und|ist|nicht|wird|von|für)\b", text)) > 8, kind


def members(path: Path, names: tuple[str, ...]) -> Iterator[str]:
    """The texts under these names, anywhere in a YAML file."""

    def found(value: Any) -> Iterator[str]:
        for name, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            if name in names and isinstance(one, str):
                yield " ".join(one.split())
            elif name in names and isinstance(one, dict):
                yield from (text for text in one.values() if isinstance(text, str))
            yield from found(one)

    yield from found(yaml.safe_load(path.read_text(encoding="utf-8")))


def asked(question: Question) -> Iterator[str]:
    yield from filter(None, (question.text, question.unit, question.if_unknown))
    yield from (option.label for option in (*question.options, *question.rows))
    for field in question.fields:
        yield column_label(question, field)
        yield from asked(field)


def data_texts() -> Iterator[str]:
    """All texts that reach a document as data: of the questionnaire, the tables, the practices, the conflicts, the compliance packs."""
    for section in load_questionnaire().sections:
        yield section.title
        for question in section.questions:
            yield from asked(question)
    for path in RECOMMENDATIONS.glob("rules/*.yaml"):
        yield from members(path, ("because", "setting", "display"))
    for path in RECOMMENDATIONS.glob("compliance/packs/*.yaml"):
        yield from members(path, ("title", "note", "demand", "owed", "label"))
    yield from members(RECOMMENDATIONS / "conflicts" / "conflicts.yaml", ("title", "sentence", "design", "label", "consequence"))
    yield from members(RECOMMENDATIONS / "maturity" / "practices.yaml", ("label", "source"))


def test_every_text_of_the_rules_and_the_questionnaire_has_its_translation() -> None:
    texts = {text for text in data_texts() if text and not any(mark in text for mark in FILLED)}
    assert len(texts) > 900
    with speaking("de"):
        assert sorted(text for text in texts if not known(text)) == []


def sentences(document: dict[str, Any]) -> Iterator[str]:
    """What the rules say in a design: of its settings, findings, recovery, costs, and what is left to people."""
    for part in (document, *document["workloads"]):
        for setting in part["settings"]:
            yield from (setting["label"], setting["display"], setting["because"])
        for entry in part.get("recovery") or ():
            yield from (entry["mechanism"], entry["note"], *(step["what"] for step in entry["steps"]))
        for line in part["costs"] if isinstance(part["costs"], list) else ():
            yield from (line["item"], line["unit"])
    for one in document["findings"]:
        yield from (one["sentence"], one["fix"])
    for one in document["handover"]:
        yield from (one["what"], one["why"])
    for one in document["conflicts"]:
        yield from (
            one["title"],
            one["sentence"],
            one["design"],
            *(text for o in one["options"] for text in (o["label"], o["consequence"])),
        )
    yield from (document["summary"]["headline"], *document["summary"]["points"])


@pytest.mark.parametrize("name", ["northwind-clinics", "baltic-bank", "lumen-media"])
def test_every_sentence_of_a_design_is_known_or_entered(name: str) -> None:
    document = json.loads((ROOT / "tests" / "golden" / f"{name}.design.json").read_text(encoding="utf-8"))
    own = set(entered(document["answers"]))
    with speaking("de"):
        assert sorted({text for text in sentences(document) if text and text not in own and not known(text)}) == []


def test_what_somebody_entered_to_look_like_patterns_costs_nothing() -> None:
    with speaking("de"):
        for text in ("Copy in us-east-1: " * 500, "a, " * 3000, "x; then y. Z" * 900, ", storage" * 1100, "{titem}, {n}" * 40):
            assert told(text)
