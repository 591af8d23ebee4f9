"""Reads a plan.json that was named on the command line."""

from __future__ import annotations

import json
from typing import Any

from accounts.headless import BadInput, read_bytes
from provisioning.plan_file import PlanFile, PlanProblem, read_plan

# A plan of thousands of workloads carries its design and every setting twice, before and after.
LIMIT = 1024 * 1024 * 1024


def read_plan_document(path: str) -> tuple[dict[str, Any], PlanFile]:
    """The plan as plain data, and checked. Raises BadInput for a file that cannot be read, is no plan, or was edited."""
    try:
        document = json.loads(read_bytes(path, LIMIT).decode())
        return document, read_plan(document)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"{path}:{getattr(error, 'lineno', 1)}: $: not JSON in UTF-8: {error}") from error
    except PlanProblem as error:
        raise BadInput(f"{path}:1: {error}") from error
