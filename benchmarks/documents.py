"""The design document of many workloads: ours, plain WeasyPrint of the whole, and Chromium's print-to-pdf of the same HTML, in one run.

`python -m benchmarks.documents [WORKLOADS …]` (default: 100). Each is a process of its own, whose CPU seconds and peak memory are told.
`changed` is our document again after one workload changed, with the chunks of the first one kept. Chromium's CPU is not all of its
processes', so its wall time is what counts; it prints no page numbers in the contents, no attachment and no tags across pages.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CHROMIUM = os.environ.get("CHROMIUM", "chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FOOT = """<style>
.contents a::after {{ content: leader(".") " " target-counter(attr(href), page) }}
.page-of::after {{ visibility: visible; content: target-counter(attr(href), page) }}
@page {{ @bottom-left {{ content: "{mark}" "\\A" "{digest}"; white-space: pre-line }}
  @bottom-right {{ content: "Page " counter(page) " of " counter(pages) }} }}
</style>"""


def prepare() -> None:
    """Django's templates are used, so Django is set up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def design_of(count: int, changed: bool = False) -> Any:
    """A design of `count` workloads; `changed`: one of them has another description."""
    from assessment.engagement import engagement_from_document, engagement_to_document
    from benchmarks.design import engagement_of
    from recommendations.evaluate import evaluate

    document = engagement_to_document(engagement_of("repeated", count))
    if changed:
        document["workloads"][count // 2]["answers"]["wl_purpose"] = {"value": "Something else than before"}
    return evaluate(engagement_from_document(document))


def whole(design: Any) -> tuple[str, dict[str, str]]:
    """The document as one page of HTML, and its drawings."""
    from django.template.loader import render_to_string

    from reports.content import content_of
    from reports.documents import KINDS
    from reports.documents.base import numbered
    from reports.render import chunks_of, mark_of, page_head

    content = content_of(design.document)
    cover = {"title": KINDS["design"].TITLE, "kind": "design", "contents": True, "approval": None, "organisation": "", "version": 1}
    chunks = chunks_of(content, numbered(KINDS["design"].sections(content)), cover, lambda *_: None)
    head = render_to_string("reports/documents/head.html", {"content": content, **cover}) + page_head(content.customer)
    head += '<link rel="stylesheet" href="asset:styles/document.css">'
    head += FOOT.format(mark=mark_of(None, 1, content.rules_version), digest=design.digest)
    body = "".join(chunk.html for chunk in chunks)
    return f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>', content.drawings


def ours(design: Any, store: Any = None) -> bytes:
    from reports.render import render_document

    return render_document(design, "design", version=1, store=store)


def plain(design: Any) -> bytes:
    from weasyprint import HTML, Attachment

    from reports.assets import LockedFetcher

    html, drawings = whole(design)
    source = HTML(string=html, base_url="asset:/", url_fetcher=LockedFetcher(drawings))
    attachment = Attachment(string=design.text().encode(), name="design.json", relationship="Source")
    return bytes(source.write_pdf(pdf_variant="pdf/a-3u", pdf_tags=True, attachments=[attachment]))


def chromium(design: Any) -> tuple[bytes, float]:
    """The bytes and Chromium's wall seconds; its HTML refers to files beside it."""
    html, drawings = whole(design)
    root = Path(__file__).parents[1] / "reports"
    with tempfile.TemporaryDirectory() as folder:
        for name, svg in drawings.items():
            (Path(folder) / f"{name.removeprefix('drawing:')}.svg").write_text(svg, encoding="utf-8")
        sheet = (root / "styles" / "document.css").read_text(encoding="utf-8").replace("asset:fonts/", f"file://{root}/fonts/")
        (Path(folder) / "document.css").write_text(sheet, encoding="utf-8")
        page = html.replace("asset:styles/document.css", "document.css").replace('src="drawing:', 'src="')
        for name in drawings:
            short = name.removeprefix("drawing:")
            page = page.replace(f'src="{short}"', f'src="{short}.svg"')
        (Path(folder) / "page.html").write_text(page, encoding="utf-8")
        start = time.perf_counter()
        out = Path(folder) / "out.pdf"
        command = [
            CHROMIUM,
            *FLAGS,
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
            f"--print-to-pdf={out}",
            f"file://{folder}/page.html",
        ]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own arguments
        return out.read_bytes(), time.perf_counter() - start


def measure(what: str, count: int) -> dict[str, Any]:
    """Runs one of the four in this process; what is not the document's making is not counted."""
    import io

    import pikepdf

    prepare()
    design = design_of(count)
    store = None
    if what == "changed":
        from tests.reports.test_chunks import Kept

        store = Kept()
        ours(design, store)
        design = design_of(count, changed=True)
    cpu, start = time.process_time(), time.perf_counter()
    if what == "chromium":
        data, wall = chromium(design)
    else:
        data = plain(design) if what == "plain" else ours(design, store)
        wall = time.perf_counter() - start
    cpu = time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return {"what": what, "cpu": cpu, "wall": wall, "mib": memory, "pages": len(pdf.pages), "kib": len(data) / 1024}


def report(count: int, names: list[str]) -> None:
    found = {}
    for name in names:
        command = [sys.executable, "-m", "benchmarks.documents", "--one", name, str(count)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own arguments
        row = found[name] = json.loads(done.stdout)
        print(
            f"{count:>5} workloads  {name:<9} {row['pages']:>5} pages  CPU {row['cpu']:7.1f} s  wall {row['wall']:7.1f} s  "
            f"{row['cpu'] / row['pages'] * 1000:6.0f} ms a page  peak {row['mib']:6.0f} MiB  {row['kib']:8.0f} KiB",
            flush=True,
        )
    if {"ours", "plain"} <= set(found):
        print(f"      ours / plain WeasyPrint, CPU: {found['ours']['cpu'] / found['plain']['cpu']:.2f}")
    if {"changed", "chromium"} <= set(found):
        print(f"      one workload changed / Chromium, wall: {found['changed']['wall'] / found['chromium']['wall']:.2f}")


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
        return
    for count in [int(one) for one in sys.argv[1:]] or [100]:
        report(count, ["ours", "plain", "changed", "chromium"])


if __name__ == "__main__":
    main()
