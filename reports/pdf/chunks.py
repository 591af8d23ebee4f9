"""A chunk: some sections of a document, laid out by themselves.

Layout is what costs; a chunk whose HTML, drawings and style did not change is taken from the cache. A chunk knows nothing of its place:
links that leave it are marks, resolved when the chunks are joined, and what differs from version to version (digest, page number) is
stamped onto the pages afterwards. Font files stay outside of the chunk, so that a document has each of them once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pydyf
import weasyprint
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration, get_hb_object_data

from reports.assets import ROOT, LockedFetcher

# The scheme of a link that leaves its chunk; never in a finished file.
AWAY = "away:"
VARIANT = "pdf/a-3u"
LINK = re.compile(r'href="#([^"]+)"')
ANCHOR = re.compile(r'\sid="([^"]+)"')
PICTURE = re.compile(r'src="(drawing:[^"]+)"')
UNKNOWN_PAGE = "000"
CELL_PREFIX = 12  # hex digits of the chunk's key
PLAIN_HEAD = "<title>Stowplan</title>"


class Store(Protocol):
    """Where chunks and font files are kept; Django's caches are such a thing."""

    def get(self, key: str, default: Any = None) -> Any: ...

    def set(self, key: str, value: Any, timeout: int | None = None) -> None: ...


class NoStore:
    """Keeps what one document needs, and nothing after it."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def get(self, key: str, default: Any = None) -> Any:
        return self.kept.get(key, default) if key.startswith("font-") else default

    def set(self, key: str, value: Any, timeout: int | None = None) -> None:
        if key.startswith("font-"):
            self.kept[key] = value


@dataclass(frozen=True)
class Chunk:
    """The HTML of some sections, without head and body. `title` names the first of them for people."""

    title: str
    html: str

    @property
    def anchors(self) -> frozenset[str]:
        return frozenset(ANCHOR.findall(self.html))

    @property
    def needs_pages(self) -> bool:
        """Whether page numbers stand in its text: such a chunk is laid out once all others are."""
        return 'class="contents"' in self.html or 'class="page-of"' in self.html

    def linked(self, pages: Mapping[str, int] | None = None) -> str:
        """The HTML with links out of the chunk as marks and, where they are printed, page numbers (placeholders without `pages`)."""
        here = self.anchors

        def link(found: re.Match[str]) -> str:
            anchor = found[1]
            target = f'href="#{anchor}"' if anchor in here else f'href="{AWAY}{anchor}"'
            number = pages.get(anchor, "?") if pages is not None else UNKNOWN_PAGE
            return f'{target} data-page="{number}"' if self.needs_pages else target

        return LINK.sub(link, self.html)


@dataclass(frozen=True)
class Laid:
    """A chunk as PDF: its pages, on which of them, from 0, each anchor stands, and the names of the font files that it needs."""

    data: bytes
    pages: int
    anchors: tuple[tuple[str, int], ...]
    fonts: tuple[str, ...]


class Typesetter:
    """Lays chunks out. `drawings`: SVG, or PNG as bytes, by the name that `src` uses; `style`: a style element for all chunks."""

    def __init__(self, drawings: Mapping[str, str | bytes], kind: str, style: str, language: str, store: Store) -> None:
        self.drawings, self.kind, self.style, self.language, self.store = drawings, kind, style, language, store
        self.fonts = FontConfiguration()
        self.refused: list[str] = []
        self.known: set[str] = set()

    def lay_out(self, html: str, head: str = "") -> Laid:
        """The chunk laid out, from the store when it is there. `head`: more for the HTML head, of the chunk that gives the metadata."""
        page = (
            f'<!DOCTYPE html>\n<html lang="{self.language}"><head><meta charset="utf-8">{head or PLAIN_HEAD}'
            f'<link rel="stylesheet" href="asset:styles/document.css">{self.style}</head>'
            f'<body class="kind-{self.kind}">{html}</body></html>'
        )
        key = "chunk-" + hashlib.sha256("\n".join([FINGERPRINT, page, *self.pictures(html)]).encode()).hexdigest()
        kept = self.store.get(key)
        if kept is not None and all(self.has_font(name) for name in kept[3]):
            return Laid(*kept)
        fetcher = LockedFetcher(self.drawings)
        document = HTML(string=page, base_url="asset:/", url_fetcher=fetcher).render(font_config=self.fonts, pdf_variant=VARIANT)
        used: list[str] = []

        def finisher(made: Any, pdf: Any) -> None:
            self.set_fonts_aside(made, pdf, used)
            name_cells(pdf, key[-CELL_PREFIX:])

        data = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, finisher=finisher)
        self.refused += fetcher.refused
        anchors = tuple((name, number) for number, one in enumerate(document.pages) for name in one.anchors)
        kept = (bytes(data), len(document.pages), anchors, tuple(used))
        self.store.set(key, kept)
        return Laid(*kept)

    def has_font(self, name: str) -> bool:
        """Whether a font file is kept; asked of the store once."""
        if name not in self.known and self.store.get(font_key(name)) is not None:
            self.known.add(name)
        return name in self.known

    def pictures(self, html: str) -> list[str]:
        found = [self.drawings.get(name, "") for name in sorted(set(PICTURE.findall(html)))]
        return [one if isinstance(one, str) else hashlib.sha256(one).hexdigest() for one in found]

    def set_fonts_aside(self, document: Any, pdf: Any, used: list[str]) -> None:
        """Takes the font files out of the chunk and keeps them in the store, each once; joining puts them in again.

        Fonts with pictures, or with characters that they do not have, stay inside: they are no plain tables of outlines.
        """
        for font in document.fonts.values():
            if font.bitmap or font.png or font.svg or font.colr or font.missing or font.type == "otf" or "fvar" in font.tables:
                continue
            content = get_hb_object_data(font.hb_face)
            name = hashlib.sha256(content).hexdigest()
            used.append(name)
            if not self.has_font(name):
                self.store.set(font_key(name), content)
            for thing in pdf.objects:
                if isinstance(thing, dict) and thing.get("Type") == "/FontDescriptor" and thing["FontName"] == font.name:
                    stream = pdf.objects[int(thing["FontFile2"].split()[0])]
                    stream.stream, stream.extra = [name.encode()], {"Length1": 0}


def name_cells(pdf: Any, prefix: str) -> None:
    """Makes the identifiers of table heads unique in the whole document: cells refer to their heads by them."""
    for thing in pdf.objects:
        if isinstance(thing, dict) and thing.get("Type") == "/StructElem":
            if "ID" in thing:
                thing["ID"] = pydyf.String(f"{prefix}-{thing['ID'].string}")
            if "A" in thing and "Headers" in thing["A"]:
                thing["A"]["Headers"] = pydyf.Array([pydyf.String(f"{prefix}-{head.string}") for head in thing["A"]["Headers"]])


def font_key(name: str) -> str:
    return f"font-{name}"


def _fingerprint() -> str:
    """What a layout depends on beside its HTML: the engine, the style sheet and the fonts."""
    found = hashlib.sha256(weasyprint.__version__.encode())
    for path in [*sorted((ROOT / "styles").glob("*.css")), *sorted((ROOT / "fonts").glob("*.ttf"))]:
        found.update(path.read_bytes())
    return found.hexdigest()


FINGERPRINT = _fingerprint()
