"""Pillars, conflicts and compliance in the documents: the words, the sections, and a radar that grey print and screen readers can tell."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string

from reports.content import Content, content_of
from reports.documents import KINDS
from reports.drawings.radar import radar_drawing
from reports.pillar_content import conflicts_of, pillars_of, regimes_of

GOLDEN = Path(__file__).parents[1] / "golden" / "baltic-bank.design.json"
SVG = "{http://www.w3.org/2000/svg}"
OLD: dict[str, Any] = {"findings": [], "workloads": []}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return json.loads(GOLDEN.read_text())


@pytest.fixture(scope="module")
def content(document: dict[str, Any]) -> Content:
    return content_of(document)


def text_of(content: Content, kind: str, name: str) -> str:
    section = next(one for one in KINDS[kind].sections(content) if one.id == name)
    return render_to_string(section.template, {"content": content, "section": section, **section.context})


def test_the_radar_says_its_figures_and_differs_by_dash_and_mark(document: dict[str, Any]) -> None:
    drawing = radar_drawing(document["pillars"])
    assert drawing is not None
    for one in document["pillars"]:
        assert f"{one['before']} today and {one['after']} with the design" in drawing.description
    root = ET.fromstring(drawing.svg)
    assert not [name for element in root.iter() for name in element.attrib if name == "style" or name.startswith("on")]
    dashed = [one for one in root.iter(f"{SVG}path") if one.get("stroke-dasharray")]
    assert len(dashed) == 1, "only the line of today is dashed"
    fills = {one.get("fill") for one in root.iter(f"{SVG}circle")}
    assert len(fills) == 2, "filled and hollow marks"


def test_the_design_document_has_a_section_of_each(content: Content, document: dict[str, Any]) -> None:
    ids = [section.id for section in KINDS["design"].sections(content)]
    assert ids[ids.index("findings") : ids.index("build")] == ["findings", "pillars", "conflicts", "compliance"]
    pillars = text_of(content, "design", "pillars")
    security = next(one for one in document["pillars"] if one["pillar"] == "security")
    assert f"Security: {security['before']} today, {security['after']} with the design" in pillars
    assert all(practice["label"].replace("'", "&#x27;") in pillars for practice in security["practices"])
    matrix = text_of(content, "design", "compliance")
    assert "not a legal opinion" in matrix
    assert "Backup policies, Art. 12(1)" in matrix
    conflicts = text_of(content, "design", "conflicts")
    assert "Let the copies expire" in conflicts
    assert "a month" in conflicts


def test_the_summary_has_radar_table_and_conflicts(content: Content) -> None:
    text = text_of(content, "summary", "pillars")
    assert 'src="drawing:pillars"' in text
    assert "Operational excellence" in text
    assert "minimum retention against erasure" in text
    assert "drawing:pillars" in content.drawings


def test_a_control_that_is_not_supported_says_what_lacks_it(document: dict[str, Any]) -> None:
    names = {workload["key"]: workload["name"] for workload in document["workloads"]}
    controls = {one.title: one for regime in regimes_of(document, names) for one in regime.controls}
    limited = controls["Storage limitation, Art. 5(1)(e)"]
    assert limited.word == "Not supported"
    assert any("lacking: " in line and "Branch file shares" in line for line in limited.supports)


def test_a_design_of_before_prints_none_of_it() -> None:
    assert (pillars_of(OLD), conflicts_of(OLD, {}), regimes_of(OLD, {}), radar_drawing(())) == ((), (), (), None)
