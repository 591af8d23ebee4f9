"""What every headless command shares: exit codes, `--json`, reading its input and writing its output.

Exit codes: 0 done, 1 failed (the message says what is done and what is not), 2 bad input (nothing touched), 3 refused (nothing touched).
Messages go to standard error, one a line; with `--json` one JSON object goes to standard output, also when the command fails.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser


class HeadlessExit(Exception):
    """Ends a command with its exit code. `lines` are printed as they are; `data` is added to the JSON object."""

    code = 1
    word = "failed"

    def __init__(self, lines: str | Sequence[str], data: Mapping[str, Any] | None = None) -> None:
        self.lines = [lines] if isinstance(lines, str) else list(lines)
        self.data = dict(data or {})
        super().__init__("\n".join(self.lines))


class Failed(HeadlessExit):
    """The work did not succeed; the lines say what is done and what is not."""


class BadInput(HeadlessExit):
    """An argument or a file is wrong; nothing was touched. Lines about a file read `FILE:LINE: PATH: message`."""

    code = 2
    word = "bad-input"


class Refused(HeadlessExit):
    """Not approved, drifted, a hazard not accepted; nothing was touched."""

    code = 3
    word = "refused"


@dataclass(frozen=True)
class Result:
    """What a command has to say: `text` for people, `data` as the JSON object of `--json`, `notes` for standard error in both cases."""

    text: str
    data: Mapping[str, Any]
    notes: Sequence[str] = field(default=())


class HeadlessCommand(BaseCommand):
    """Base of a command that needs no database. Subclasses give `arguments` and `run`."""

    requires_system_checks: Sequence[str] = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")
        self.arguments(parser)

    def arguments(self, parser: CommandParser) -> None:
        """The command's own arguments."""

    def run(self, options: dict[str, Any]) -> Result:
        """The work. Raises HeadlessExit for every end that is not success."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = self.run(options)
        except HeadlessExit as end:
            if options["json"]:
                self.print_json({"exit": end.code, "result": end.word, "messages": end.lines, **end.data})
            raise
        for note in result.notes:
            self.stderr.write(note)
        if options["json"]:
            self.print_json(result.data)
        elif result.text:
            self.stdout.write(result.text)

    def print_json(self, data: Mapping[str, Any]) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, sort_keys=True, default=str))

    def run_from_argv(self, argv: list[str]) -> None:
        """From the command line: a HeadlessExit prints its lines as they are and becomes the exit code."""
        try:
            super().run_from_argv(argv)
            self.stdout.flush()
        except HeadlessExit as end:
            for line in end.lines:
                sys.stderr.write(f"{line}\n")
            sys.exit(end.code)
        except BrokenPipeError:
            # The reader has gone (`| head`): nobody is left to tell; keep Python's own flush at exit quiet.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bad_file(path: str | Path, error: OSError) -> NoReturn:
    raise BadInput(f"{path}:1: $: {error.strerror or error}") from error


def read_bytes(path: str | Path, limit: int = 64 * 1024 * 1024) -> bytes:
    """A file that was named on the command line. Raises BadInput when it cannot be read or has more than `limit` bytes."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        _bad_file(path, error)
    except ValueError as error:
        raise BadInput(f"{path!r}: {error}") from error
    if len(data) > limit:
        raise BadInput(f"{path}:1: $: larger than {limit // 1024**2} MiB")
    return data


def write_bytes(path: str | Path, data: bytes) -> None:
    """Writes a file whole or not at all: into a new file beside it, then in its place.

    Raises BadInput where the place cannot be written, Failed when the disk does not take it.
    """
    target = Path(path)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    except OSError as error:
        _bad_file(path, error)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(target)
    except IsADirectoryError as error:
        _discard(name)
        _bad_file(path, error)
    except OSError as error:
        _discard(name)
        raise Failed(f"{path}: not written: {error.strerror or error}") from error


def _discard(name: str) -> None:
    with contextlib.suppress(OSError):
        Path(name).unlink()
