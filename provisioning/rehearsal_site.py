"""Where a restore drill works, what it made there, and its steps. No Django."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from provisioning.resources.base import ASSESSMENT_TAG, ClientSource

DRILL_TAG = "stowplan:drill"
Noted = Callable[[dict[str, Any]], None]


@dataclass
class Site:
    """Where a drill works. `mine` holds what it made, each noted before or right after AWS was asked for it."""

    clients: ClientSource
    account: str
    region: str
    slug: str
    identity: str
    noted: Noted
    mine: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, str]] = field(default_factory=list)

    def client(self, service: str) -> Any:
        return self.clients.client(service, self.account, self.region)

    @property
    def tags(self) -> dict[str, str]:
        return {ASSESSMENT_TAG: self.slug, DRILL_TAG: self.identity}

    def note(self, kind: str, identity: str, **more: Any) -> None:
        """Notes something as the drill's own: `{"kind": "bucket" | "object" | "volume", "id", "account", "region"}`."""
        entry = {"kind": kind, "id": identity, "account": self.account, "region": self.region, **more}
        self.mine.append(entry)
        self.noted(entry)

    def step(self, what: str, began: float) -> None:
        self.steps.append({"what": what, "seconds": seconds(time.monotonic() - began)})


def seconds(duration: float) -> str:
    """A duration as a design writes numbers: text, a tenth of a second at least."""
    return str(max(Decimal(duration).quantize(Decimal("0.1")), Decimal("0.1")))
