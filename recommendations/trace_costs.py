"""The whole bills of one workload, to be traced line by line: of the design, with everything in S3 Standard, and today's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from recommendations.costs import money
from recommendations.design import plain
from recommendations.provenance import Sources
from recommendations.recording import WorkloadRecording
from recommendations.setting_costs import bytes_of, today_of

Plain = Mapping[str, Any]
SHARE = Decimal("0.000001")
LABELS = {"costs": "Costs of the design", "naive": "Costs with everything in S3 Standard", "today": "Today's bill, by size of data"}


@dataclass(frozen=True)
class WholeBill:
    """What is shown of it (`label`, `value`, `because`), its lines as in design.json, and the answers read for it."""

    shown: dict[str, str]
    lines: list[Plain]
    sources: Sources


def whole_bill(which: str, document: Plain, workload: Plain, made: WorkloadRecording) -> WholeBill:
    """`which` is `costs`, `naive` or `today`. The lines add up to the figure of the design, or one of them has no price."""
    if which == "today":
        return today_bill(document, workload)
    recorded = made.bill() if which == "costs" else made.naive()
    lines = workload["costs"] if which == "costs" else recorded.made.document()
    total = workload["monthly_cost"] if which == "costs" else workload["monthly_naive"]
    because = f"The sum of {len(lines)} lines, each a quantity at a price."
    if which == "naive":
        because += " The same data, copies, requests and reads as in the design, kept in S3 Standard all the time."
    value = "not known" if total is None else f"USD {total} a month"
    return WholeBill({"label": LABELS[which], "value": value, "because": because}, plain(lines), recorded.sources)


def today_bill(document: Plain, workload: Plain) -> WholeBill:
    """The workload's part of what the customer pays today: told for the whole, split by size of data."""
    today, whole = document["costs"]["today"], bytes_of(document)
    sources = frozenset({(None, "cur_cost"), *((one["key"], "wl_size") for one in document["workloads"])})
    own = today_of(document, workload, whole)
    if own is None:
        shown = {"label": LABELS["today"], "value": "not known", "because": "What is paid today was not told."}
        return WholeBill(shown, [], sources)
    share, monthly = Decimal(workload["size_bytes"]) / whole, money(own)
    line = {
        "item": "Part of today's bill",
        "quantity": share.quantize(SHARE),
        "unit": "of all bytes",
        "price": today,
        "source": "answer cur_cost",
        "monthly": monthly,
        "setting": "",
    }
    because = f"{workload['size_bytes']:,} of {whole:,} bytes, of a bill of USD {today} a month that was told for the whole."
    return WholeBill({"label": LABELS["today"], "value": f"USD {monthly} a month", "because": because}, plain([line]), sources)
