"""Demands that cannot all be met, each with the options that settle it. Their texts stand in `conflicts.yaml`."""

from recommendations.conflicts.search import conflicts_of
from recommendations.conflicts.texts import Conflict, load_texts

__all__ = ["Conflict", "conflicts_of", "load_texts"]
