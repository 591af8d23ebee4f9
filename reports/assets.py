"""The only things that a document may load: the project's own style sheets and fonts, and the drawings made for it."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

ROOT = Path(__file__).resolve().parent
FOLDERS = {"styles": ".css", "fonts": ".ttf"}
mimetypes.add_type("font/ttf", ".ttf")


class LockedFetcher(URLFetcher):
    """Serves `asset:FOLDER/FILE` and `drawing:NAME`; anything else ends the rendering: it can only be a fault or an attack."""

    def __init__(self, drawings: Mapping[str, str | bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.drawings = drawings
        # WeasyPrint swallows every error inside of a drawing; whoever renders looks here afterwards.
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url in self.drawings:
            found = self.drawings[url]
            if isinstance(found, bytes):
                return URLFetcherResponse(url, found, {"Content-Type": "image/png"})
            return URLFetcherResponse(url, found.encode(), {"Content-Type": "image/svg+xml"})
        path = asset_path(url)
        if path is None:
            self.refused.append(f"A document may not load {url[:100]!r}.")
            raise FatalURLFetchingError(self.refused[-1])
        return URLFetcherResponse(
            url, path.read_bytes(), {"Content-Type": mimetypes.guess_type(path.name)[0] or "application/octet-stream"}
        )


def asset_path(url: str) -> Path | None:
    """The file of `asset:styles/x.css` or `asset:fonts/x.ttf`; None for every other URL."""
    scheme, _, rest = url.partition(":")
    folder, _, name = rest.partition("/")
    if scheme != "asset" or folder not in FOLDERS or not name.endswith(FOLDERS[folder]) or "/" in name or "\\" in name:
        return None
    path = ROOT / folder / name
    return path if path.is_file() else None
