"""Which vaults backups are written into, and which vault is copied into which: read from the backup plans of a design."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reports.drawings.svg import ACCENT, Sheet, number

Plain = Mapping[str, Any]


def written(document: Plain) -> set[str]:
    """Keys of the vaults that a plan writes into by itself."""
    return {key for rule in _rules(document) for key in _keys(rule.get("TargetBackupVaultName"))}


def copied(document: Plain) -> list[tuple[str, str]]:
    """(vault, vault that its recovery points are copied into), each pair once."""
    pairs = {
        (near, far): None
        for rule in _rules(document)
        for near in _keys(rule.get("TargetBackupVaultName"))
        for copy in rule.get("CopyActions") or ()
        for far in _keys(copy.get("DestinationBackupVaultArn"))
    }
    return list(pairs)


def loop(sheet: Sheet, border: float, y1: float, y2: float, dash: str) -> None:
    """From one item to another below or above it in the same column, out over its right border and back."""
    out = border + 20
    steps = f"M{number(border)} {number(y1)}C{number(out)} {number(y1)} {number(out)} {number(y2)} {number(border + 4)} {number(y2)}"
    sheet.path(steps, stroke=ACCENT, stroke_width=0.9, stroke_dasharray=dash)
    head = f"M{number(border + 5)} {number(y2 - 2.6)}L{number(border)} {number(y2)}L{number(border + 5)} {number(y2 + 2.6)}Z"
    sheet.path(head, stroke=None, fill=ACCENT)


def _rules(document: Plain) -> Iterator[Plain]:
    for resource in document["resources"]:
        if resource["type"] == "AWS::Backup::BackupPlan":
            yield from resource["properties"].get("Rules") or ()


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping) and "$sub" in value:
        yield str(value["$sub"]).removeprefix("${").rpartition(".")[0]
