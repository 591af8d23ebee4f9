"""The three example engagements, stored as assessments; and a form as a browser would post it."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from assessment.engagement import Engagement, read_engagement
from assessment.models import Assessment
from assessment.services import store_engagement

FOLDER = Path(__file__).parent.parent.parent / "examples"
NAMES = ("northwind-clinics", "lumen-media", "baltic-bank")


def example(name: str) -> Engagement:
    return read_engagement((FOLDER / f"{name}.yaml").read_bytes())


def stored(organisation: Any, name: str = "northwind-clinics") -> Assessment:
    """An example as an assessment of the organisation; a scope must be open."""
    return store_engagement(organisation, example(name), None)


class Controls(HTMLParser):
    """The name and value pairs that a browser would post of all form controls in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self.name = ""
        self.text: list[str] | None = None
        self.options: list[tuple[str, bool]] = []
        self.within_template = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.within_template += tag == "template"
        if self.within_template:
            return
        if tag == "input" and "name" in given:
            box = given.get("type") in ("checkbox", "radio")
            if not box or "checked" in given:
                self.pairs.append((given["name"], given.get("value", "on" if box else "")))
        elif tag == "select" and "name" in given:
            self.name, self.options = given["name"], []
        elif tag == "textarea" and "name" in given:
            self.name, self.text = given["name"], []
        elif tag == "option":
            self.options.append((given.get("value", "\0"), "selected" in given))

    def handle_endtag(self, tag: str) -> None:
        self.within_template -= tag == "template"
        if self.within_template:
            return
        if tag == "select" and self.name:
            chosen = [value for value, selected in self.options if selected] or [value for value, _ in self.options[:1]]
            self.pairs += [(self.name, value) for value in chosen]
            self.name = ""
        elif tag == "textarea" and self.text is not None:
            # A browser drops the first line feed of a text area and sends line ends as CR LF.
            text = "".join(self.text).removeprefix("\n").replace("\n", "\r\n")
            self.pairs.append((self.name, text))
            self.name, self.text = "", None

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)
        elif self.options and self.options[-1][0] == "\0" and data.strip():
            self.options[-1] = (data.strip(), self.options[-1][1])

    def data(self) -> dict[str, list[str]]:
        """As the test client takes it."""
        found: dict[str, list[str]] = {}
        for name, value in self.pairs:
            if name != "csrfmiddlewaretoken":
                found.setdefault(name, []).append(value)
        return found
