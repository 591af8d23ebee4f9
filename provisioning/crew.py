"""Workers that do steps side by side, in order of what needs what, and one thread that hears all of them.

The workers are threads; the one who hears is the caller's thread. Whatever must happen one at a time (the journal, its database, the
question whether somebody cancelled) is asked for by a worker and done there, so that order is a matter of one thread and not of locks.
Questions that come together are heard together: one write of the journal serves several workers.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class Halted(Exception):
    """The run has ended around this worker: it makes no further call and writes nothing more."""


@dataclass
class _Question:
    what: Any
    answer: Future[Any] = field(default_factory=Future)


class Crew(Generic[Result]):
    """Does `work(key)` for every key, after all that the key needs and at most `room(group)` of a group at a time.

    `hear(questions)` gives the answers to what workers asked by `ask`, in the same order; an exception among them is raised at the worker.
    """

    def __init__(
        self,
        workers: int,
        *,
        work: Callable[[str], Result],
        hear: Callable[[list[Any]], list[Any]],
        group: Callable[[str], Any],
        room: Callable[[Any], int],
    ) -> None:
        self._workers, self._work, self._hear, self._group, self._room = workers, work, hear, group, room
        self._inbox: SimpleQueue[_Question | tuple[str, Future[Result]]] = SimpleQueue()
        self._running: set[str] = set()
        self._busy: Counter[Any] = Counter()
        self._closed = False
        self._halted = False
        self.ended: dict[str, Future[Result]] = {}

    def close(self) -> None:
        """Begin nothing more; what is under way goes on to its end."""
        self._closed = True

    def ask(self, what: Any) -> Any:
        """For workers: the answer of the caller's thread. Raises what it answered with, or Halted."""
        question = _Question(what)
        self._inbox.put(question)
        return question.answer.result()

    def go(self, order: Sequence[str], needs: Mapping[str, frozenset[str]]) -> dict[str, Future[Result]]:
        """What became of each key that was begun, in the order of `order`; a key is begun once all that it needs has ended, well or not.

        What `hear` raises ends everything: workers come to the end of the call that they are in, and it is raised here.
        """
        rank = {key: index for index, key in enumerate(order)}
        sorter: TopologicalSorter[str] = TopologicalSorter({key: needs[key] for key in order})
        sorter.prepare()
        ready: list[tuple[int, str]] = []
        with ThreadPoolExecutor(self._workers, thread_name_prefix="apply") as pool:
            try:
                while True:
                    for key in sorter.get_ready():
                        heapq.heappush(ready, (rank[key], key))
                    self._begin(pool, ready)
                    if not self._running:
                        break
                    sorter.done(*self._listen())
            except BaseException:
                self._halted = True
                while self._running:
                    self._listen()
                raise
        return {key: self.ended[key] for key in order if key in self.ended}

    def _begin(self, pool: ThreadPoolExecutor, ready: list[tuple[int, str]]) -> None:
        """Give free workers what is ready, first what comes first in the order; a group without room waits and holds up nobody else."""
        waiting: list[tuple[int, str]] = []
        while ready and not self._closed and len(self._running) < self._workers:
            entry = heapq.heappop(ready)
            key = entry[1]
            group = self._group(key)
            if self._busy[group] >= self._room(group):
                waiting.append(entry)
                continue
            self._busy[group] += 1
            self._running.add(key)
            pool.submit(self._work, key).add_done_callback(lambda future, key=key: self._inbox.put((key, future)))  # type: ignore[misc]
        for entry in waiting:
            heapq.heappush(ready, entry)

    def _listen(self) -> list[str]:
        """Waits for workers, answers those that ask, and gives the keys that have ended."""
        heard = [self._inbox.get()]
        while True:
            try:
                heard.append(self._inbox.get_nowait())
            except Empty:
                break
        ended = [one for one in heard if not isinstance(one, _Question)]
        for key, future in ended:
            self._running.discard(key)
            self._busy[self._group(key)] -= 1
            self.ended[key] = future
        self._answer([one for one in heard if isinstance(one, _Question)])
        return [key for key, _ in ended]

    def _answer(self, questions: list[_Question]) -> None:
        if not questions:
            return
        try:
            answers = [Halted()] * len(questions) if self._halted else self._hear([question.what for question in questions])
        except BaseException:
            for question in questions:
                question.answer.set_exception(Halted())
            raise
        for question, answer in zip(questions, answers, strict=True):
            if isinstance(answer, BaseException):
                question.answer.set_exception(answer)
            else:
                question.answer.set_result(answer)
