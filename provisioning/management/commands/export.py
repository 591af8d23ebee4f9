"""`manage.py export`: a design as CloudFormation or Terraform, in a folder. No database, no AWS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts.headless import BadInput, HeadlessCommand, Result, write_bytes
from provisioning.exporters import ExportFile, ExportProblem, cloudformation, terraform
from provisioning.references import ReferenceProblem
from recommendations.design_file import read_design

FORMATS: Mapping[str, Callable[[Mapping[str, Any], str | None], list[ExportFile]]] = {
    "cloudformation": cloudformation.export,
    "terraform": terraform.export,
}
SUFFIXES = (".template.yaml", ".import.json", ".tf.json")


class Command(HeadlessCommand):
    help = "Write a design as infrastructure code, the same settings as apply makes. Files of the same name in the folder are replaced."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("design", metavar="design.json")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--out", metavar="DIR", required=True, help="folder to write into")
        parser.add_argument("--account", metavar="ID", help="put everything into this account; else the accounts of the design")

    def run(self, options: dict[str, Any]) -> Result:
        design = read_design(options["design"])
        try:
            files = FORMATS[options["format"]](design.document, options["account"])
        except ExportProblem as error:
            raise BadInput(f"{options['design']}:1: {line}" for line in error.lines) from error
        except ReferenceProblem as error:
            raise BadInput(f"{options['design']}:1: {error}") from error
        folder = self.folder(options["out"])
        for file in files:
            write_bytes(folder / file.name, file.text.encode())
        names = [file.name for file in files]
        data = {"design": options["design"], "digest": design.digest, "format": options["format"], "out": str(folder), "files": names}
        return Result("\n".join(str(folder / name) for name in names), data, notes=left_over(folder, names))

    def folder(self, path: str) -> Path:
        folder = Path(path)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"--out {path}: {error.strerror or error}") from error
        return folder


def left_over(folder: Path, written: list[str]) -> list[str]:
    """A sentence on files of an earlier export that this one did not write; they are not deleted."""
    old = sorted(path.name for path in folder.iterdir() if path.name.endswith(SUFFIXES) and path.name not in written)
    return [f"Not of this export, and left as they are: {', '.join(old)}"] if old else []
