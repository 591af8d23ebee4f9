"""The as-built report: each designed value beside the value read back from AWS, with when it was read and by which request.

It prints a plain record, `built`, that whoever applied the design keeps:

    {"run": "Run 12 of plan 7", "by": name, "at": text, "target": text,
     "accepted": [{"sentence", "name", "at"}],                           # hazards, and who accepted each
     "rows": [{"resource", "type", "account", "region", "setting", "designed", "read_back", "equal", "read_at", "request_id"}],
     "receipts": [{"at", "resource", "operation", "request_id"}],        # calls that changed something
     "chain": hex of the last link of the receipts' chain, or ""}

`designed` and `read_back` are any plain data. An evidence pack holds the report by calling `as_built_pdf(design, built)` of
`reports.as_built`; the documents page asks `reports.records` for the record of the version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from recommendations.compare import plain_text
from reports import display
from reports.content import TYPES, Content
from reports.documents.base import NOTHING, Beside, Section
from reports.sentences import told
from reports.wording import day_text, tr

TITLE = "As-built report"
TEXT = "What stands in AWS: each designed value beside the value that was read back, with receipts, after a run."
CONTENTS = True
NEEDS = "built"
FOLDER = "reports/documents/as_built"
LONGEST = 240  # letters of one value that are printed; the whole of it is in the evidence pack


@dataclass(frozen=True)
class Value:
    """One setting of one resource."""

    setting: str
    designed: str
    read_back: str
    equal: bool
    read_at: str
    request_id: str


@dataclass(frozen=True)
class Built:
    """One resource with its settings."""

    name: str
    kind: str
    place: str
    values: tuple[Value, ...]

    @property
    def reads(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """(when, request, settings) of each read that gave the values: most settings of a resource come from one."""
        found: dict[tuple[str, str], list[str]] = {}
        for one in self.values:
            found.setdefault((one.read_at, one.request_id), []).append(one.setting)
        return tuple((at, request, tuple(names)) for (at, request), names in found.items())

    @property
    def equal(self) -> bool:
        return all(one.equal for one in self.values)


def sections(content: Content, beside: Beside = NOTHING) -> list[Section]:
    """The verdict first, then what differs, then everything by account and Region, then the receipts."""
    record = spoken(beside.built or {})
    resources = built_of(record.get("rows") or ())
    context = {
        "record": record,
        "resources": resources,
        "differing": [one for one in resources if not one.equal],
        "settings": sum(len(one.values) for one in resources),
        "equal": sum(value.equal for one in resources for value in one.values),
    }
    places = sorted({one.place for one in resources})
    children = tuple(
        Section(f"place-{number}", place, f"{FOLDER}/resources.html", {"resources": [one for one in resources if one.place == place]})
        for number, place in enumerate(places, 1)
    )
    return [
        Section("verdict", "What stands", f"{FOLDER}/verdict.html", context),
        Section("settings", "Setting by setting", f"{FOLDER}/settings.html", context, children=children),
        Section("receipts", "Receipts", f"{FOLDER}/receipts.html", context, appendix=True),
    ]


def spoken(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its texts and dates in the document's language; accepted hazards stay in the words that were accepted."""
    return {
        **record,
        "run": told(str(record.get("run") or "")),
        "at": day_text(str(record.get("at") or "")),
        "target": told(str(record.get("target") or "")),
        "receipts": [
            {**one, "resource": key_of(one["resource"]), "operation": call(one["operation"])} for one in record.get("receipts") or ()
        ],
        "accepted": [{**one, "at": day_text(str(one["at"]))} for one in record.get("accepted") or ()],
    }


def key_of(address: str) -> str:
    """The design's key in `AWS::S3::Bucket.bucket-pacs`, as the other tables name a resource."""
    return str(address).rpartition("::")[2].partition(".")[2] or str(address)


def call(operation: str) -> str:
    """`PutBucketTagging` of boto3's `put_bucket_tagging`: as AWS and its logs name a call."""
    return "".join(part[:1].upper() + part[1:] for part in str(operation).split("_"))


def built_of(rows: Iterable[Mapping[str, Any]]) -> list[Built]:
    """Rows by resource, in the order in which the resources first come."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault((str(row["resource"]), f"{row.get('account', '')}, {row.get('region', '')}"), []).append(row)
    return [
        Built(name, tr(TYPES.get(str(mine[0].get("type")), str(mine[0].get("type", "")))), place, tuple(value_of(row) for row in mine))
        for (name, place), mine in found.items()
    ]


def value_of(row: Mapping[str, Any]) -> Value:
    return Value(
        told(str(row["setting"])),
        shortened(row["designed"]),
        shortened(row["read_back"]),
        bool(row["equal"]),
        str(row.get("read_at") or ""),
        str(row.get("request_id") or ""),
    )


def shortened(value: Any) -> str:
    """A value on one line, cut where it would fill the page."""
    text = told(plain_text(value)) or "–"
    return (
        text if len(text) <= LONGEST else tr("{text} … ({count} letters)").format(text=text[:LONGEST], count=display.number_text(len(text)))
    )
