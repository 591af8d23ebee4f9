"""The kinds of document: one module and one template folder each, on the common base."""

from collections.abc import Callable, Mapping

from reports.content import Content
from reports.documents import design
from reports.documents.base import Section

TITLES: Mapping[str, str] = {
    "design": "Storage, backup and recovery design",
    "summary": "Executive summary",
    "operations": "Operations guide",
}
BUILDERS: Mapping[str, Callable[[Content], list[Section]]] = {"design": design.sections}


def built(kind: str) -> bool:
    """Whether this kind of document can be made."""
    return kind in BUILDERS
