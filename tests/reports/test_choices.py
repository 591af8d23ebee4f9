"""Options and fronts in documents: the figures of the engine, and a drawing that says the same as the table beside it."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from recommendations.alternative import Bench
from recommendations.evaluate import evaluate
from recommendations.promise import promise_document
from reports.choices_content import SHOWN, choices_of
from reports.content import content_of
from reports.drawings.front import band, front_drawing, scale
from tests.support.designs import small_example

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def document():
    return evaluate(small_example()).document


@pytest.fixture(scope="module")
def choices(document):
    found = choices_of(document)
    assert found is not None
    return found


def test_the_options_stand_side_by_side(choices):
    assert choices.titles == ("Cheap", "Balanced", "Strict")
    assert [row.label for row in choices.short] == ["Cost a month", "Cost over 36 months", "Objectives met", "Findings"]
    assert all(len(row.cells) == 3 for row in (*choices.rows, *choices.settings))
    assert choices.moves[1][2]


def test_each_workload_has_its_front_with_the_design_in_it(choices, document):
    assert set(choices.fronts) == {one["key"] for one in document["workloads"]}
    for front in choices.fronts.values():
        assert len(front.ways) <= SHOWN
        assert [way.differs for way in front.ways].count("This is the design") == 1


def test_only_a_document_that_prints_them_works_them_out(document):
    content = content_of(document)
    assert not [name for name in content.drawings if "front" in name]
    assert content.choices is not None
    assert len([name for name in content.drawings if "front" in name]) == 2


def test_a_design_of_other_rules_has_none(document):
    assert choices_of({**document, "price_book": {"version": "0", "hash": "0"}}) is None


def test_the_drawing_numbers_every_point_and_rings_the_design(document):
    for workload in document["workloads"]:
        promise = promise_document(Bench(document, workload["key"]).promise())
        drawing = front_drawing(promise, "A & <b>")
        root = ET.fromstring(drawing.svg)
        texts = [one.text for one in root.iter(f"{SVG}text")]
        for point in promise["points"]:
            assert any(str(text).split(",")[0] == str(point["number"]) for text in texts)
        assert len([text for text in texts if "design" in str(text)]) == 1
        assert not [one for one in root.iter() if "style" in one.attrib]
        places = [(float(one.get("x")), float(one.get("y"))) for one in root.iter(f"{SVG}text")]
        assert all(0 <= x <= drawing.width and 0 < y <= drawing.height for x, y in places)


@pytest.mark.parametrize(("rpo", "index"), [("0m", 0), ("15m", 0), ("16m", 1), ("4h", 2), ("24h", 3), ("25h", 4), (None, 5)])
def test_the_shape_tells_the_data_lost(rpo, index):
    assert band(rpo) == index


@pytest.mark.parametrize(("least", "most"), [(0, 0), (1, 1), (2048, 2347), (210, 682), (375, 1200)])
def test_the_axis_holds_every_cost(least, most):
    steps = scale(Decimal(least), Decimal(most))
    assert steps[0] <= least
    assert steps[-1] >= most
    assert 2 <= len(steps) <= 9
