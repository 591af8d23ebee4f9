"""`manage.py convert design.json --format xlsx --out FILE`: a design in another format, without a database."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.management.base import CommandParser

from accounts.headless import HeadlessCommand, Result, write_bytes
from recommendations.design_file import read_design
from reports.formats import FORMATS


class Command(HeadlessCommand):
    help = "Writes a design.json in another format: a workbook, a Word document, Resilience Hub policies, an OSCAL component definition."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("design", help="design.json, as `manage.py design` writes it")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS), help="which format")
        parser.add_argument("--out", required=True, help="the file to write")

    def run(self, options: dict[str, Any]) -> Result:
        name, path = options["format"], options["out"]
        design = read_design(options["design"])
        data = FORMATS[name].write(design)
        write_bytes(path, data)
        facts = {
            "format": name,
            "out": path,
            "design_digest": design.digest,
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
        }
        return Result(f"{path}: {FORMATS[name].TITLE} of design {design.digest[:12]}, {len(data):,} bytes", facts)
