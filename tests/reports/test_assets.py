"""A document loads its own fonts, styles and drawings, and nothing else from anywhere."""

import contextlib

import pytest
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from reports.assets import LockedFetcher

FETCHER = LockedFetcher({"drawing:costs": "<svg/>"})
REFUSED = [
    "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    "https://example.com/x.css",
    "ftp://example.com/x",
    "data:text/plain;base64," + "QUJD" * 10,
    "data:image/png;base64," + "A" * 10_000_000,
    "asset:fonts/../render.py",
    "asset:fonts/../../config/settings.py",
    "asset:styles/..\\render.css",
    "asset:templates/reports/list.html",
    "asset:fonts/nothing.ttf",
    "asset:fonts/LICENSE.txt",
    "drawing:other",
    "",
]


@pytest.mark.parametrize("url", REFUSED, ids=lambda url: url[:40])
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(FatalURLFetchingError, match="may not load"):
        FETCHER.fetch(url)


def test_own_assets_are_served() -> None:
    assert FETCHER.fetch("asset:styles/document.css").read().startswith(b"/*")
    assert FETCHER.fetch("asset:fonts/IBMPlexSans-Regular.ttf").content_type == "font/ttf"
    assert FETCHER.fetch("drawing:costs").content_type == "image/svg+xml"


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="file:///etc/passwd" alt="x">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<p style="background: url(file:///etc/passwd)">x</p>',
        '<object data="file:///etc/passwd"></object>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
    ],
)
def test_markup_that_loads_something_is_refused_and_noticed(markup: str) -> None:
    fetcher = LockedFetcher({})
    # Inside of a drawing WeasyPrint swallows the error; it still stands in `refused`, where the renderer looks.
    with contextlib.suppress(FatalURLFetchingError):
        HTML(string=markup, base_url="asset:/", url_fetcher=fetcher).write_pdf()
    assert len(fetcher.refused) == 1
    assert "may not load" in fetcher.refused[0]
