"""Chunks into one document: pages, structure, named destinations, links, bookmarks and fonts, as if it had been laid out as a whole.

Source: ISO 32000-1, 12.3.2.3 (named destinations), 12.3.3 (outline), 14.7 (structure tree, parent tree); qpdf's rules for copying objects
between files: pages first, then what refers to them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, String

from reports.documents.base import Section
from reports.pdf.chunks import AWAY
from reports.pdf.fonts import SharedFonts


def destinations(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    """The named destinations of a file as WeasyPrint writes them: one flat list of name and place."""
    names = pdf.Root.get("/Names", Dictionary()).get("/Dests", Dictionary()).get("/Names", Array())
    for index in range(0, len(names), 2):
        yield str(names[index]), names[index + 1]


class Joiner:
    """Joins chunks in order; the first one gives catalog, metadata, colour profile and attachments."""

    def __init__(self, first: bytes, fonts: SharedFonts) -> None:
        self.pdf = pikepdf.open(io.BytesIO(first))
        self.fonts = fonts
        self.places: list[tuple[str, Any]] = list(destinations(self.pdf))
        self.root = self.pdf.Root.StructTreeRoot
        self.document = self.root.K[0]
        self.kids: list[Any] = list(self.document.K)
        self.parents: list[Any] = []
        self._number(list(self.pdf.pages), self.root)
        self._fonts(self.pdf.pages[0])

    def add(self, data: bytes) -> None:
        """Appends a chunk."""
        source = pikepdf.open(io.BytesIO(data))
        start = len(self.pdf.pages)
        self.pdf.pages.extend(source.pages)
        pages = [self.pdf.pages[index] for index in range(start, len(self.pdf.pages))]
        for name, place in destinations(source):
            self.places.append((name, self.pdf.copy_foreign(source.make_indirect(place))))
        root = self.pdf.copy_foreign(source.Root.StructTreeRoot)
        self._number(pages, root)
        for kid in root.K[0].K:
            kid.P = self.document
            self.kids.append(kid)
        self._fonts(pages[0])

    def _number(self, pages: Sequence[Any], root: Any) -> None:
        """Gives pages and annotations their places in the common parent tree."""
        nums = root.ParentTree.Nums
        targets = {int(nums[index]): nums[index + 1] for index in range(0, len(nums), 2)}
        for page in pages:
            self.parents.append(targets[int(page.StructParents)])
            page.StructParents = len(self.parents) - 1
        for page in pages:
            for annotation in page.get("/Annots", Array()):
                if "/StructParent" in annotation:
                    self.parents.append(targets[int(annotation.StructParent)])
                    annotation.StructParent = len(self.parents) - 1

    def _fonts(self, page: Any) -> None:
        # All pages and drawings of a chunk refer to one dictionary of fonts.
        self.fonts.take(self.pdf, page.Resources.Font)

    def finish(self, sections: Sequence[Section]) -> pikepdf.Pdf:
        """The document with its links, destinations, bookmarks, structure and fonts complete."""
        self.document.K = Array(self.kids)
        self.root.ParentTree.Nums = Array([item for number, target in enumerate(self.parents) for item in (number, target)])
        self.root.ParentTreeNextKey = len(self.parents)
        places = dict(self.places)
        self._links(places)
        names = Array([item for name in sorted(places, key=lambda one: one.encode()) for item in (String(name), places[name])])
        if "/Names" not in self.pdf.Root:
            self.pdf.Root.Names = Dictionary()
        self.pdf.Root.Names.Dests = Dictionary(Names=names)
        self._outline(sections, places)
        self.fonts.finish(self.pdf)
        return self.pdf

    def _links(self, places: Mapping[str, Any]) -> None:
        """Links that left their chunk go to where their anchor is now; one without an anchor stays what it says, as text."""
        for page in self.pdf.pages:
            for annotation in page.get("/Annots", Array()):
                uri = str(annotation.A.URI) if "/A" in annotation and "/URI" in annotation.A else ""
                if not uri.startswith(AWAY):
                    continue
                anchor = uri.removeprefix(AWAY)
                if anchor not in places:
                    raise KeyError(anchor)
                del annotation["/A"]
                annotation.Dest = String(anchor)
                annotation.Contents = String(anchor)

    def _outline(self, sections: Sequence[Section], places: Mapping[str, Any]) -> None:
        if "/Outlines" in self.pdf.Root:
            del self.pdf.Root["/Outlines"]
        with self.pdf.open_outline() as outline:
            for section in sections:
                item = bookmark(section, places)
                item.children.extend(bookmark(child, places) for child in section.children)
                outline.root.append(item)


def bookmark(section: Section, places: Mapping[str, Any]) -> pikepdf.OutlineItem:
    """`3.1 Patient portal`, going to the section's heading."""
    item = pikepdf.OutlineItem(section.label)
    item.destination = Array(list(places[section.id]))
    return item
