"""The engine run once more for one workload, or for the customer, with everything that is read being noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from assessment.engagement import Engagement
from assessment.questionnaire import Questionnaire
from recommendations.bills import bills_of
from recommendations.costs import Bill
from recommendations.decisions import Decisions, conclude
from recommendations.fact_fields import CUSTOMER_FIELDS, WORKLOAD_FIELDS, tag_of, with_overrides
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.inputs import CUSTOMER_INPUTS
from recommendations.overrides import Override, by_workload
from recommendations.parts import laid_out
from recommendations.prices import PriceBook
from recommendations.provenance import (
    InputTrace,
    RecordedAsked,
    RecordedCustomer,
    RecordedDecisions,
    RecordedHits,
    RecordedPart,
    RecordedScope,
    RecordedWorkload,
    Recorder,
    Source,
    Sources,
    recorded,
)
from recommendations.recovery import recovery_of
from recommendations.settings import Setting, each_setting
from recommendations.settings_customer import each_customer_setting
from recommendations.tables import RulePack
from recommendations.what_if import in_buckets


@dataclass(frozen=True)
class Traced:
    """What was made, and the answers that were read for it."""

    made: Any
    sources: Sources


class Recording:
    """One engagement. Facts of the customer are read once, a workload's when it is asked for."""

    def __init__(
        self, engagement: Engagement, questionnaire: Questionnaire, pack: RulePack, book: PriceBook, overrides: Sequence[Override] = ()
    ) -> None:
        self.overrides = by_workload(overrides)
        self.engagement, self.questionnaire, self.pack, self.book = engagement, questionnaire, pack, book
        self.recorder = Recorder()
        self.scope = RecordedScope(self.recorder, questionnaire, engagement, None, None)
        self.places = {workload.key: index for index, workload in enumerate(engagement.workloads)}

    @cached_property
    def _own(self) -> CustomerFacts:
        """The customer's facts without what is a sum over workloads."""
        values, sources = self._read(
            {
                name: lambda read=read: read(self.scope.value, self.engagement.customer, self.questionnaire.regions)
                for name, read in CUSTOMER_FIELDS.items()
            }
        )
        return recorded(RecordedCustomer, CustomerFacts(**values, overrides=self.overrides), sources, self.recorder)  # type: ignore[no-any-return]

    @cached_property
    def customer(self) -> CustomerFacts:
        """The customer's facts; the size of all buckets is read from every workload."""
        own, found = self._own, set[Source]()
        with self.recorder.into(found):
            total = sum(in_buckets(self._facts(key), self.pack) for key in self.places)
        plain = CustomerFacts(**{one.name: object.__getattribute__(own, one.name) for one in fields(CustomerFacts)})
        sources = {**object.__getattribute__(own, "_sources"), "bucket_bytes": frozenset(found)}
        return recorded(RecordedCustomer, replace(plain, bucket_bytes=total), sources, self.recorder)  # type: ignore[no-any-return]

    def _facts(self, key: str) -> WorkloadFacts:
        workload = self.engagement.workloads[self.places[key]]
        scope = RecordedScope(self.recorder, self.questionnaire, self.engagement, workload, self.scope)
        reads = {name: lambda read=read: read(scope.value, self._own) for name, read in WORKLOAD_FIELDS.items()}
        values, sources = self._read({**reads, "tag": lambda: tag_of(scope)})
        facts = with_overrides(WorkloadFacts(key=scope.key, name=scope.name, **values), self.overrides.get(key, ()))
        return recorded(RecordedWorkload, facts, sources, self.recorder)  # type: ignore[no-any-return]

    def _read(self, reads: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Sources]]:
        values, sources = {}, {}
        for name, read in reads.items():
            found: set[Source] = set()
            with self.recorder.into(found):
                values[name] = read()
            sources[name] = frozenset(found)
        return values, sources

    def workload(self, key: str) -> WorkloadRecording:
        """Raises KeyError for a workload that is not there."""
        return WorkloadRecording(self, self._facts(key))

    @cached_property
    def customer_tables(self) -> tuple[RecordedHits, dict[str, tuple[InputTrace, ...]]]:
        """What the customer's tables said, with the inputs of each."""
        hits, traced = RecordedHits(self.recorder), {}
        for table, inputs in CUSTOMER_INPUTS.items():
            values, sources = self._read({name: lambda read=read: read(self.customer) for name, read in inputs.items()})
            hits[table] = self.pack[table].decide(values)
            hits.sources[table] = frozenset[Source]().union(*sources.values())
            traced[table] = tuple(InputTrace(name, values[name], sources[name]) for name in values)
        return hits, traced

    def settings(self) -> dict[str, Traced]:
        """The customer's settings by name."""
        hits, _ = self.customer_tables
        return named(self.recorder, each_customer_setting(self.customer, Decisions(hits)))


class WorkloadRecording:
    """One workload with its tables, settings and figures."""

    def __init__(self, whole: Recording, facts: WorkloadFacts) -> None:
        self.recorder, self.customer, self.book, self.facts = whole.recorder, whole.customer, whole.book, facts
        asked = RecordedAsked(facts, self.customer, whole.pack, self.recorder)
        control = asked.hits.control
        with self.recorder.into(control):
            decisions = conclude(asked, self.book)
        self.tables = asked.traced
        searched = frozenset(control) | asked.hits.sources.get("storage_class", frozenset())
        way = frozenset(asked.way if decisions.tracks else control)
        asked.hits.control = set(way)
        self.decisions = RecordedDecisions(asked.hits, decisions.lifecycle, decisions.tracks, self.recorder, searched, way)
        found: set[Source] = set()
        with self.recorder.into(found):
            part = laid_out(facts, self.customer, self.decisions)
        times = frozenset(found)
        self.part = recorded(RecordedPart, part, {"schedules": times, "start": times}, self.recorder)

    def settings(self) -> dict[str, Traced]:
        """Settings by name."""
        return named(self.recorder, each_setting(self.part, self.customer))

    def recovery(self) -> dict[str, Traced]:
        """Recovery entries by disruption."""
        found: set[Source] = set()
        with self.recorder.into(found):
            rows = recovery_of(self.facts, self.customer, self.decisions)
        return {row["disruption"]: Traced(row, frozenset(found)) for row in rows}

    def bill(self) -> Traced:
        """The design's bill of a month."""
        found: set[Source] = set()
        with self.recorder.into(found):
            bills = bills_of(self.facts, self.customer, self.decisions, self.part.schedules, self.book)
        return Traced(bills.design, frozenset(found))

    def naive(self) -> Traced:
        """The bill of a month with everything in S3 Standard, line by line."""
        found: set[Source] = set()
        with self.recorder.into(found):
            bills = bills_of(self.facts, self.customer, self.decisions, self.part.schedules, self.book, Bill())
        return Traced(bills.naive, frozenset(found))


def named(recorder: Recorder, settings: Iterator[Setting]) -> dict[str, Traced]:
    """Each setting with what was read from the one before it until it was there."""
    made: dict[str, Traced] = {}
    while True:
        found: set[Source] = set()
        with recorder.into(found):
            setting = next(settings, None)
        if setting is None:
            return made
        made[setting["name"]] = Traced(setting, frozenset(found))


def in_order(sources: Iterable[Source], questionnaire: Questionnaire) -> list[Source]:
    """Sources in the order in which the questions are asked, the customer's first."""
    place = {name: index for index, name in enumerate(questionnaire.questions)}
    return sorted(sources, key=lambda one: (one[0] is not None, one[0] or "", place[one[1]]))
