"""The published JSON Schema of design.json (2020-12): one file in the docs, which the application serves too."""

from pathlib import Path

DESIGN_SCHEMA = Path(__file__).resolve().parents[1] / "docs" / "schemas" / "design.schema.json"
