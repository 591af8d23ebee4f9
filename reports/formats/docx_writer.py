"""Writes the HTML of a document's section into a Word document: headings, paragraphs, lists, tables with repeated heads, drawings.

Knows the few elements that the document templates use. Text stays text: nothing of it is read as markup again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

from docx import Document as new_document
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from lxml import html as markup

BLANK = re.compile(r"\s+")
PERCENT = re.compile(r"\bw-(\d+)")
# What XML 1.0 cannot hold; python-docx would refuse it.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BOLD, MONO = frozenset({"strong", "b", "th"}), "code"
BLOCKS = frozenset({"p", "ul", "ol", "table", "figure", "div", "section", "h1", "h2", "h3"})
INK = RGBColor(0x16, 0x26, 0x3A)

Picture = Callable[[str], tuple[bytes, int]]


class DocxWriter:
    """A Word document under construction. `picture(name)` gives (PNG bytes, width in CSS pixels) of a drawing."""

    def __init__(self, picture: Picture, language: str = "en-GB") -> None:
        self.document: Document = new_document()
        self.picture = picture
        self._page()
        self._styles(language)
        self.width = Mm(210 - 2 * 20)

    def _page(self) -> None:
        page = self.document.sections[0]
        page.orientation = WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(20)
        page.top_margin = page.bottom_margin = Mm(22)

    def _styles(self, language: str) -> None:
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = "Calibri", Pt(10)
        lang = OxmlElement("w:lang")
        lang.set(qn("w:val"), language)
        normal.element.get_or_add_rPr().append(lang)
        for level in range(1, 5):
            self.document.styles[f"Heading {level}"].font.color.rgb = INK

    def heading(self, text: str, level: int) -> None:
        self.document.add_heading(clean(text), min(level, 9))

    def paragraph(self, text: str, style: str | None = None) -> Any:
        return self.document.add_paragraph(clean(text), style)

    def field(self, code: str, hint: str) -> None:
        """A field that Word computes when it opens or prints the document, e.g. the table of contents."""
        run = self.document.add_paragraph().add_run()
        for kind, text in (("begin", None), ("instr", code), ("separate", None), ("text", hint), ("end", None)):
            if kind in ("begin", "separate", "end"):
                part = OxmlElement("w:fldChar")
                part.set(qn("w:fldCharType"), kind)
                if kind == "begin":
                    part.set(qn("w:dirty"), "true")
            else:
                part = OxmlElement("w:instrText" if kind == "instr" else "w:t")
                part.text = text
            run._r.append(part)

    def fragment(self, html: str, level: int) -> None:
        """The HTML of one section, below a heading of `level`."""
        for element in markup.fragments_fromstring(html):
            if isinstance(element, str):
                if element.strip():
                    self.paragraph(BLANK.sub(" ", element))
            else:
                self.block(element, level)

    def block(self, element: Any, level: int) -> None:
        tag = element.tag
        if tag in ("h1", "h2", "h3"):
            self.heading(BLANK.sub(" ", element.text_content()).strip(), level + int(tag[1]) - 1)
        elif tag in ("ul", "ol"):
            for item in element.iterchildren("li"):
                self.inline(self.document.add_paragraph(style="List Bullet" if tag == "ul" else "List Number"), item)
        elif tag == "table":
            self.table(element)
        elif tag == "figure":
            self.figure(element)
        elif tag in ("p", "span", "a"):
            self.inline(self.document.add_paragraph(), element)
        elif isinstance(tag, str):
            for child in element:
                self.block(child, level)

    def inline(self, paragraph: Any, element: Any, bold: bool = False, small: bool = False) -> None:
        """Text with its emphasis; a block inside starts on a new line."""
        self.run(paragraph, element.text, bold, small)
        for child in element:
            quiet = small or "basis" in (child.get("class") or "").split()
            if child.tag in BLOCKS and paragraph.text.strip():
                paragraph.add_run().add_break()
            self.inline(paragraph, child, bold or child.tag in BOLD, quiet)
            self.run(paragraph, child.tail, bold, small)

    def run(self, paragraph: Any, text: str | None, bold: bool, small: bool) -> None:
        if not text:
            return
        words = BLANK.sub(" ", clean(text))
        if not paragraph.text or paragraph.text.endswith((" ", "\n")):
            words = words.lstrip()
        if words:
            run = paragraph.add_run(words)
            run.bold = bold or None
            if small:
                run.font.size = Pt(8)

    def table(self, element: Any) -> None:
        rows = element.xpath(".//tr")
        columns = max((sum(int(cell.get("colspan") or 1) for cell in row.iterchildren("td", "th")) for row in rows), default=0)
        if not columns:
            return
        table = self.document.add_table(rows=0, cols=columns, style="Table Grid")
        table.autofit = False
        for column, share in zip(table.columns, shares(rows[0], columns), strict=True):
            column.width = Emu(int(self.width * share))
        for row in rows:
            line = table.add_row()
            head = row.getparent().tag == "thead"
            if head:
                mark = OxmlElement("w:tblHeader")
                mark.set(qn("w:val"), "true")
                line._tr.get_or_add_trPr().append(mark)
            place = 0
            for cell in row.iterchildren("td", "th"):
                span = int(cell.get("colspan") or 1)
                target = line.cells[place] if span == 1 else line.cells[place].merge(line.cells[min(place + span, columns) - 1])
                target.paragraphs[0].paragraph_format.space_after = Pt(0)
                self.inline(target.paragraphs[0], cell, bold=head or cell.tag == "th", small=True)
                place += span
        self.document.add_paragraph()

    def figure(self, element: Any) -> None:
        for image in element.iter("img"):
            data, pixels = self.picture(image.get("src") or "")
            if data:
                # 96 CSS pixels are an inch of 914,400 EMU.
                shape = self.document.add_picture(io.BytesIO(data), width=Emu(min(int(pixels * 9525), int(self.width))))
                shape._inline.docPr.set("descr", clean(image.get("alt") or ""))
        for caption in element.iter("figcaption"):
            self.document.add_paragraph(clean(BLANK.sub(" ", caption.text_content()).strip()), "Caption")


def shares(row: Any, columns: int) -> list[float]:
    """The columns' parts of the width, by the classes `w-30` of a table's first row; what says nothing shares the rest."""
    given: list[float | None] = []
    for cell in row.iterchildren("td", "th"):
        found = PERCENT.search(cell.get("class") or "")
        given += [int(found[1]) / 100 if found else None] + [None] * (int(cell.get("colspan") or 1) - 1)
    given += [None] * (columns - len(given))
    rest = max(0.0, 1 - sum(one for one in given if one is not None))
    open_columns = sum(one is None for one in given)
    return [rest / open_columns if one is None else one for one in given]


def clean(text: str) -> str:
    """Text without what XML cannot hold."""
    return ILLEGAL.sub("", text)
