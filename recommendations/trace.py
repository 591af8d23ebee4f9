"""From any setting or figure of a design back to answers, rules, limits of AWS and prices. Worked out on demand, never stored.

A pointer names the place in design.json: `settings/NAME`, `workloads/KEY/settings/NAME`,
`workloads/KEY/recovery/DISRUPTION/rpo` (or `rto`), `workloads/KEY/costs/INDEX`,
`workloads/KEY/costs` (or `naive`, `today`: a whole bill),
`workloads/KEY/lifecycle/INDEX` (a step of the newest data), `costs/shared/INDEX`, `findings/INDEX`,
`resources/KEY` or `resources/KEY/PROPERTY`. Indices count from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from assessment.answer_tree import AnswerTree, text_of
from assessment.engagement import engagement_from_document
from assessment.questionnaire import Questionnaire, load_questionnaire
from recommendations.counterfactual import Outcomes, flips, objective_look, setting_look
from recommendations.overrides import RULE, overrides_of
from recommendations.prices import PriceBook, load_price_book
from recommendations.provenance import NOTHING, InputTrace, Source, Sources
from recommendations.recording import Recording, Traced, WorkloadRecording, in_order
from recommendations.tables import RulePack, load_rule_pack
from recommendations.trace_costs import whole_bill
from recommendations.trace_tables import aws_limits, table_trace
from recommendations.trace_targets import BANDS, cost_shown, lines_of, settings_of_property

SCHEMA = "stowplan/trace/1"
PARTS = {"rule_pack": "rules", "price_book": "prices", "questionnaire": "questions"}


class TraceError(LookupError):
    """A pointer that leads nowhere. The message says what there is instead."""


class OtherRules(TraceError):
    """A design of other rules, prices or questions than those at hand: what they said then can no longer be asked."""


def trace_of(
    document: Mapping[str, Any],
    pointer: str,
    questionnaire: Questionnaire | None = None,
    pack: RulePack | None = None,
    book: PriceBook | None = None,
) -> dict[str, Any]:
    """The trace of one setting or figure of design.json as plain data (`stowplan/trace/1`). Raises TraceError."""
    return Tracer(document, questionnaire, pack, book).trace(pointer)


class Tracer:
    """Traces of one design. The engine is run once for each workload that is asked about."""

    def __init__(
        self,
        document: Mapping[str, Any],
        questionnaire: Questionnaire | None = None,
        pack: RulePack | None = None,
        book: PriceBook | None = None,
    ) -> None:
        self.document = document
        self.questionnaire = questionnaire or load_questionnaire()
        self.pack, self.book = pack or load_rule_pack(), book or load_price_book()
        at_hand = {"rule_pack": self.pack.digest, "price_book": self.book.digest, "questionnaire": self.questionnaire.digest}
        others = [words for part, words in PARTS.items() if document[part]["hash"] != at_hand[part]]
        if others:
            raise OtherRules(f"The design was made with other {' and '.join(others)} than those at hand; make it again to trace it.")
        self.engagement = engagement_from_document(document["answers"], self.questionnaire)
        self._made: dict[str, WorkloadRecording] = {}

    @cached_property
    def recording(self) -> Recording:
        return Recording(self.engagement, self.questionnaire, self.pack, self.book, overrides_of(self.document))

    @cached_property
    def tree(self) -> AnswerTree:
        return AnswerTree(self.questionnaire, self.engagement)

    def workload(self, key: str) -> WorkloadRecording:
        """The engine's second run for a workload. Raises TraceError for one that is not there."""
        if key not in self.recording.places:
            raise TraceError(f"There is no workload {key!r}; there are {', '.join(self.recording.places)}.")
        if key not in self._made:
            self._made[key] = self.recording.workload(key)
        return self._made[key]

    def trace(self, pointer: str) -> dict[str, Any]:
        """Raises TraceError."""
        match pointer.split("/"):
            case ["settings", name]:
                found = self.setting(None, name)
            case ["workloads", key, "settings", name]:
                found = self.setting(key, name)
            case ["workloads", key, "recovery", disruption, ("rpo" | "rto") as figure]:
                found = self.recovery(key, disruption, figure)
            case ["workloads", key, "costs", index]:
                found = self.cost(key, index)
            case ["workloads", key, ("costs" | "naive" | "today") as which]:
                whole = whole_bill(which, self.document, self._workload(key), self.workload(key))
                found = self.found("cost", key, whole.shown, [], whole.sources, whole.lines, [])
            case ["workloads", key, "lifecycle", index]:
                found = self.lifecycle(key, index)
            case ["costs", "shared", index]:
                found = self.shared_cost(index)
            case ["findings", index]:
                found = self.finding(index)
            case ["resources", key]:
                found = self.resource(key, None)
            case ["resources", key, name]:
                found = self.resource(key, name)
            case _:
                raise TraceError(f"{pointer!r} names nothing to trace. {' '.join(str(__doc__).split('design.json: ')[1].split())}")
        return {"schema": SCHEMA, "design": self.document["digest"], "of": pointer, **found}

    def flips(self, pointer: str) -> list[dict[str, Any]] | None:
        """The nearest change of each answer that would flip a setting, a step of a lifecycle or an objective; None for other figures,
        which follow every quantity. Raises TraceError."""
        match pointer.split("/"):
            case ["settings", name]:
                key, look, made = None, setting_look(None, name), self.recording.settings().get(name)
            case ["workloads", key, "settings", name]:
                look, made = setting_look(key, name), self.workload(key).settings().get(name)
            case ["workloads", key, "lifecycle", _]:
                look, made = setting_look(key, "storage_class"), self.workload(key).settings().get("storage_class")
            case ["workloads", key, "recovery", disruption, ("rpo" | "rto") as figure]:
                look, made = objective_look(key, disruption, figure), self.workload(key).recovery().get(disruption)
            case _:
                return None
        if made is None:
            raise TraceError(f"{pointer!r} is not in this design.")
        return flips(self.outcomes, look, made.sources)

    @cached_property
    def outcomes(self) -> Outcomes:
        return Outcomes(self.tree, self.pack, self.book, overrides_of(self.document))

    def setting(self, key: str | None, name: str) -> dict[str, Any]:
        made = (self.recording if key is None else self.workload(key)).settings()
        if name not in made:
            raise TraceError(f"There is no setting {name!r} here; there are {', '.join(made)}.")
        one = made[name]
        tables = self.tables(key, one.made["table"])
        lines = lines_of(name, self.document, key)
        shown = {"label": one.made["label"], "value": one.made["display"], "because": one.made["because"]}
        rules = one.made.get("rules") or [one.made["rule"]]
        if RULE in rules:
            mine = (one for one in self.document["overrides"] if one["workload"] == key)
            shown["override"] = next(one for one in mine if one["setting"] in (name, "expire"))
        return self.found("setting", key, shown, tables, one.sources, lines, rules)

    def recovery(self, key: str, disruption: str, figure: str) -> dict[str, Any]:
        made = self.workload(key).recovery()
        if disruption not in made:
            raise TraceError(f"There is no recovery after {disruption!r} here; there is one after {', '.join(made) or 'nothing'}.")
        row = made[disruption].made
        label = {"rpo": "Data lost, at most", "rto": "Back within"}[figure]
        steps = " ".join(f"{step['what']}: {step['duration'] or 'never'}." for step in row["steps"]) if figure == "rto" else ""
        met = "meets" if row[f"{figure}_met"] else "misses"
        value = f"{row[figure] or 'no way back'}, {met} {row[f'{figure}_target']}"
        shown = {"label": f"{label}: {disruption}", "value": value, "because": f"{row['mechanism']}. {steps} {row['note']}".strip()}
        tables = [table for name in self.workload(key).tables for table in self._asked(key, name)]
        return self.found("recovery", key, shown, tables, made[disruption].sources, [], [])

    def cost(self, key: str, index: str) -> dict[str, Any]:
        line = self.at(self._workload(key)["costs"], index, f"workloads/{key}/costs")
        bill: Traced = self.workload(key).bill()
        shown = cost_shown(line, [*self._workload(key)["settings"], *self.document["settings"]])
        return self.found("cost", key, shown, [], bill.sources, [line], [])

    def shared_cost(self, index: str) -> dict[str, Any]:
        line = self.at(self.document["costs"]["shared"], index, "costs/shared")
        shown = cost_shown(line, self.document["settings"])
        return self.found("cost", None, shown, self.tables(None, "keys"), self.recording.settings()["keys"].sources, [line], [])

    def lifecycle(self, key: str, index: str) -> dict[str, Any]:
        life = self._workload(key)["lifecycle"]
        steps = life["steps"] if life else []
        step = self.at(steps, index, f"workloads/{key}/lifecycle")
        found = self.setting(key, "storage_class")
        others = " ".join(
            f"Weighed and not taken: {', then '.join(one['storage_class'] for one in other['steps'])}. {other['reason']}"
            for other in life["runners_up"]
        )
        value = f"{step['storage_class']} from day {step['from_day']}"
        return {
            **found,
            "kind": "lifecycle",
            "label": "Step of the lifecycle",
            "value": value,
            "because": f"{found['because']} {others}".strip(),
        }

    def finding(self, index: str) -> dict[str, Any]:
        one = self.at(self.document["findings"], index, "findings")
        key = one["workload"]
        sources = frozenset(self._source(key, name) for name in one["answers"] if name in self.questionnaire.questions)
        shown = {"label": f"Finding {one['check']}", "value": f"{one['severity']}: {one['sentence']}", "because": one["fix"]}
        return self.found("finding", key, shown, self.tables(key, one["setting"]) if one["setting"] else [], sources, [], [])

    def resource(self, key: str, name: str | None) -> dict[str, Any]:
        """A property of a resource, or all of them together."""
        one = next((each for each in self.document["resources"] if each["key"] == key), None)
        if one is None:
            raise TraceError(f"There is no resource {key!r} in this design.")
        properties = one["properties"]
        if name is not None and name not in properties:
            raise TraceError(f"{key} has no property {name!r}; it has {', '.join(properties)}.")
        sources = NOTHING
        tables: list[dict[str, Any]] = []
        rules: list[str] = []
        wanted = [pair for each in ([name] if name else properties) for pair in settings_of_property(one, each)]
        for workload, setting in dict.fromkeys(wanted):
            made = (self.recording if workload is None else self.workload(workload)).settings().get(setting)
            if made is not None:
                sources |= made.sources
                tables += [each for each in self.tables(workload, made.made["table"]) if each not in tables]
                rules += made.made.get("rules") or [made.made["rule"]]
        because = "From the settings and answers below." if sources else "The same in every design: it needs no answer."
        shown = {"label": f"{one['type']} {key}", "value": name or "All properties", "because": because}
        held = {name: properties[name]} if name else properties
        return self.found("resource", None, {**shown, "properties": held}, tables, sources, [], list(dict.fromkeys(rules)))

    def found(
        self,
        kind: str,
        key: str | None,
        shown: Mapping[str, Any],
        tables: Sequence[dict[str, Any]],
        sources: Sources,
        prices: Sequence[Mapping[str, Any]],
        rules: Sequence[str],
    ) -> dict[str, Any]:
        names = dict.fromkeys(table["table"] for table in tables)
        return {
            "kind": kind,
            "workload": key,
            **shown,
            "rules": list(rules),
            "tables": list(tables),
            "answers": [self.answer(one) for one in in_order(sources, self.questionnaire)],
            "limits": [limit for name in names for limit in aws_limits().get(name, ())],
            "prices": list(prices),
        }

    def answer(self, source: Source) -> dict[str, Any]:
        """One answer in force, with its question."""
        key, name = source
        scope, question = self.tree.scope(key), self.questionnaire.question(name)
        return {
            "workload": key,
            "question": name,
            "text": question.text,
            "value": text_of(question, scope.value(name)) or None,
            "state": scope.state(name),
        }

    def tables(self, key: str | None, table: str) -> list[dict[str, Any]]:
        """A table and those before it whose outputs it was asked about, the first asked first."""
        if key is None:
            traced = self.recording.customer_tables[1]
            return [table_trace(self.pack[table], traced[table])] if table in traced else []
        inputs = self.workload(key).tables
        if table not in inputs:
            return []
        before = [name for one in inputs[table] for name in one.tables if name in inputs and name != table]
        chain = [found for name in dict.fromkeys(before) for found in self.tables(key, name)]
        return [*(one for index, one in enumerate(chain) if one not in chain[:index]), *self._asked(key, table)]

    def _asked(self, key: str, table: str) -> list[dict[str, Any]]:
        inputs = self.workload(key).tables[table]
        if table != "storage_class":
            return [table_trace(self.pack[table], inputs)]
        rates = next(one.value for one in inputs if one.name == "reads")
        return [
            table_trace(self.pack[table], [with_rate(one, rate) for one in inputs], f"objects {' and '.join(ages)} old")
            for rate, ages in grouped(rates).items()
        ]

    def _workload(self, key: str) -> Mapping[str, Any]:
        """Raises TraceError for a workload that is not there."""
        self.workload(key)
        return next(one for one in self.document["workloads"] if one["key"] == key)

    def _source(self, key: str | None, name: str) -> Source:
        return (key if self.questionnaire.question(name).scope == "workload" else None, name)

    def at(self, rows: Sequence[Any], index: str, place: str) -> Any:
        """One row by its number. Raises TraceError."""
        if not index.isdecimal() or int(index) >= len(rows):
            raise TraceError(f"{place} has {len(rows)} entries, counted from 0; there is no {index!r}.")
        return rows[int(index)]


def grouped(rates: Iterable[str]) -> dict[str, list[str]]:
    """Read rate -> the age bands that have it."""
    found: dict[str, list[str]] = {}
    for band, rate in zip(BANDS, rates, strict=True):
        found.setdefault(rate, []).append(band)
    return found


def with_rate(one: InputTrace, rate: str) -> InputTrace:
    return InputTrace(one.name, rate, one.sources, one.tables) if one.name == "reads" else one
