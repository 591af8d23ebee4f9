"""Which answers each fact, table input, setting and figure was made from: noted while the engine itself runs, never listed by hand.

The engine is run once more for one workload with recording values in place of the plain ones. Whatever it reads is put into the innermost
set that is open: first questions by the facts, then facts by the table inputs, then decisions by settings and figures. The sets hold
(workload key or None for the customer, question id), conditions of visibility and defaults included. A set is complete for the answers
as they are: while none of its answers changes, neither does what was made from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from assessment.answer_tree import Scope
from assessment.engagement import Engagement, Workload
from assessment.questionnaire import Questionnaire
from recommendations.decisions import Asked, Decisions
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.inputs import INPUTS
from recommendations.parts import Part
from recommendations.tables import Hit, RulePack

# (workload key, None for the customer; question id)
Source = tuple[str | None, str]
Sources = frozenset[Source]
NOTHING: Sources = frozenset()


class Recorder:
    """Notes what is read, in the innermost open set."""

    def __init__(self) -> None:
        self._open: list[set[Source]] = []

    @contextmanager
    def into(self, found: set[Source]) -> Iterator[None]:
        """What is read inside goes into `found`, and only there."""
        self._open.append(found)
        try:
            yield
        finally:
            self._open.pop()

    def note(self, sources: Iterable[Source]) -> None:
        if self._open:
            self._open[-1].update(sources)


class RecordedScope(Scope):
    """A scope that notes each answer that was looked at, also to find out whether a question is asked at all."""

    def __init__(
        self, recorder: Recorder, questionnaire: Questionnaire, engagement: Engagement, workload: Workload | None, parent: Scope | None
    ) -> None:
        super().__init__(questionnaire, engagement, workload, parent)
        self.recorder = recorder

    def answer(self, question_id: str) -> Any:
        question = self.questionnaire.question(question_id)
        self.recorder.note([(self.key if question.scope == "workload" else None, question_id)])
        return super().answer(question_id)

    def visible(self, question_id: str) -> bool:
        # What is remembered would be read without being noted.
        self.forget()
        return super().visible(question_id)


class _RecordedFields:
    """Mixin for frozen records: reading a field notes where it came from."""

    def __getattribute__(self, name: str) -> Any:
        state = object.__getattribute__(self, "__dict__")
        sources = state.get("_sources", {}).get(name)
        if sources is not None:
            state["_recorder"].note(sources)
        return object.__getattribute__(self, name)


class RecordedWorkload(_RecordedFields, WorkloadFacts):
    """Facts of a workload that note what is read of them."""


class RecordedCustomer(_RecordedFields, CustomerFacts):
    """Facts of the customer that note what is read of them."""


class RecordedPart(_RecordedFields, Part):
    """A workload's part; schedules and start were laid out from answers of their own."""


def recorded(kind: type[Any], record: Any, sources: Mapping[str, Sources], recorder: Recorder) -> Any:
    """`record` again as the recording class `kind`; `sources` by field."""
    made = object.__new__(kind)
    state = {one.name: getattr(record, one.name) for one in fields(record)}
    object.__getattribute__(made, "__dict__").update(state, _sources=sources, _recorder=recorder)
    return made


class RecordedHits(dict[str, Hit | tuple[Hit, ...]]):
    """What tables decided; looking one up notes its sources. A table that was not asked has those of the way that passed it by."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self.recorder = recorder
        self.sources: dict[str, Sources] = {}
        self.control: set[Source] = set()

    def note(self, table: str) -> None:
        self.recorder.note(self.sources.get(table, self.control))

    def get(self, table: str, default: Any = None) -> Any:
        self.note(table)
        return super().get(table, default)

    def __getitem__(self, table: str) -> Any:
        self.note(table)
        return super().__getitem__(table)


@dataclass(frozen=True)
class InputTrace:
    """One input of a table: its value, the answers and the tables before that it was made from."""

    name: str
    value: Any
    sources: Sources
    tables: tuple[str, ...] = ()


class RecordedAsked(Asked):
    """Asks the tables as the engine does and keeps, for each, its inputs with their sources."""

    hits: RecordedHits

    def __init__(self, workload: WorkloadFacts, customer: CustomerFacts, pack: RulePack, recorder: Recorder) -> None:
        super().__init__(workload, customer, pack)
        self.recorder = recorder
        self.hits = RecordedHits(recorder)
        self.traced: dict[str, tuple[InputTrace, ...]] = {}
        self.way: set[Source] = set()
        self._read: list[str] = []

    def inputs(self, table: str) -> dict[str, Any]:
        if table == "storage_class":
            # From here on the lifecycle is searched; what led here decides whether there is a bucket.
            self.way = set(self.hits.control)
        found = []
        for name, read in INPUTS[table].items():
            self._read = []
            sources: set[Source] = set()
            with self.recorder.into(sources):
                value = read(self)
            found.append(InputTrace(name, value, frozenset(sources), tuple(dict.fromkeys(self._read))))
        self.traced[table] = tuple(found)
        self.hits.sources[table] = frozenset(self.hits.control).union(*(one.sources for one in found))
        return {one.name: one.value for one in found}

    def value(self, table: str, output: str) -> str:
        self._read.append(table)
        return super().value(table, output)


@dataclass(frozen=True)
class RecordedDecisions(Decisions):
    """Decisions whose lifecycles note what the search read; whether there is a bucket at all follows from the tables on the way there."""

    recorder: Recorder | None = None
    searched: Sources = NOTHING
    way: Sources = NOTHING

    def __getattribute__(self, name: str) -> Any:
        if name in ("tracks", "lifecycle"):
            read = object.__getattribute__(self, "__dict__")
            if read.get("recorder") is not None:
                read["recorder"].note(read["searched"])
        return object.__getattribute__(self, name)

    @property
    def in_bucket(self) -> bool:
        if self.recorder is not None:
            self.recorder.note(self.way)
        return bool(object.__getattribute__(self, "__dict__")["tracks"])
