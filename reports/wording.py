"""The language that a document is being written in. Its catalogs are Django's (`reports/locale`); templates read them by themselves.

A text is English as it stands in the code; one that has no translation stays English. Numbers and dates follow the language.
"""

from __future__ import annotations

import datetime
import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from reports.languages import DEFAULT

CATALOGS = Path(__file__).resolve().parent / "locale"
_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Texts are in this language inside of the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def language() -> str:
    return _language.get()


@cache
def catalog(language: str) -> gettext.NullTranslations:
    """The texts of a language; none for English."""
    return gettext.translation("django", CATALOGS, [language], fallback=language == DEFAULT)


def tr(text: str) -> str:
    """The text in the document's language."""
    return catalog(language()).gettext(text) if text and language() != DEFAULT else text


def number(text: str) -> str:
    """Digits written the English way, `1,234.5`, as the language writes them."""
    return text.translate(GERMAN) if language() == "de" else text


def day(date: datetime.date) -> str:
    """`2027-03-31`, in German `31. März 2027`."""
    return f"{date.day}. {MONTHS[date.month - 1]} {date.year}" if language() == "de" else date.isoformat()


def day_text(text: str) -> str:
    """A date in a design's text; what is none stays as it is."""
    try:
        return day(datetime.date.fromisoformat(text))
    except ValueError:
        return text


MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember")
GERMAN = str.maketrans(",.", ".,")
