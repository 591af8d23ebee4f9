"""The language that a document is being written in. Its catalogs are Django's (`reports/locale`); templates read them by themselves.

A text is English as it stands in the code; one that has no translation stays English. Numbers and dates follow the language.
"""

from __future__ import annotations

import datetime
import gettext
import re
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


class Catalog(gettext.GNUTranslations):
    """The texts of a language."""

    _catalog: dict[str, str]

    def knows(self, text: str) -> bool:
        """Whether there is a translation, also where it is the text itself."""
        return text in self._catalog


@cache
def catalog(language: str) -> Catalog:
    """The texts of a language other than English. The compiled file is in the repository."""
    with (CATALOGS / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return Catalog(file)


def translated(text: str) -> bool:
    """Whether the document's language has this text."""
    return language() == DEFAULT or catalog(language()).knows(text)


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
    """A date at the head of a text, as 2027-03-31 or 31 March 2027; a text without one stays as it is."""
    if language() != "de":
        return text
    found = WRITTEN.match(text)
    if found and found[2] in ENGLISH_MONTHS:
        return f"{found[1]}. {MONTHS[ENGLISH_MONTHS.index(found[2])]} {found[3]}{text[found.end() :]}"
    try:
        return day(datetime.date.fromisoformat(text))
    except ValueError:
        return text


def small(text: str) -> str:
    """The text as it stands inside of a sentence: English begins it small, German keeps the capitals of its nouns."""
    return text[:1].lower() + text[1:] if language() == DEFAULT else text


MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember")
ENGLISH_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
WRITTEN = re.compile(r"(\d{1,2}) ([A-Z][a-z]+) (\d{4})\b")
GERMAN = str.maketrans(",.", ".,")
