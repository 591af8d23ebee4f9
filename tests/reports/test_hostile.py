"""Names and notes that are markup, template syntax, formulas, reordering marks or very long: text in every document and format."""

import io
import json
import re
import subprocess
from functools import cache
from typing import Any

import docx
import openpyxl
import pytest

from assessment.engagement import engagement_from_document, engagement_to_document
from assessment.values import BIDI
from recommendations.design import Design
from recommendations.evaluate import evaluate
from reports.brand import Brand
from reports.documents import KINDS
from reports.formats import FORMATS
from reports.render import render_document
from tests.reports.documents import BUILT
from tests.reports.sample import older_design
from tests.support.designs import few_workloads

SCRIPT, TEMPLATE, TAG, FORMULA = "<script>alert(1)</script>", "{{ 7*7 }}", '{% now "Y" %}', "=cmd|'/C calc'!A0"
NAME = f"{FORMULA} {SCRIPT} {TEMPLATE} {TAG}"
# Reordering marks cannot be entered as an answer; names of users and organisations, reasons and what AWS gives back may hold them.
REORDERED = f"{NAME} \u202e\u2066gnp.tset\u2069\u202c"
LONG = "z" * 10_000


@cache
def hostile() -> Design:
    """A customer and a workload of that name, evaluated like any other."""
    document = engagement_to_document(few_workloads("northwind-clinics", ("Patient portal",)))
    document["customer"]["name"] = document["workloads"][0]["name"] = NAME
    for answer in ("wl_purpose", "wl_notes"):
        if answer in document["workloads"][0]["answers"]:
            document["workloads"][0]["answers"][answer] = {"value": NAME, "note": NAME}
    return evaluate(engagement_from_document(document))


def beside(design: Design) -> dict[str, Any]:
    """What stands beside a design, with the same names: an approval, an older version, what AWS has."""
    row = {**BUILT["rows"][0], "resource": REORDERED, "setting": REORDERED, "designed": NAME, "read_back": f"{REORDERED} {LONG}"}
    accepted = {"plan": "Plan 7", "place": NAME, "sentence": REORDERED, "name": REORDERED, "at": REORDERED}
    receipt = {**BUILT["receipts"][0], "resource": REORDERED, "operation": REORDERED}
    approval = {"by": REORDERED, "at": "24 November 2026", "comment": f"{REORDERED} {LONG}", "hazards": [accepted]}
    return {
        "approval": {**approval, "digest": design.digest, "documents": [{"kind": "design", "title": REORDERED, "sha256": "ab" * 32}]},
        "older": older_design(design),
        "built": {**BUILT, "run": REORDERED, "by": REORDERED, "accepted": [accepted], "rows": [row], "receipts": [receipt]},
    }


def text_of(data: bytes) -> str:
    """All text without blanks: a narrow cell breaks a name anywhere."""
    return re.sub(r"\s+", "", subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode())


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_text_in_every_document(kind: str) -> None:
    design = hostile()
    brand = Brand(cover_text=f"{REORDERED}\n{LONG[:200]}")
    text = text_of(render_document(design, kind, organisation=REORDERED, version=3, brand=brand, **beside(design)))
    for one in (SCRIPT, TEMPLATE, TAG, FORMULA):
        assert text.count(re.sub(r"\s+", "", one)) > 1, one
    assert not set(text) & set(BIDI)
    # Everything that was approved with is printed; a value read back is cut where it would fill the page, and says so.
    assert text.count("z") > {"certificate": 10_000, "as-built": 400}.get(kind, 199)


@pytest.mark.parametrize("kind", FORMATS)
def test_it_is_text_in_every_other_format(kind: str) -> None:
    data = FORMATS[kind].write(hostile())
    if kind == "xlsx":
        cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells if "cmd|" in str(cell.value)} == {"s"}
    elif kind == "docx":
        text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)
        assert all(one in text for one in (SCRIPT, TEMPLATE, TAG, FORMULA))
    else:
        said = json.dumps(json.loads(data), ensure_ascii=False)
        assert TEMPLATE in said or "7*7" not in said
        assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08]", said)
