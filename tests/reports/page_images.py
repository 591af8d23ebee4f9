"""Pictures of chosen pages at low resolution, and how far two of them differ.

    python -m tests.reports.page_images

writes the references in `tests/reports/pages/` anew; look at every one of them before it is committed.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

FOLDER = Path(__file__).parent / "pages"
DPI = 40
# Pages of the sample's documents, by number: covers, contents, every kind of table, drawing and form.
PAGES = {
    "design": (1, 2, 3, 4, 5, 6),
    "summary": (1, 2),
    "operations": (3, 4),
    "drills": (3, 4),
    "certificate": (1,),
    "as-built": (3, 4),
    "redline": (1,),
}
# Letters are drawn a little differently from one machine to the next; a moved line or a lost drawing differs by far more.
MOST_DIFFERENCE = 1.6
MOST_CHANGED = 0.012


def pictures(data: bytes, numbers: tuple[int, ...]) -> dict[int, Image.Image]:
    """Those pages in grey."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            target = Path(folder) / f"page-{number}"
            page = ["-f", str(number), "-l", str(number), "-singlefile"]
            subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", "-png", *page, "-", str(target)], input=data, check=True)
            with Image.open(target.with_suffix(".png")) as image:
                found[number] = image.convert("L")
    return found


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Mean difference of two pages in steps of grey (0 to 255), and the share of spots that differ plainly, after a slight blur."""
    if one.size != other.size:
        return 255.0, 1.0
    blurred = [image.filter(ImageFilter.GaussianBlur(1.2)) for image in (one, other)]
    counts = ImageChops.difference(*blurred).histogram()
    total = one.width * one.height
    return sum(step * count for step, count in enumerate(counts)) / total, sum(counts[32:]) / total


def same(one: Image.Image, other: Image.Image) -> bool:
    mean, changed = difference(one, other)
    return mean <= MOST_DIFFERENCE and changed <= MOST_CHANGED


def reference(kind: str, number: int) -> Path:
    return FOLDER / f"{kind}-{number}.png"


def write_references() -> None:
    """All references anew."""
    from tests.reports.documents import document

    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for kind, numbers in PAGES.items():
        for number, image in pictures(document(kind), numbers).items():
            image.quantize(16).save(reference(kind, number), optimize=True)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    write_references()
