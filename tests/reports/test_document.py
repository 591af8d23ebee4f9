"""The PDF read back: text, structure, marks, attachment; and names that try to be something else than text."""

import io
import json
import logging
import re
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from recommendations.design import Design
from reports.render import RenderError, render_document
from tests.reports.sample import sample_design

HOSTILE = {
    "pacs-imaging-archive": "<script>alert(1)</script> {{ 7|add:7 }} {% now 'Y' %}",
    "electronic-health-record": 'Ünïcode "quoted" & Ελληνικά Кириллица ' + "x" * 60,
    "patient-portal": "../../etc/passwd 漢字 🚢 שלום",
}


@pytest.fixture(scope="module")
def data(design: Design) -> bytes:
    return render_document(design, "design", organisation="Harbour Consulting", version=3)


@pytest.fixture(scope="module")
def pdf(data: bytes) -> Any:
    with pikepdf.open(io.BytesIO(data)) as opened:
        yield opened


def pages_of(data: bytes) -> list[str]:
    """The text of each page, as `pdftotext` reads it."""
    made = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return made.stdout.decode().split("\f")[:-1]


@pytest.fixture(scope="module")
def pages(data: bytes) -> list[str]:
    return pages_of(data)


def words(pages: list[str]) -> str:
    """All text with every run of blanks as one."""
    return re.sub(r"\s+", " ", " ".join(pages))


def test_the_sections_stand_in_order(pages: list[str]) -> None:
    text = words(pages[2:])
    places = [
        text.index(title)
        for title in ("1 Summary", "2 Architecture", "3 Workloads", "3.1 PACS", "4 Recovery", "5 Cost", "6 Findings", "7 What")
    ]
    assert places == sorted(places)
    assert text.index("Appendix A Answers") < text.index("Appendix B Assumptions") < text.index("Appendix D About")


def test_digest_mark_version_and_page_number_are_on_every_page(pages: list[str], design: Design) -> None:
    for number, page in enumerate(pages, 1):
        assert design.digest in page
        assert "Draft – not approved · Version 3" in page
        assert f"Page {number} of {len(pages)}" in page


def test_workloads_settings_reasons_and_answers_are_printed(pages: list[str], design: Design) -> None:
    text = words(pages)
    for workload in design.document["workloads"]:
        assert workload["name"] in text
    assert "Customer-managed KMS key" in text
    assert "The customer keeps the keys." in text
    assert "Rule encryption-1, from sec_enc (Customer managed key" in text
    assert "How often will you rehearse recovery?" in text
    assert "Studies of 2009 to 2014 are still on primary disk." in text
    assert "Alarm on a late replica" in text


def test_the_bookmarks_are_the_sections(pdf: Any) -> None:
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        workloads = next(item for item in outline.root if item.title == "3 Workloads")
        assert [item.title for item in workloads.children] == [
            "3.1 PACS imaging archive",
            "3.2 Electronic health record",
            "3.3 Patient portal",
        ]
    assert titles[:2] == ["1 Summary", "2 Architecture"]
    assert titles[-1] == "Appendix D About this document"


def test_it_is_tagged_titled_in_english_and_says_pdfua_and_pdfa(pdf: Any) -> None:
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
        assert metadata["dc:title"] == "Storage, backup and recovery design – Northwind Clinics"


def tags(element: Any) -> Any:
    """Every structure element below one, in reading order."""
    yield element
    kids = element.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from tags(kid)


def test_every_drawing_has_an_alternative_text(pdf: Any) -> None:
    figures = [tag for tag in tags(pdf.Root.StructTreeRoot.K[0]) if tag.S == "/Figure"]
    assert len(figures) == 8
    alternatives = " ".join(str(figure.Alt) for figure in figures)
    assert "S3 Standard from day 0, then S3 Glacier Instant Retrieval from day 90" in alternatives


def test_headings_and_tables_are_tagged(pdf: Any) -> None:
    kinds = [str(tag.S) for tag in tags(pdf.Root.StructTreeRoot.K[0])]
    assert kinds.count("/H1") == 12
    assert {"/H2", "/H3", "/Table", "/THead", "/TH", "/TD", "/L", "/Link"} <= set(kinds)


def test_every_font_is_embedded(pdf: Any) -> None:
    fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"]
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def test_every_link_inside_resolves(pdf: Any) -> None:
    names = {str(name) for name in list(pdf.Root.Names.Dests.Names)[::2]}
    targets = {str(a.Dest) for page in pdf.pages for a in page.get("/Annots", []) if "/Dest" in a}
    assert len(targets) > 20
    assert targets <= names


def test_the_attached_design_is_the_design(pdf: Any, design: Design) -> None:
    assert "design.json" in pdf.attachments
    assert json.loads(pdf.attachments["design.json"].get_file().read_bytes()) == design.document


def test_the_same_design_gives_the_same_bytes(data: bytes, design: Design) -> None:
    assert render_document(design, "design", organisation="Harbour Consulting", version=3) == data


def test_hostile_names_print_as_text() -> None:
    made = render_document(sample_design(HOSTILE, customer="<b>Bold</b> & {{ customer }}"), "design")
    text = re.sub(r"\s+", "", " ".join(pages_of(made)))
    assert text.count("<script>alert(1)</script>") > 3
    assert "{{7|add:7}}" in text
    assert "{%now'Y'%}" in text
    assert "<b>Bold</b>&{{customer}}" in text
    assert "ΕλληνικάКириллица" in text
    assert "../../etc/passwd漢字" in text


def test_an_approval_is_printed_on_every_page(design: Design) -> None:
    made = pages_of(render_document(design, "summary", approval={"by": "Samuel Grant", "at": "2026-11-24", "digest": design.digest}))
    assert "Approved by Samuel Grant on 2026-11-24" in made[0]
    assert all("Approved" in page and "Draft" not in page for page in made)


def test_an_approval_of_another_design_is_refused(design: Design) -> None:
    with pytest.raises(RenderError, match="digests differ"):
        render_document(design, "summary", approval={"by": "Samuel Grant", "at": "2026-11-24", "digest": "0" * 64})


def test_an_unknown_kind_is_refused(design: Design) -> None:
    with pytest.raises(RenderError, match="There is no document 'poem'"):
        render_document(design, "poem")


def test_the_summary_has_two_to_five_pages(design: Design) -> None:
    assert 2 <= len(pages_of(render_document(design, "summary"))) <= 4


def test_the_operations_guide_has_a_runbook_for_each_workload_and_event(design: Design) -> None:
    text = words(pages_of(render_document(design, "operations")))
    assert "2.3 Patient portal" in text
    assert "1. Decide and find the copy 30 minutes" in text
    assert "Prove it. Business check: Read back 20 charts against the morning print-out" in text
    assert "Dana Reyes +1 206 555 0121" in text
    assert "Each quarter" not in text
    assert "A key is to be deleted or disabled" in text


@pytest.mark.parametrize("kind", ["design", "summary", "operations"])
def test_nothing_goes_wrong_quietly(kind: str, design: Design, caplog: pytest.LogCaptureFixture) -> None:
    """A drawing that fails, or a link without a target, is only an error in WeasyPrint's log."""
    render_document(design, kind)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_progress_rises_to_the_end(design: Design) -> None:
    seen: list[tuple[int, str]] = []
    render_document(design, "summary", progress=lambda percent, sentence: seen.append((percent, sentence)))
    percents = [percent for percent, _ in seen]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (0, 100)
    assert any(sentence.startswith("Writing 1 In short") for _, sentence in seen)


def test_no_page_is_wider_than_its_paper(data: bytes, tmp_path: Path) -> None:
    """Nothing is cut: every word lies within the margins."""
    path = tmp_path / "d.pdf"
    path.write_bytes(data)
    made = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True).stdout
    edges = [float(x) for x in re.findall(r'<word xMin="[\d.-]+" yMin="[\d.-]+" xMax="([\d.]+)"', made)]
    assert max(edges) <= 595.3 - 18 / 25.4 * 72 + 1
