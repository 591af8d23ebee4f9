"""Compliance packs: data in `packs/`, facts about a design, and which controls the design supports."""

from recommendations.compliance.evaluate import compliance_of
from recommendations.compliance.facts import Seen
from recommendations.compliance.packs_file import PackError, Packs, load_packs, read_pack, read_packs

__all__ = ["PackError", "Packs", "Seen", "compliance_of", "load_packs", "read_pack", "read_packs"]
