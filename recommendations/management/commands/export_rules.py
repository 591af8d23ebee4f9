"""`manage.py export_rules`: the decision tables as DMN 1.3 files for editors and engines of others. No database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts.headless import BadInput, HeadlessCommand, Result, write_bytes
from recommendations.dmn_export import dmn_files
from recommendations.tables import load_rule_pack


class Command(HeadlessCommand):
    help = "Write each decision table as a DMN 1.3 file, and all of them with their requirements diagram as rule-pack.dmn."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, metavar="FOLDER", help="where the files go; made where it is missing")

    def run(self, options: dict[str, Any]) -> Result:
        folder = Path(options["out"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"{folder}: {error.strerror}") from error
        pack = load_rule_pack()
        files = dmn_files(pack)
        for name, data in files.items():
            write_bytes(folder / name, data)
        return Result(f"{len(files)} DMN files of rule pack {pack.version} are in {folder}.", {"hash": pack.digest, "files": sorted(files)})
