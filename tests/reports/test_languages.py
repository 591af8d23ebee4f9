"""German documents: complete as far as Stowplan's own words go, and the catalog up to date with the code."""

import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import polib
import pytest

from recommendations.design import Design
from reports.documents import TITLES
from reports.patterns import PATTERNS, PIECES
from reports.render import RenderError, render_document
from reports.sentences import told
from reports.wording import day_text, number, speaking, tr
from scripts.translations import LOCALE, compiled
from tests.reports.test_document import pages_of, words

CATALOG = LOCALE / "de" / "LC_MESSAGES" / "django.po"
REPORTS = Path(LOCALE).parent
TEMPLATES = REPORTS / "templates" / "reports" / "documents"
TRANSLATE = re.compile(r'{% translate "([^"]+)"')
BLOCK = re.compile(r"{% blocktranslate([^%]*)%}(.+?){% endblocktranslate %}", re.DOTALL)
CODE = re.compile(r"""\btr\((["'])([^"'{}]*(?:\{\w+\}[^"'{}]*)*)\1\)""")


@pytest.fixture(scope="module")
def german(design: Design) -> bytes:
    return render_document(design, "summary", language="de", version=2)


def texts() -> set[str]:
    """All texts that code and templates ask a translation of."""
    found = set(PATTERNS) | set(PIECES) | set(TITLES.values())
    for path in TEMPLATES.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        found |= set(TRANSLATE.findall(source))
        found |= {re.sub(r"{{ ?(\w+) ?}}", r"%(\1)s", text) for _, text in BLOCK.findall(source)}
    for path in REPORTS.rglob("*.py"):
        found |= {text for _, text in CODE.findall(path.read_text(encoding="utf-8"))}
    return {one for one in found if one}


def test_the_compiled_catalog_is_that_of_the_texts() -> None:
    assert CATALOG.with_suffix(".mo").read_bytes() == compiled(CATALOG)


def test_no_text_is_without_its_translation() -> None:
    there = {one.msgid for one in polib.pofile(str(CATALOG)) if one.msgstr}
    assert len(there) > 150
    assert sorted(texts() - there) == []


def test_a_translation_has_the_names_of_its_text() -> None:
    name = re.compile(r"%\(\w+\)s|\{\w+\}")
    for one in polib.pofile(str(CATALOG)):
        assert sorted(name.findall(one.msgid)) == sorted(name.findall(one.msgstr)), one.msgid


def test_the_summary_is_german(german: bytes, design: Design) -> None:
    text = words(pages_of(german))
    for one in ("Zusammenfassung", "Kurz gefasst", "Was es kostet", "Worum wir Sie bitten", "Seite 1 von", "nicht freigegeben · Version 2"):
        assert one in text, one
    for one in ("In short", "What it costs", "a month", "Page 1", "Draft", "not approved", "Severity", "targets are met"):
        assert one not in text, one
    with pikepdf.open(io.BytesIO(german)) as pdf:
        assert str(pdf.Root.Lang) == "de"
        assert next(str(one.title) for one in pdf.open_outline().root) == "1 Kurz gefasst"
        assert design.digest.encode() in pdf.attachments["design.json"].get_file().read_bytes()


def test_the_screen_and_the_next_document_stay_english(german: bytes, design: Design) -> None:
    assert german
    assert tr("What it costs") == "What it costs"
    assert "What it costs" in words(pages_of(render_document(design, "summary")))


@pytest.mark.parametrize(
    ("english", "translated"),
    [
        (
            "Ex & Co: 2 workloads protected in eu-central-1 for USD 12,345 a month",
            "Ex & Co: 2 Workloads in eu-central-1 geschützt für USD 12.345 im Monat",
        ),
        ("Protected: 2 by EBS snapshots and 1 by AWS Backup.", "Geschützt: 2 durch EBS-Snapshots und 1 durch AWS Backup."),
        ("Something that no pattern knows.", "Something that no pattern knows."),
    ],
)
def test_sentences_of_a_design_follow_their_pattern(english: str, translated: str) -> None:
    with speaking("de"):
        assert told(english) == translated
    assert told(english) == english


def test_numbers_and_dates_follow_the_language() -> None:
    with speaking("de"):
        assert (number("1,234.5"), day_text("2027-03-01"), day_text("1")) == ("1.234,5", "1. März 2027", "1")
    assert (number("1,234.5"), day_text("2027-03-01")) == ("1,234.5", "2027-03-01")


def test_an_unknown_language_is_refused(design: Design) -> None:
    with pytest.raises(RenderError, match="de"):
        render_document(design, "summary", language="tlh")


def test_the_command_writes_german(design_file: Path, tmp_path: Path) -> None:
    from tests.support.processes import manage

    out = tmp_path / "de.pdf"
    done: Any = manage("render", design_file, "--document", "summary", "--language", "de", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "Kurz gefasst" in words(pages_of(out.read_bytes()))
