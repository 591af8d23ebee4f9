"""The other formats of a design, read back with other libraries than those that wrote them."""

import io
import json
import re
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path

import botocore.session
import docx
import openpyxl
import pytest
from botocore.validate import ParamValidator

from assessment.engagement import engagement_from_document, engagement_to_document
from recommendations.design import Design
from recommendations.evaluate import evaluate
from reports.formats import FORMATS, file_name
from tests.support.designs import EXAMPLES, example, small_example
from tests.support.processes import manage

NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))
HOSTILE = '=HYPERLINK("http://evil.example";"x") <b>{{ 7*7 }}</b>'


@cache
def design_of(name: str) -> Design:
    return evaluate(example(name))


@cache
def hostile_design() -> Design:
    """The small example of a customer, with a workload, whose names are markup and a formula."""
    document = engagement_to_document(small_example())
    document["customer"]["name"] = document["workloads"][0]["name"] = HOSTILE
    return evaluate(engagement_from_document(document))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_same_design_gives_the_same_bytes(name: str) -> None:
    design = evaluate(small_example())
    assert FORMATS[name].write(design) == FORMATS[name].write(design)
    assert file_name(design, name).endswith(FORMATS[name].SUFFIX)


@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_has_every_figure(name: str) -> None:
    design = design_of(name)
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].write(design)))
    document = design.document
    lines = [*document["costs"]["shared"], *(line for w in document["workloads"] for line in w["costs"])]
    costs = list(book["Costs"].iter_rows(min_row=2, max_col=8, values_only=True))
    assert [row[1] for row in costs[:-1]] == [line["item"] for line in lines]
    assert [round(Decimal(str(row[5])), 2) for row in costs[:-1]] == [Decimal(line["monthly"]) for line in lines]
    assert costs[0][6] == "=C2*E2"
    assert costs[-1][5] == f"=SUM(F2:F{len(lines) + 1})"
    assert all(row[8] for row in book["Costs"].iter_rows(min_row=2, max_row=len(lines) + 1, max_col=9, values_only=True))
    by_setting = list(book["By setting"].iter_rows(min_row=2, max_col=5, values_only=True))
    assert [row[0] for row in by_setting] == [row["label"] for row in document["costs"]["by_setting"]]
    assert sum(round(Decimal(str(row[1])), 2) for row in by_setting) == Decimal(document["costs"]["monthly_design"])
    assert sum(round(Decimal(str(row[4])), 2) for row in by_setting) == Decimal(document["costs"]["months"][0]["design"])
    assert by_setting[0][2].startswith(f"=SUMIF(Costs!$I$2:$I${len(lines) + 1},A2,")
    assert book["Months"].max_row == 1 + document["costs"]["horizon_months"]
    assert [round(Decimal(str(row[3].value)), 2) for row in book["Months"]["A2:D37"]] == [
        Decimal(row["today"]) for row in document["costs"]["months"]
    ]
    by_workload = list(book["By workload"].iter_rows(min_row=2, max_col=3, values_only=True))
    assert [row[:2] for row in by_workload[:3]] == [
        (document["workloads"][0]["name"], kind) for kind in ("Design", "All in S3 Standard", "Today, by size of data")
    ]
    designed = [round(Decimal(str(row[2])), 2) for row in by_workload if row[1] == "Design"]
    assert designed == [Decimal(w["monthly_cost"]) for w in document["workloads"]]
    assert book["Findings"].max_row == 1 + len(document["findings"])
    assert book["Resources"].max_row == 1 + len(document["resources"])
    settings = len(document["settings"]) + sum(len(w["settings"]) for w in document["workloads"])
    assert book["Settings"].max_row == 1 + settings


def test_a_name_that_looks_like_a_formula_is_text() -> None:
    design = hostile_design()
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].write(design)))
    cells = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str) and "HYPERLINK" in cell.value
    ]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_word_document_has_the_sections_tables_and_drawings_of_the_pdf() -> None:
    design = design_of("lumen-media")
    data = FORMATS["docx"].write(design)
    document = docx.Document(io.BytesIO(data))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert "1 Summary" in headings
    assert all(any(w["name"] in heading for heading in headings) for w in design.document["workloads"])
    assert len(document.inline_shapes) >= 2 + len(design.document["workloads"])
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert all(any(w["purpose"] in p.text for p in document.paragraphs) for w in design.document["workloads"] if w["purpose"])
    assert any("S3 Standard" in text for text in cells)
    assert design.digest in document.sections[0].footer.paragraphs[0].text
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {item.date_time for item in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_hostile_text_stays_text_in_the_word_document() -> None:
    document = docx.Document(io.BytesIO(FORMATS["docx"].write(hostile_design())))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "<b>{{ 7*7 }}</b>" in text


@pytest.mark.parametrize("name", NAMES)
def test_resilience_hub_takes_the_policies(name: str) -> None:
    """By the service's own model: members, types, lengths, enumerations and the pattern of the name."""
    said = json.loads(FORMATS["resilience-hub"].write(design_of(name)))
    model = botocore.session.get_session().get_service_model("resiliencehub").operation_model("CreateResiliencyPolicy").input_shape
    pattern = re.compile(model.members["policyName"].metadata["pattern"])
    for entry in said["policies"]:
        policy = entry["policy"]
        assert not ParamValidator().validate(policy, model).has_errors()
        assert policy["tier"] in model.members["tier"].enum
        assert policy["dataLocationConstraint"] in model.members["dataLocationConstraint"].enum
        assert pattern.fullmatch(policy["policyName"])
        assert set(policy["policy"]) == set(model.members["policy"].key.enum)
        assert all(one["rpoInSecs"] > 0 and one["rtoInSecs"] > 0 for one in policy["policy"].values())
    assert sorted(key for entry in said["policies"] for key in entry["workloads"]) == sorted(
        w["key"] for w in design_of(name).document["workloads"]
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_component_definition_says_which_resources_support_which_control(name: str) -> None:
    design = design_of(name)
    definition = json.loads(FORMATS["oscal"].write(design))["component-definition"]
    keys = {one["key"] for one in design.document["resources"]}
    identifiers = [definition["uuid"]]
    for component in definition["components"]:
        assert {prop["value"] for prop in component["props"]} <= keys
        (implementation,) = component["control-implementations"]
        identifiers += [component["uuid"], implementation["uuid"], *(one["uuid"] for one in implementation["implemented-requirements"])]
    assert len(identifiers) == len(set(identifiers))
    assert design.digest in definition["metadata"]["remarks"]


def test_convert_writes_a_file_without_a_database(tmp_path: Path) -> None:
    design_file, out = tmp_path / "design.json", tmp_path / "design.xlsx"
    design_file.write_text(evaluate(small_example()).text(), encoding="utf-8")
    done = manage("convert", design_file, "--format", "xlsx", "--out", out, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["bytes"] == out.stat().st_size
    assert manage("convert", design_file, "--format", "poem", "--out", out).returncode == 2
