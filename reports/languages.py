"""The languages that documents can be written in; the screens stay English."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch"}
DEFAULT = "en"
