"""`manage.py trace`: from a setting or figure of a design back to answers, rules, limits of AWS and prices. No database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import CommandParser

from accounts.headless import BadInput, HeadlessCommand, Result
from recommendations.design_file import read_design
from recommendations.trace import TraceError, Tracer


class Command(HeadlessCommand):
    help = (
        "Print what a setting or figure of a design was made from: answers, rows of tables that fired and that did not, limits of AWS, "
        "prices, and the nearest change of each answer that would flip it. With --json as one object (stowplan/trace/1)."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("design", metavar="DESIGN.json", help="a design, stowplan/design/1")
        parser.add_argument("--of", required=True, metavar="POINTER", help="such as workloads/KEY/settings/NAME; see the user guide")
        parser.add_argument("--no-flips", action="store_true", help="leave out the changes that would flip it, which take a few seconds")

    def run(self, options: dict[str, Any]) -> Result:
        design = read_design(options["design"])
        try:
            tracer = Tracer(design.document)
            found = tracer.trace(options["of"])
            if not options["no_flips"]:
                found["flips"] = tracer.flips(options["of"])
        except TraceError as error:
            raise BadInput(f"{options['design']}:1: {options['of']}: {error}") from error
        return Result("\n".join(lines(found)), found)


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """A trace as text."""
    yield f"{found['label']}: {found['value']}"
    yield found["because"]
    for table in found["tables"]:
        yield ""
        yield f"Table {table['table']}{', ' + table['case'] if table['case'] else ''}"
        yield from (f"  {one['input']} = {one['value']}" for one in table["inputs"])
        yield from (f"  fired    {one['rule']}: {one['because']}" for one in table["fired"])
        yield from (f"  rejected {one['rule']}: {rejection(one)}" for one in table["rejected"])
    for title, rows in (
        ("Answers", [f"{answer_place(one)}: {one['value'] or 'nothing'} ({one['state']})" for one in found["answers"]]),
        ("AWS", [f"{one['limit']} {one['page']}" for one in found["limits"]]),
        ("Prices", [f"{one['item']}: {one['quantity']} {one['unit']} x {one['price']} = {one['monthly']}" for one in found["prices"]]),
        ("Would change if", [flip_words(one) for one in found.get("flips", ()) if one["flip"]]),
        ("No other value tried changes it", [f"{answer_place(one)} ({one['tried']})" for one in found.get("flips", ()) if not one["flip"]]),
    ):
        if rows:
            yield from ("", title, *(f"  {row}" for row in rows))


def rejection(row: Mapping[str, Any]) -> str:
    """Why a row did not fire."""
    return f"{row['input']} is {row['value']}, it needs {row['needs']}" if row["input"] else f"{row['after']} stands above it and fired"


def answer_place(one: Mapping[str, Any]) -> str:
    return f"{one['workload']}, {one['question']}" if one["workload"] else str(one["question"])


def flip_words(one: Mapping[str, Any]) -> str:
    return f"{answer_place(one)}: {one['flip']['value']} instead of {one['value'] or 'nothing'} -> {one['flip']['becomes']}"
