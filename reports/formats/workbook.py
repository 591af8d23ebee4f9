"""A design as an XLSX workbook: what a consultant's spreadsheet would hold, with its sums as formulas that can be followed.

Text of people is always written as text: a name that begins with `=` is no formula. No date of today stands in the file.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from recommendations.design import Design
from recommendations.setting_costs import costs_by_workload, design_labels, months_by_setting
from reports import display

TITLE = "Workbook"
TEXT = "Costs line by line with live sums, months, settings, recovery, findings and resources, for Excel or LibreOffice."
SUFFIX = ".xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Plain = Mapping[str, Any]
CELL_LIMIT = 32_767  # characters that a cell takes (Excel specifications and limits)
NARROW, MIDDLE, WIDE = 14, 28, 70
MADE = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
LINE, MOST_LINES = 15, 27  # points; a row takes 409 at most
ROUNDED = "#,##0.00"


def write(design: Design) -> bytes:
    """The workbook's bytes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    document = design.document
    book.set_properties(
        {"title": document["summary"]["headline"], "subject": f"Design {design.digest}", "company": "Stowplan", "created": MADE}
    )
    sheets = Sheets(book)
    rows = cost_rows(document)
    summary = book.add_worksheet("Summary")
    last = sheets.costs(rows)
    summary_sheet(sheets, summary, document, last)
    settings_sheet(sheets, document, last)
    months_sheet(sheets, document)
    workloads_sheet(sheets, document)
    for title, heads, widths, lines in tables(document):
        sheets.table(title, heads, widths, lines)
    book.close()
    return target.getvalue()


class Sheets:
    """Writes tables into a workbook, all in one look: frozen head, filter, wrapped text."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bg_color": "#1F3A4D", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.money = book.add_format({"num_format": ROUNDED, "valign": "top"})
        self.number = book.add_format({"num_format": "#,##0.########", "valign": "top"})
        self.total = book.add_format({"bold": True, "num_format": ROUNDED, "top": 1})

    def table(self, title: str, heads: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Any]]) -> tuple[Any, int]:
        """A sheet with a head and rows; gives the sheet and the number of its last row, counted from 0."""
        sheet = self.book.add_worksheet(title)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, self.head)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                self.cell(sheet, last, column, value)
            sheet.set_row(last, LINE * lines_of(row, widths))
        sheet.autofilter(0, 0, last, len(heads) - 1)
        return sheet, last

    def cell(self, sheet: Any, row: int, column: int, value: Any, form: Any = None) -> None:
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            sheet.write_number(row, column, value, form or self.number)
        elif value is not None:
            sheet.write_string(row, column, str(value)[:CELL_LIMIT], form or self.text)

    def costs(self, rows: Sequence[Sequence[Any]]) -> int:
        """The sheet of cost lines: the product of quantity and price stands beside the design's own figure, and the sum below."""
        heads = ("Workload", "Item", "Quantity", "Unit", "Price, USD", "USD a month", "Quantity × price", "Source of the price", "Setting")
        sheet, last = self.table("Costs", heads, (MIDDLE, WIDE, NARROW, NARROW, NARROW, NARROW, NARROW, MIDDLE, MIDDLE), rows)
        for row in range(1, last + 1):
            if rows[row - 1][4] is not None:
                sheet.write_formula(row, 6, f"=C{row + 1}*E{row + 1}", self.money, float(rows[row - 1][2] * rows[row - 1][4]))
        known = sum((row[5] for row in rows if row[5] is not None), Decimal(0))
        sheet.write_string(last + 1, 0, "All lines whose price is known", self.bold)
        if last:
            sheet.write_formula(last + 1, 5, f"=SUM(F2:F{last + 1})", self.total, float(known))
        return last


def lines_of(row: Sequence[Any], widths: Sequence[int]) -> int:
    """How many lines the tallest cell of a row takes; not every program measures wrapped rows when it opens a file."""
    return min(MOST_LINES, max([1, *(-(-len(value) // width) for value, width in zip(row, widths, strict=True) if isinstance(value, str))]))


def summary_sheet(sheets: Sheets, sheet: Any, document: Plain, last: int) -> None:
    """What the design says of itself; the total of the month is the sum of the sheet Costs."""
    costs, money = document["costs"], display.decimal_of
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, WIDE)
    sheet.fit_to_pages(1, 1)
    lines: list[tuple[str, Any]] = [
        ("Customer", document["engagement"]["customer"]),
        ("In one sentence", document["summary"]["headline"]),
        ("Primary Region", document["regions"]["primary"]),
        ("Recovery Region", document["regions"]["dr"] or display.NOTHING),
        ("Digest of the design", document["digest"]),
        ("Questionnaire", document["questionnaire"]["version"]),
        ("Rule pack", document["rule_pack"]["version"]),
        ("Price book", document["price_book"]["version"]),
        ("Currency", costs["currency"]),
        ("Today, a month", money(costs["today"])),
        ("Everything in S3 Standard, a month", money(costs["monthly_naive"])),
        ("This design, a month", money(costs["monthly_design"])),
        ("Unknown prices", ", ".join(costs["unknown"]) or "none"),
    ]
    for row, (label, value) in enumerate(lines):
        sheets.cell(sheet, row, 0, label, sheets.bold)
        sheets.cell(sheet, row, 1, value, sheets.money if isinstance(value, Decimal) else None)
    if last:
        sheets.cell(sheet, len(lines), 0, "Sum of the sheet Costs", sheets.bold)
        total = sum((money(one["monthly"]) or Decimal(0) for one in all_costs(document)), Decimal(0))
        sheet.write_formula(len(lines), 1, f"=Costs!F{last + 2}", sheets.money, float(total))
    for row, point in enumerate(document["summary"]["points"], len(lines) + 2):
        sheets.cell(sheet, row, 1, point)
        sheet.set_row(row, LINE * lines_of((point,), (WIDE,)))


def settings_sheet(sheets: Sheets, document: Plain, last: int) -> None:
    """Costs by the setting that causes them: the design's figure, the same as a sum over the sheet Costs, and each month of the horizon."""
    rows, by_month = document["costs"].get("by_setting") or (), months_by_setting(document)
    count = len(document["costs"]["months"]) if by_month else 0
    heads = ("Setting", "USD a month", "Sum of the lines", "Share, %", *(f"Month {month}" for month in range(1, count + 1)))
    widths = (MIDDLE, NARROW, NARROW, *([NARROW] * (count + 1)))
    money = display.decimal_of
    lines = [(row["label"], money(row["monthly"]), None, money(row["share"]), *by_month.get(row["setting"], ())) for row in rows]
    sheet, _ = sheets.table("By setting", heads, widths, lines)
    for place, row in enumerate(rows, 2):
        if row["monthly"] is not None:
            formula = f"=SUMIF(Costs!$I$2:$I${last + 1},A{place},Costs!$F$2:$F${last + 1})"
            sheet.write_formula(place - 1, 2, formula, sheets.money, float(row["monthly"]))


def months_sheet(sheets: Sheets, document: Plain) -> None:
    """Month by month, with a chart of the curves; today's bill grown with the data, where it was told."""
    months = document["costs"]["months"]
    money = display.decimal_of
    rows = [(one["month"], money(one["design"]), money(one["naive"]), money(one.get("today"))) for one in months]
    heads = ("Month", "Design, USD", "All in S3 Standard, USD", "Today, USD")
    sheet, last = sheets.table("Months", heads, (NARROW, NARROW, MIDDLE, NARROW), rows)
    if not last:
        return
    chart = sheets.book.add_chart({"type": "line"})
    told = any(row[3] is not None for row in rows)
    for column, dash in ((1, "solid"), (2, "dash"), *(((3, "round_dot"),) if told else ())):
        chart.add_series(
            {
                "name": ["Months", 0, column],
                "categories": ["Months", 1, 0, last, 0],
                "values": ["Months", 1, column, last, column],
                "line": {"color": "#1F3A4D", "dash_type": dash},
            }
        )
    chart.set_title({"name": "Cost over time"})
    chart.set_x_axis({"name": "Month"})
    chart.set_y_axis({"name": "USD a month", "num_format": "#,##0", "min": 0})
    sheet.insert_chart(
        1, 5, chart, {"x_scale": 1.6, "y_scale": 1.4, "description": "Cost a month of the design, of all data in S3 Standard, and today"}
    )


def workloads_sheet(sheets: Sheets, document: Plain) -> None:
    """Each workload month by month: three rows, of which today's is the customer's bill split by size of data."""
    kinds = (("design", "Design"), ("naive", "All in S3 Standard"), ("today", "Today, by size of data"))
    rows = [
        (workload["name"], label, *(display.decimal_of(row[kind]) for row in months))
        for workload, months in costs_by_workload(document)
        for kind, label in kinds
        if months and months[0][kind] is not None
    ]
    count = document["costs"]["horizon_months"] if rows else 0
    heads = ("Workload", "USD a month", *(f"Month {month}" for month in range(1, count + 1)))
    sheets.table("By workload", heads, (MIDDLE, MIDDLE, *([NARROW] * count)), rows)


def all_costs(document: Plain) -> list[Plain]:
    """Every cost line, the shared ones first."""
    return [*document["costs"]["shared"], *(line for workload in document["workloads"] for line in workload["costs"])]


def cost_rows(document: Plain) -> list[tuple[Any, ...]]:
    """Cost lines as rows: workload, item, quantity, unit, price, monthly, (product), source, label of the setting."""
    labels = design_labels(document["settings"], document["workloads"])
    places = [("All workloads", document["costs"]["shared"]), *((w["name"], w["costs"]) for w in document["workloads"])]
    money = display.decimal_of
    return [
        (
            name,
            one["item"],
            money(one["quantity"]),
            one["unit"],
            money(one["price"]),
            money(one["monthly"]),
            None,
            one["source"],
            labels.get(one.get("setting") or "", ""),
        )
        for name, lines in places
        for one in lines
    ]


def tables(document: Plain) -> Iterable[tuple[str, Sequence[str], Sequence[int], Sequence[Sequence[Any]]]]:
    """The plain sheets: title, heads, widths and rows."""
    names = {w["key"]: w["name"] for w in document["workloads"]}

    def name(key: str | None) -> str:
        return str(names.get(key or "", "Whole engagement"))

    places = [("Whole engagement", document), *((w["name"], w) for w in document["workloads"])]
    settings = [
        (place, one["label"], one["display"], one["because"], one["table"], one["rule"], ", ".join(one["answers"]))
        for place, part in places
        for one in part["settings"]
    ]
    yield (
        "Settings",
        ("Workload", "Setting", "Value", "Because", "Table", "Rule", "Answers"),
        (MIDDLE, MIDDLE, WIDE, WIDE, 18, 24, MIDDLE),
        settings,
    )
    yield (
        "Recovery",
        RECOVERY,
        (MIDDLE, MIDDLE, WIDE, 12, 12, 8, 12, 12, 8, WIDE),
        [
            (w["name"], display.disruption_text(one["disruption"]), one["mechanism"], *figures(one), one["note"])
            for w in document["workloads"]
            for one in w["recovery"]
        ],
    )
    yield (
        "Findings",
        ("Severity", "Pillar", "Workload", "Finding", "What closes it", "Check"),
        (12, MIDDLE, MIDDLE, WIDE, WIDE, MIDDLE),
        [
            (one["severity"], one["pillar"], name(one["workload"]), one["sentence"], one["fix"], one["check"])
            for one in document["findings"]
        ],
    )
    yield (
        "Resources",
        ("Key", "Type", "Account", "Region", "Adopts", "Workloads"),
        (MIDDLE, MIDDLE, MIDDLE, 18, MIDDLE, WIDE),
        [
            (
                one["key"],
                one["type"],
                one["account_alias"] or one["account_role"],
                one["region"],
                one["adopt"],
                ", ".join(map(name, one["workloads"])),
            )
            for one in document["resources"]
        ],
    )
    yield (
        "By hand",
        ("Workload", "What", "Why"),
        (MIDDLE, WIDE, WIDE),
        [(name(one["workload"]), one["what"], one["why"]) for one in document["handover"]],
    )
    yield (
        "Open points",
        ("Workload", "Question", "Used until answered", "Note", "Ask"),
        (MIDDLE, WIDE, MIDDLE, WIDE, MIDDLE),
        [
            *((name(one["workload"]), one["text"], one["value"], one["note"], one["ask"]) for one in document["assumptions"]),
            *((name(one["workload"]), one["text"], one["default"], one["note"], one["ask"]) for one in document["open_points"]),
        ],
    )


RECOVERY = ("Workload", "Event", "Mechanism", "RPO", "RPO target", "Met", "RTO", "RTO target", "Met", "Note")


def figures(one: Plain) -> tuple[str, ...]:
    """RPO and RTO beside their targets, in words."""
    found = []
    for kind in ("rpo", "rto"):
        found += [display.duration_text(one[kind]), display.duration_text(one[f"{kind}_target"]), "yes" if one[f"{kind}_met"] else "no"]
    return tuple(found)
