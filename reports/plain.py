"""Records that come from beside a design, made fit for print: no sign in them may reorder or hide the text around it.

Answers are checked when they are entered; names of users and organisations, reasons, and what AWS gives back are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment.values import FORBIDDEN


def plain(text: str) -> str:
    """The text with a visible mark for each control or reordering sign."""
    return FORBIDDEN.sub("�", text)


def cleaned(value: Any) -> Any:
    """Plain data with every text in it plain."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {plain(str(name)): cleaned(one) for name, one in value.items()}
    return [cleaned(one) for one in value] if isinstance(value, list | tuple) else value
