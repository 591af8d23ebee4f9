"""The fonts of a joined document: each file once, cut down to the characters that any of its chunks uses.

A chunk keeps widths and texts of its own glyphs and only the name of the font file; glyph numbers are those of the whole file.
Source: ISO 32000-1, 9.7 (composite fonts), 9.10.3 (ToUnicode).
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array

from reports.pdf.chunks import Store, font_key

CHARACTER = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
NAME_LENGTH = 64  # of a font file's name, a SHA-256
LARGEST_BLOCK = 100  # lines of a beginbfchar block


@dataclass
class _Shared:
    """One font of the document: the objects that stay, and what all chunks together use of it."""

    font: Any
    file: str
    widths: dict[int, float] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)


class SharedFonts:
    """Collects the fonts of chunks. `store` has the font files by name."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.shared: dict[tuple[str, str], _Shared] = {}
        self.stamped: dict[str, _Shared] = {}
        self.dictionaries: list[Any] = []

    def take(self, pdf: pikepdf.Pdf, fonts: Any) -> None:
        """Replaces the fonts of one chunk's dictionary by the common ones."""
        self.dictionaries.append(fonts)
        for key in list(fonts.keys()):
            font = fonts[key]
            file = set_aside(font)
            if file is None:
                continue
            one = self.shared.setdefault((key, file), _Shared(font, file))
            widths, texts = used(font)
            one.widths |= widths
            one.texts |= texts
            fonts[key] = one.font

    def named(self, ending: str) -> tuple[str, _Shared]:
        """(resource name, font) of the font whose name ends so, e.g. `+IBM-Plex-Mono`; raises KeyError."""
        for (key, _), one in self.shared.items():
            if str(one.font.BaseFont).endswith(ending):
                return key, one
        raise KeyError(ending)

    def glyphs(self, ending: str, text: str) -> tuple[str, bytes, float]:
        """(resource name, glyph numbers, width in thousandths of the size) of a text, which is added to what the font has to hold."""
        key, one = self.named(ending)
        self.stamped[key] = one
        table = characters(self.content(one.file))
        found, width = b"", 0.0
        for letter in text:
            glyph, advance = table.get(letter, table["?"])
            one.widths[glyph], one.texts[glyph] = advance, letter
            found += glyph.to_bytes(2, "big")
            width += advance
        return key, found, width

    def content(self, file: str) -> bytes:
        found = self.store.get(font_key(file))
        if found is None:
            raise KeyError(f"the font file {file[:12]} is not kept any more")
        return bytes(found)

    def finish(self, pdf: pikepdf.Pdf) -> None:
        """Writes widths, texts and the cut-down file of every common font; what was stamped is known to every chunk's pages."""
        for fonts in self.dictionaries:
            for key, one in self.stamped.items():
                fonts[key] = one.font
        files: dict[str, set[int]] = {}
        for one in self.shared.values():
            files.setdefault(one.file, set()).update(one.widths, one.texts)
        streams = {file: font_stream(pdf, cut_down(self.content(file), glyphs)) for file, glyphs in sorted(files.items())}
        for one in self.shared.values():
            inner = one.font.DescendantFonts[0]
            inner.W = width_array(one.widths)
            inner.FontDescriptor.FontFile2 = streams[one.file]
            box = inner.FontDescriptor.FontBBox
            inner.FontDescriptor.FontBBox = Array([box[0], box[1], max(one.widths.values(), default=0), box[3]])
            one.font.ToUnicode = pdf.make_stream(unicode_map(one.texts))


def set_aside(font: Any) -> str | None:
    """The name of the file that was taken out of a chunk's font; None for one that is still inside."""
    if font.get("/Subtype") != "/Type0" or "/DescendantFonts" not in font:
        return None
    file = font.DescendantFonts[0].FontDescriptor.get("/FontFile2")
    if file is None or int(file.get("/Length1", 1)) != 0:
        return None
    return bytes(file.read_bytes()).decode().strip()[:NAME_LENGTH]


def used(font: Any) -> tuple[dict[int, float], dict[int, str]]:
    """Widths and texts by glyph number."""
    widths: dict[int, float] = {}
    entries = list(font.DescendantFonts[0].W)
    for index in range(0, len(entries), 2):
        for offset, width in enumerate(entries[index + 1]):
            widths[int(entries[index]) + offset] = float(width)
    texts = {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in CHARACTER.findall(font.ToUnicode.read_bytes())
    }
    return widths, texts


@cache
def characters(content: bytes) -> dict[str, tuple[int, float]]:
    """Glyph number and advance, in thousandths of the size, by character."""
    font = TTFont(io.BytesIO(content), lazy=True)
    scale = 1000 / font["head"].unitsPerEm
    return {chr(code): (font.getGlyphID(name), font["hmtx"][name][0] * scale) for code, name in font.getBestCmap().items()}


def cut_down(content: bytes, glyphs: set[int]) -> bytes:
    """The font file with these glyphs only, under their own numbers. The same glyphs give the same bytes."""
    options = subset.Options(retain_gids=True, notdef_outline=True, hinting=False, layout_features=[], recalc_timestamp=False, name_IDs=[])
    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    # Shaping is done: what only shapes need not even be read.
    for table in ("GSUB", "GPOS", "GDEF"):
        if table in font:
            del font[table]
    limit = font["maxp"].numGlyphs
    cutter = subset.Subsetter(options)
    cutter.populate(gids=sorted(glyph for glyph in glyphs if glyph < limit))
    cutter.subset(font)
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def font_stream(pdf: pikepdf.Pdf, content: bytes) -> Any:
    stream = pdf.make_stream(content)
    stream.Length1 = len(content)
    return stream


def width_array(widths: dict[int, float]) -> Any:
    """`[first [width …] …]`, runs of neighbouring glyphs together."""
    found: list[Any] = []
    run: list[Any] = []
    for glyph in sorted(widths):
        if glyph - 1 not in widths:
            run = []
            found += [glyph, run]
        run.append(round(widths[glyph], 3))
    return Array([Array(item) if isinstance(item, list) else item for item in found])


def unicode_map(texts: dict[int, str]) -> bytes:
    """A ToUnicode table."""
    lines = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(texts.items())]
    blocks = [lines[index : index + LARGEST_BLOCK] for index in range(0, len(lines), LARGEST_BLOCK)]
    body = "\n".join("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks)
    return f"{HEAD}\n{body}\n{TAIL}".encode()


HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange"""
TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
