"""The exports of a design as files inside its document."""

from __future__ import annotations

from collections.abc import Iterator

from provisioning.exporters import ExportProblem
from provisioning.references import ReferenceProblem
from recommendations.design import Design
from reports.attachments import Attached

MEDIA_TYPES = {".yaml": "application/yaml", ".json": "application/json", ".md": "text/markdown"}


def exports_of(design: Design) -> Iterator[Attached]:
    """CloudFormation and Terraform, each name beginning with the format; where there is no export, a text that says why."""
    # Loaded when a document is made, not when the application starts.
    from provisioning.exporters import cloudformation, terraform

    for kind, export in (("cloudformation", cloudformation.export), ("terraform", terraform.export)):
        try:
            files = export(design.document)
        except (ExportProblem, ReferenceProblem) as problem:
            yield Attached(f"{kind}-none.txt", "text/plain", f"Why there is no {kind} export", f"{problem}\n".encode())
            continue
        for file in files:
            suffix = file.name[file.name.rindex(".") :]
            yield Attached(
                f"{kind}-{file.name}", MEDIA_TYPES.get(suffix, "text/plain"), f"Export of the design: {kind}", file.text.encode()
            )
