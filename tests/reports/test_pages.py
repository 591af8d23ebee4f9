"""How pages look, against stored pictures; and of every document: links, reading order, headings that do not end a page."""

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops

from reports.documents import KINDS
from reports.pdf.signing import CERTIFICATE, PASSPHRASE, is_whole, signed, signer_of
from reports.reopen import design_in
from tests.reports.certificates import PASSPHRASE as WORD
from tests.reports.certificates import write_certificate
from tests.reports.documents import document
from tests.reports.page_images import PAGES, difference, pictures, reference, same
from tests.reports.sample import drilled_design

HEADING = 13.5  # points: words of body text are lower, those of headings higher
FOOT = 780.0


@pytest.mark.parametrize("kind", list(PAGES))
def test_pages_look_as_they_did(kind: str, tmp_path: Path) -> None:
    wrong = []
    for number, image in pictures(document(kind), PAGES[kind]).items():
        with Image.open(reference(kind, number)) as stored:
            if not same(image, stored.convert("L")):
                image.save(tmp_path / f"{kind}-{number}.png")
                wrong.append(f"page {number}: {difference(image, stored.convert('L'))}, see {tmp_path / f'{kind}-{number}.png'}")
    assert not wrong, "; ".join(wrong)


def test_a_moved_page_and_a_lost_drawing_are_seen() -> None:
    with Image.open(reference("design", 4)) as stored:
        page = stored.convert("L")
    lost = page.copy()
    lost.paste(255, (40, 100, 290, 260))
    assert not same(page, ImageChops.offset(page, 0, 6))
    assert not same(page, lost)


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_internal_link_resolves(kind: str) -> None:
    with pikepdf.open(io.BytesIO(document(kind))) as pdf:
        names = pdf.Root.Names.Dests.Names if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names else []
        there = {str(names[index]): names[index + 1] for index in range(0, len(names), 2)}
        pages = {page.obj.objgen for page in pdf.pages}
        links = [one for page in pdf.pages for one in page.get("/Annots", pikepdf.Array()) if one.Subtype == "/Link"]
        for link in links:
            target = link.Dest if "/Dest" in link else link.A.D
            place = there[str(target)] if isinstance(target, pikepdf.String) else target
            assert place[0].objgen in pages
        assert links or not KINDS[kind].CONTENTS
        with pdf.open_outline() as outline:
            assert all(item.destination[0].objgen in pages for item in outline.root)


def test_every_kind_takes_a_seal_and_opens_again(tmp_path: Path) -> None:
    signer = signer_of({CERTIFICATE: str(write_certificate(tmp_path)[0]), PASSPHRASE: WORD})
    assert signer is not None
    for kind in KINDS:
        sealed = signed(document(kind), signer, kind)
        assert is_whole(sealed), kind
        assert design_in(sealed).digest == drilled_design().digest, kind


@pytest.mark.parametrize("kind", list(KINDS))
def test_text_comes_out_in_reading_order(kind: str) -> None:
    """Every bookmark's heading follows the one before it in the text as it comes out of the file."""
    data = document(kind)
    first = ["-f", "3"] if KINDS[kind].CONTENTS else []
    made = subprocess.run(["pdftotext", "-raw", *first, "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    text = re.sub(r"\s+", " ", made)
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        titles = [title for item in outline.root for title in (item.title, *(child.title for child in item.children))]
    place = -1
    for title in titles:
        place = text.find(title, place + 1)
        assert place >= 0, title


def words(data: bytes) -> list[list[tuple[float, float]]]:
    """(top, bottom) of each word of each page, in points from the top."""
    made = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    pages: list[Any] = made.split("<page ")[1:]
    return [[(float(a), float(b)) for a, b in re.findall(r'yMin="([\d.]+)".*?yMax="([\d.]+)"', page)] for page in pages]


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_heading_ends_a_page(kind: str) -> None:
    for number, page in enumerate(words(document(kind)), 1):
        body = [(top, bottom) for top, bottom in page if bottom < FOOT]
        lowest = max(bottom for _, bottom in body)
        last = [bottom - top for top, bottom in body if lowest - bottom < 2]
        assert max(last) < HEADING, f"page {number} of {kind}"
