"""What was added, removed and changed between two designs, as marked text: what went is struck, what came is underlined."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from recommendations.compare import compare_designs
from reports import display
from reports.answers import AnswerBook
from reports.content import TYPES
from reports.sentences import told
from reports.wording import number, tr

Plain = Mapping[str, Any]
LEAST_ALIKE = 0.35  # texts that share less than this are told as a whole, not word by word
MOST_PARTS = 12


@dataclass(frozen=True)
class Piece:
    """A run of text: `state` is `same`, `gone` or `new`."""

    state: str
    text: str


@dataclass(frozen=True)
class Change:
    """One difference: where, what, how it changed and its marked text."""

    scope: str
    label: str
    change: str
    pieces: tuple[Piece, ...]
    details: tuple[tuple[str, tuple[Piece, ...]], ...] = ()


@dataclass(frozen=True)
class Figure:
    """A figure before and after; `change` says by how much where both are known."""

    scope: str
    label: str
    before: str
    after: str
    change: str


@dataclass(frozen=True)
class Redline:
    """All differences, by what they are of."""

    older_digest: str
    answers: tuple[Change, ...]
    settings: tuple[Change, ...]
    findings: tuple[Change, ...]
    resources: tuple[Change, ...]
    money: tuple[Figure, ...]
    objectives: tuple[Figure, ...]
    workloads_added: tuple[str, ...]
    workloads_removed: tuple[str, ...]

    @property
    def counts(self) -> tuple[tuple[str, int, int, int], ...]:
        """(what, added, removed, changed) of each part."""
        parts = (("Answers", self.answers), ("Settings", self.settings), ("Findings", self.findings), ("AWS objects", self.resources))

        def count(rows: Iterable[Change], how: str) -> int:
            return sum(one.change == how for one in rows)

        return tuple((name, count(rows, "added"), count(rows, "removed"), count(rows, "changed")) for name, rows in parts)

    @property
    def empty(self) -> bool:
        return not any((self.answers, self.settings, self.findings, self.resources, self.money, self.objectives))


def redline_of(before: Plain, after: Plain) -> Redline:
    """The redline of two design.json documents."""
    found = compare_designs(before, after)
    old, new = ({one["key"]: one for one in document["workloads"]} for document in (before, after))
    return Redline(
        older_digest=before["digest"],
        answers=changes_of(answers_of(found["answers"], before, after)),
        settings=changes_of(found["settings"]),
        findings=changes_of(found["findings"]),
        resources=changes_of(found["resources"]),
        money=tuple(money_of(row) for row in found["money"]),
        objectives=tuple(objectives_of(old, new)),
        workloads_added=tuple(one["name"] for key, one in new.items() if key not in old),
        workloads_removed=tuple(one["name"] for key, one in old.items() if key not in new),
    )


def changes_of(rows: Iterable[Plain]) -> tuple[Change, ...]:
    return tuple(
        Change(
            scope=row["workload"] or tr("Whole engagement"),
            label=label_of(row),
            change=row["change"],
            pieces=marked(spoken(row["before"]), spoken(row["after"])),
            details=tuple(
                (part["path"], marked(value_text(part["before"]), value_text(part["after"]))) for part in row["parts"][:MOST_PARTS]
            ),
        )
        for row in rows
    )


def spoken(text: str) -> str:
    """A text in the document's language, the type of an AWS object in words."""
    kind, _, rest = text.partition(" ")
    return f"{tr(TYPES[kind])} {rest}" if kind in TYPES else told(text)


def answers_of(rows: Iterable[Plain], before: Plain, after: Plain) -> Iterable[Plain]:
    """The answers that differ, in the words of the questionnaire; not those of a workload that came or went as a whole."""
    books = [AnswerBook(document) for document in (before, after)]
    keys = [{one["name"]: one["key"] for one in document["workloads"]} for document in (before, after)]
    for row in rows:
        name = row["workload"]
        if not name or all(name in one for one in keys):
            old, new = (
                "" if row["change"] == absent else book.used(one.get(name), row["name"]) or tr("None")
                for book, one, absent in zip(books, keys, ("added", "removed"), strict=True)
            )
            yield {**row, "before": old, "after": new} if old != new else row


def label_of(row: Plain) -> str:
    """What a row is of; an AWS object by its key."""
    label = str(row.get("label") or row["name"])
    return str(row["name"]) if label.startswith("AWS::") else told(label)


def value_text(value: Any) -> str:
    return "" if value is None else re.sub(r"[{}\[\]'\"]", "", str(value))[:300]


def marked(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one, word by word; as a whole where they have little in common."""
    old, new = before.split(), after.split()
    if before == after:
        return (Piece("same", after),)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if not before or not after or matcher.ratio() < LEAST_ALIKE:
        return tuple(piece for piece in (Piece("gone", before), Piece("new", after)) if piece.text)
    found = []
    for how, a, b, c, d in matcher.get_opcodes():
        if how == "equal":
            found.append(Piece("same", " ".join(old[a:b])))
            continue
        found += [Piece(state, " ".join(words)) for state, words in (("gone", old[a:b]), ("new", new[c:d])) if words]
    return tuple(found)


def money_of(row: Plain) -> Figure:
    before, after = display.decimal_of(row["before"] or None), display.decimal_of(row["after"] or None)
    texts = [display.money_text(value, cents=True) for value in (before, after)]
    return Figure(row["workload"] or tr("Whole engagement"), tr("Cost a month"), texts[0], texts[1], difference(before, after))


def difference(before: Decimal | None, after: Decimal | None) -> str:
    """`+ USD 12.00 (+ 3.4 %)`."""
    if before is None or after is None:
        return display.NOTHING
    sign = "+" if after >= before else "−"
    share = number(f" ({sign} {abs(after - before) * 100 / before:.1f} %)") if before else ""
    return f"{sign} {display.money_text(abs(after - before), cents=True)}{share}"


def objectives_of(old: Mapping[str, Plain], new: Mapping[str, Plain]) -> Iterable[Figure]:
    """Estimates and targets of recovery that differ, of workloads that both have."""
    for key, after in new.items():
        before = old.get(key)
        if before is None:
            continue
        was = {one["disruption"]: one for one in before.get("recovery") or ()}
        for entry in after.get("recovery") or ():
            earlier = was.get(entry["disruption"], {})
            for name, words in (("rto", "time"), ("rpo", "data lost")):
                texts = [figure_text(one, name) for one in (earlier, entry)]
                if texts[0] != texts[1]:
                    verdict = verdict_of(earlier.get(f"{name}_met"), entry.get(f"{name}_met"))
                    yield Figure(after["name"], f"{display.disruption_text(entry['disruption'])}, {tr(words)}", texts[0], texts[1], verdict)


def figure_text(entry: Plain, name: str) -> str:
    target = entry.get(f"{name}_target")
    return display.duration_text(entry.get(name)) + (f" ({tr('target')} {display.duration_text(target)})" if target else "")


def verdict_of(before: Any, after: Any) -> str:
    """What became of a target; nothing where it did not turn."""
    if before is after:
        return tr("still missed") if after is False else tr("met")
    return tr("now met") if after is not False else tr("now missed")
