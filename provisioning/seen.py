"""Which requests AWS answered while something was read: their ids are how AWS's own logs (CloudTrail) prove a read-back."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from provisioning.resources.base import ClientSource, Observed
from provisioning.situation import Situation
from provisioning.target import Target


class Seen:
    """Clients that note the operation and request id of each answer for the thread that asked. Otherwise as the ones given."""

    def __init__(self, clients: ClientSource) -> None:
        self._clients = clients
        self.endpoint_url = clients.endpoint_url
        self._here = threading.local()

    def client(self, service: str, account: str, region: str, *, once: bool = False) -> Any:
        client = self._clients.client(service, account, region, once=once)
        # The same id twice is one handler: clients are shared.
        client.meta.events.register("after-call", self._note, unique_id=f"stowplan-seen-{id(self)}")
        return client

    def check(self, region: str) -> None:
        self._clients.check(region)

    @contextmanager
    def noting(self) -> Iterator[list[dict[str, str]]]:
        """The answers of this thread inside of the block: `{operation, request_id}` each."""
        rows: list[dict[str, str]] = []
        self._here.rows = rows
        try:
            yield rows
        finally:
            self._here.rows = None

    def _note(self, parsed: Any = None, model: Any = None, **_: Any) -> None:
        rows = getattr(self._here, "rows", None)
        if rows is not None and isinstance(parsed, Mapping):
            rows.append({"operation": str(model.name), "request_id": str(parsed.get("ResponseMetadata", {}).get("RequestId", ""))})


class Reading(Situation):
    """A situation that knows of each resource when it was read and by which requests. Raises what Situation raises."""

    def __init__(self, design: Mapping[str, Any], target: Target, clients: ClientSource) -> None:
        self._seen = Seen(clients)
        self.read_at: dict[str, str] = {}
        self.requests: dict[str, list[dict[str, str]]] = {}
        super().__init__(design, target, self._seen)

    def _observe(self, key: str) -> Observed:
        with self._seen.noting() as rows:
            found = super()._observe(key)
        self.read_at[key] = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.requests[key] = rows
        return found
