"""`manage.py render design.json --document design --out FILE.pdf`: a document of a design, without a database."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from django.core.management.base import CommandParser

from accounts.headless import Failed, HeadlessCommand, Result, write_bytes
from recommendations.design_file import read_design
from reports.documents import TITLES
from reports.languages import LANGUAGES
from reports.pdf.signing import SealError, signed, signer_of
from reports.render import RenderError, render_document


class Command(HeadlessCommand):
    help = "Renders a document of a design.json as PDF."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("design", help="design.json, as `manage.py design` writes it")
        parser.add_argument("--document", default="design", choices=sorted(TITLES), help="which document (default: design)")
        parser.add_argument("--out", required=True, help="the PDF to write")
        parser.add_argument("--language", default="en", choices=sorted(LANGUAGES), help="language of the document (default: en)")
        parser.add_argument("--older", default="", metavar="FILE", help="the older design.json that a redline compares with")
        parser.add_argument("--organisation", default="", help="who made the design; stands on the cover")

    def run(self, options: dict[str, Any]) -> Result:
        kind, path = options["document"], options["out"]
        design = read_design(options["design"])
        older = read_design(options["older"]) if options["older"] else None
        try:
            data = render_document(design, kind, organisation=options["organisation"], language=options["language"], older=older)
            signer = signer_of(os.environ)
            if signer:
                data = signed(data, signer, f"{TITLES[kind]} {design.digest}")
        except (RenderError, SealError) as error:
            raise Failed(f"{options['design']}: not rendered: {error}") from error
        write_bytes(path, data)
        facts = {
            "document": kind,
            "out": path,
            "design_digest": design.digest,
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
        }
        return Result(f"{path}: {TITLES[kind]} of design {design.digest[:12]}, {len(data):,} bytes", facts)
