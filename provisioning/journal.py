"""The journal of a run: an intent before each call and a receipt after it, so that a killed run can be taken up where it ended.

JSON Lines; each record is on disk before the next step, and carries the hash of the one before it. A torn last line, which a killed
process leaves behind, is cut off.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from provisioning.situation import fingerprint_of

Record = dict[str, Any]


class JournalBusy(RuntimeError):
    """Another process holds this journal: one run at a time."""


class JournalProblem(ValueError):
    """A file that is no journal, or one that was edited."""


class Journal:
    """Records of runs, in order. Subclasses store them; this one keeps them in memory."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._records = list(records)

    def records(self) -> list[Record]:
        """All records, oldest first."""
        return list(self._records)

    def append(self, record: Mapping[str, Any]) -> Record:
        """Stores one record."""
        return self.append_all([record])[0]

    def append_all(self, records: Sequence[Mapping[str, Any]]) -> list[Record]:
        """Stores records by one write, each with its number, time and the hash of the one before it, and gives them back."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        last = self._records[-1] if self._records else None
        stored: list[Record] = []
        for number, record in enumerate(records, start=len(self._records) + 1):
            last = {"n": number, "at": at, **record, "previous": fingerprint_of(last) if last else None}
            stored.append(last)
        if stored:
            self._store(stored)
            self._records += stored
        return stored

    def of_plan(self, plan_id: str) -> list[Record]:
        """The records of one plan; a journal may hold several."""
        return [record for record in self._records if record.get("plan") == plan_id]

    def close(self) -> None:
        """Lets go of what the journal holds."""

    def _store(self, records: list[Record]) -> None:
        """Makes the records last."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


MemoryJournal = Journal


class FileJournal(Journal):
    """A journal in a file, held by one process at a time. Raises JournalBusy, JournalProblem, OSError."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            super().__init__(self._read())
        except BlockingIOError as error:
            os.close(self._file)
            raise JournalBusy(f"{self._path}: another run is writing this journal") from error
        except BaseException:
            os.close(self._file)
            raise
        os.lseek(self._file, 0, os.SEEK_END)

    def close(self) -> None:
        os.close(self._file)

    def _store(self, records: list[Record]) -> None:
        data = b"".join(json.dumps(record, sort_keys=True, ensure_ascii=False).encode() + b"\n" for record in records)
        while data:
            data = data[os.write(self._file, data) :]
        os.fsync(self._file)

    def _read(self) -> list[Record]:
        data = self._path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.ftruncate(self._file, whole)
        records: list[Record] = []
        for number, line in enumerate(data[:whole].splitlines(), start=1):
            try:
                record = json.loads(line)
            except ValueError as error:
                raise JournalProblem(f"{self._path}:{number}: not a journal of Stowplan: {error}") from error
            previous = fingerprint_of(records[-1]) if records else None
            if not isinstance(record, dict) or record.get("previous") != previous:
                raise JournalProblem(f"{self._path}:{number}: this record does not follow the one before it; the journal was edited")
            records.append(record)
        return records
