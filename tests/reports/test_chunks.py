"""Chunks: what did not change is not laid out again, and the bytes are the same with and without a store."""

import io
from typing import Any

import pikepdf
import pytest

from recommendations.design import Design
from reports.pdf import chunks
from reports.pdf.chunks import Chunk, NoStore
from reports.render import render_document
from tests.reports.sample import sample_design


class Kept(NoStore):
    """A store that keeps everything and counts what was asked for in vain."""

    def __init__(self) -> None:
        super().__init__()
        self.laid_out = 0

    def get(self, key: str, default: Any = None) -> Any:
        return self.kept.get(key, default)

    def set(self, key: str, value: Any, timeout: int | None = None) -> None:
        self.laid_out += key.startswith("chunk-")
        self.kept[key] = value


@pytest.fixture(scope="module")
def store(design: Design) -> Kept:
    kept = Kept()
    render_document(design, "operations", store=kept)
    return kept


def test_a_store_changes_no_byte(design: Design, store: Kept) -> None:
    before = store.laid_out
    assert render_document(design, "operations", store=store) == render_document(design, "operations")
    assert store.laid_out == before


def test_one_changed_workload_lays_out_its_own_chunk_and_what_prints_the_digest(store: Kept) -> None:
    before = store.laid_out
    changed = sample_design({"patient-portal": "Portal of the patients"})
    data = render_document(changed, "operations", store=store)
    # Cover, runbook and calendar; contents and contacts twice: with page numbers to come, and with them.
    assert store.laid_out - before <= 7
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "Portal of the patients" in str([item.title for item in pdf.open_outline().root[1].children])


def test_another_version_lays_out_the_cover_only(design: Design, store: Kept) -> None:
    before = store.laid_out
    render_document(design, "operations", version=7, store=store)
    assert store.laid_out - before <= 2


def test_a_font_that_is_lost_from_the_store_is_made_anew(design: Design, store: Kept) -> None:
    for key in [key for key in store.kept if key.startswith("font-")]:
        del store.kept[key]
    assert render_document(design, "operations", store=store) == render_document(design, "operations")


def test_links_that_leave_a_chunk_are_marked_and_page_numbers_are_filled_in() -> None:
    chunk = Chunk("x", '<p id="a"><a href="#a">here</a><a class="page-of" href="#b">there</a></p>')
    assert chunk.linked({"a": 3, "b": 12}) == (
        '<p id="a"><a href="#a" data-page="3">here</a><a class="page-of" href="away:b" data-page="12">there</a></p>'
    )
    assert Chunk("x", '<a href="#b">there</a>').linked() == '<a href="away:b">there</a>'


def test_no_mark_of_a_link_and_no_font_twice_is_in_the_file(design: Design) -> None:
    with pikepdf.open(io.BytesIO(render_document(design, "design"))) as pdf:
        links = [annotation for page in pdf.pages for annotation in page.get("/Annots", [])]
        assert not [a for a in links if "/A" in a and str(a.A.get("/URI", "")).startswith(chunks.AWAY)]
        files = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and "/Length1" in o]
        names = {str(o.BaseFont) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Subtype") == "/CIDFontType2"}
        assert len(files) == len(names)
        assert all(int(file.Length1) > 1000 for file in files)


def test_the_parent_tree_leads_back_to_every_page_and_link(design: Design) -> None:
    with pikepdf.open(io.BytesIO(render_document(design, "design"))) as pdf:
        nums = pdf.Root.StructTreeRoot.ParentTree.Nums
        assert [int(nums[index]) for index in range(0, len(nums), 2)] == list(range(len(nums) // 2))
        for page in pdf.pages:
            elements = nums[2 * int(page.StructParents) + 1]
            assert all(element.Pg.objgen == page.objgen for element in elements)
            for annotation in page.get("/Annots", []):
                element = nums[2 * int(annotation.StructParent) + 1]
                assert any(isinstance(kid, pikepdf.Dictionary) and kid.get("/Obj") == annotation for kid in element.K)
        ids = [str(o.ID) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TH" and "/ID" in o]
        assert len(ids) == len(set(ids))
