"""How a run and each of its resources ended, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ResourceOutcome:
    """How one resource ended. `state`: done, unchanged, failed, blocked, skipped or open (not reached)."""

    address: str
    state: str
    message: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `state`: done, failed or stopped."""

    state: str
    resources: tuple[ResourceOutcome, ...]
    missing_permissions: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        return 0 if self.state == "done" else 1

    def lines(self) -> list[str]:
        """What was done and what was not, one line each."""
        counts: dict[str, int] = {}
        for resource in self.resources:
            counts[resource.state] = counts.get(resource.state, 0) + 1
        said = ", ".join(f"{number} {state}" for state, number in counts.items()) or "nothing to do"
        lines = [f"{resource.address}: {resource.state}: {resource.message}" for resource in self.resources if resource.message]
        if self.missing_permissions:
            lines.append(f"missing permissions: {', '.join(self.missing_permissions)}")
        return [*lines, f"{self.state}: {said}"]
