"""The decision tables as DMN 1.3: valid against OMG's schema, read back by the reader of dmn-js, and saying what the tables say."""

import json
import re
import subprocess
import zipfile
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from lxml import etree

from assessment.unary import ContainsTest, IntervalTest, NotTest, NullTest, parse_test
from recommendations.dmn_export import dmn_archive, dmn_files
from recommendations.inputs import FROM_TABLES, INPUTS
from recommendations.provenance import RecordedAsked, Recorder
from recommendations.tables import feel, load_rule_pack
from recommendations.tables.dmn_diagram import Link, layout
from recommendations.tables.literals import PARSERS
from tests.recommendations.cases import case

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "node_modules/dmn-moddle/resources/dmn/xsd/DMN13.xsd"
PACK = load_rule_pack()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dmn") / "rules"
    call_command("export_rules", out=str(folder))
    return folder


@pytest.fixture(scope="module")
def told(files: Path) -> dict[str, Any]:
    """What dmn-moddle, the reader of dmn-js, finds in each file."""
    done = subprocess.run(
        ["node", "tests/support/read_dmn.mjs", *map(str, sorted(files.iterdir()))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {Path(name).name: found for name, found in json.loads(done.stdout).items()}


def test_there_is_a_file_for_each_table_and_one_for_all(files: Path) -> None:
    assert {one.name for one in files.iterdir()} == {*(f"{name}.dmn" for name in PACK.tables), "rule-pack.dmn"}
    assert {one.name: one.read_bytes() for one in files.iterdir()} == dmn_files(PACK)


def test_every_file_is_valid_against_the_schema_of_omg(files: Path) -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    for file in files.iterdir():
        assert schema.validate(etree.parse(str(file))), f"{file.name}: {schema.error_log}"


def test_dmn_js_reads_every_file_without_a_warning_and_finds_all_that_is_drawn(told: dict[str, Any]) -> None:
    assert {name: found["warnings"] for name, found in told.items() if found["warnings"]} == {}
    for found in told.values():
        assert sorted(found["shapes"]) == sorted(found["elements"])
    assert {one["id"] for one in told["rule-pack.dmn"]["decisions"]} == set(PACK.tables)


@pytest.mark.parametrize("name", PACK.tables)
def test_a_file_says_what_its_table_says(told: dict[str, Any], name: str) -> None:
    table = PACK[name]
    (found,) = told[f"{name}.dmn"]["decisions"]
    assert found["hitPolicy"] == table.hit_policy.upper()
    assert found["inputs"] == [item.name for item in table.inputs]
    assert found["outputs"] == [output.name for output in table.outputs]
    assert [rule["id"] for rule in found["rules"]] == [row.id for row in table.rows]
    for rule, row in zip(found["rules"], table.rows, strict=True):
        assert rule["because"] == row.because
        for item, text in zip(table.inputs, rule["in"], strict=True):
            assert (text == "-") == (item.name not in row.tests)
            if item.name in row.tests:
                assert parse_test(ours(text, item.type), item.type, PARSERS[item.type]) == row.tests[item.name]
        for output, text in zip(table.outputs, rule["out"], strict=True):
            assert json.loads(text) == (list(row.then[output.name]) if output.many else row.then[output.name])


def ours(text: str, kind: str) -> str:
    """A FEEL text in the spelling of our own files, read with a reader of its own."""

    def minutes(found: re.Match[str]) -> str:
        days, hours, rest = (int(part or 0) for part in re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:0S)?)?", found[1]).groups())
        return f"{days * 1440 + hours * 60 + rest}m"

    return (
        re.sub(r'duration\("([^"]+)"\)', minutes, text)
        if kind == "duration"
        else re.sub(r"\b(\d+)\b", r"\1 B", text)
        if kind == "size"
        else text
    )


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, "-"),
        (NullTest(), "null"),
        (NotTest(NullTest()), "not(null)"),
        (IntervalTest(Decimal("0.5"), Decimal(3), True), "[0.5..3)"),
        (IntervalTest(None, timedelta(days=1, minutes=90), high_closed=True), '<= duration("P1DT1H30M")'),
        (IntervalTest(timedelta(0), None), '> duration("PT0S")'),
        (ContainsTest(("a", 'b"c')), 'some one in ? satisfies list contains(["a", "b\\"c"], one)'),
    ],
)
def test_cells_are_written_as_feel(cell: Any, text: str) -> None:
    assert feel.test(cell) == text


def test_the_decisions_that_are_drawn_before_an_input_are_those_that_the_engine_reads() -> None:
    """Whatever the engine reads is declared, and over a few workloads each declared table is read."""
    seen: set[tuple[str, str, str]] = set()
    for made in (
        case("object-data"),
        case("object-data", {"rec_disrupt": ["deletion"]}),
        case("database", wl_db_host="rds"),
        case("file-share"),
    ):
        asked = RecordedAsked(made.facts, made.customer, PACK, Recorder())
        for table in INPUTS:
            if table != "storage_class":
                asked.ask(table)
        seen |= {(table, one.name, before) for table, inputs in asked.traced.items() for one in inputs for before in one.tables}
    assert seen == {(table, name, before) for table, inputs in FROM_TABLES.items() for name, found in inputs.items() for before in found}


def test_nothing_of_the_diagram_lies_on_another() -> None:
    links = [Link("1", "a", "b"), Link("2", "input_x", "a"), Link("3", "input_y", "a"), Link("4", "input_x", "b"), Link("5", "aws_1", "b")]
    places = layout(["a", "b"], links)
    assert places["b"].y < places["a"].y, "a decision stands above what it needs"
    boxes = [*places.items()]
    for index, (_, one) in enumerate(boxes):
        for _, other in boxes[index + 1 :]:
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y


def test_the_archive_holds_the_files_and_is_the_same_each_time() -> None:
    with zipfile.ZipFile(BytesIO(dmn_archive(PACK))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == dmn_files(PACK)
    assert dmn_archive(PACK) == dmn_archive(PACK)
