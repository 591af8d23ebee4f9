"""The garbage collector while a design is made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Collects no garbage inside: a design grows to millions of objects without one cycle to be freed, and every full collection goes
    through all of them again, so with the workloads the time for each of them would grow.

    Afterwards the collector runs as before. Of threads that overlap, the first to leave switches it on again, which costs the others time
    and nothing else.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
