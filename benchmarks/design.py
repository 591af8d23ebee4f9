"""A whole design of few and of many workloads: CPU time a workload, slope and peak memory; and what a what-if decides again.

`python -m benchmarks.design [SMALL LARGE]`. Two series: `distinct` goes through the workloads of all examples, each with a size, change,
growth, object size and retention of its own, so that no lifecycle is searched twice; `repeated` has one example's needs again and again.
Every figure is of a process of its own; CPU time is counted, so that other work on the machine weighs less.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from time import process_time
from typing import Any

from assessment.answer_tree import AnswerTree
from assessment.engagement import Engagement, engagement_from_document, engagement_to_document, read_engagement
from assessment.questionnaire import load_questionnaire
from recommendations import what_if
from recommendations.evaluate import evaluate
from recommendations.prices import load_price_book
from recommendations.tables import load_rule_pack

EXAMPLES = Path(__file__).parents[1] / "examples"
SERIES = ("distinct", "repeated")
LIMIT_MIB, LIMIT_SLOPE = 400, 1.15


def engagement_of(series: str, count: int) -> Engagement:
    """`count` workloads under names of their own, for the customer of the clinic."""
    documents = [engagement_to_document(read_engagement(path.read_bytes())) for path in sorted(EXAMPLES.glob("*.yaml"))]
    whole = next(one for one in documents if one["customer"]["name"].startswith("Northwind"))
    whole["answers"].pop("bud_month", None)
    rows = [row for one in documents for row in one["workloads"]] if series == "distinct" else whole["workloads"]
    whole["workloads"] = [workload(rows[index % len(rows)]["answers"], index, own=series == "distinct") for index in range(count)]
    return engagement_from_document(whole)


def workload(answers: dict[str, Any], index: int, *, own: bool) -> dict[str, Any]:
    """One workload; `own`: with figures that no other has. What refers to other answers of the example is left out."""
    found = {name: value for name, value in answers.items() if name not in ("wl_deps", "wl_bucket", "wl_account", "wl_class")}
    if own:
        found["wl_size"] = f"{100 + 13 * index} GiB"
        found["wl_change"] = f"{1 + index % 40} %"
        found["wl_growth"] = f"{index % 60} %"
        if "wl_obj_size" in found:
            found["wl_obj_size"] = f"{200 + index} KiB"
        if "wl_retain" in found:
            found["wl_retain"] = {"daily": 7 + index % 50, "weekly": index % 9, "monthly": 12 + index % 13}
    return {"name": f"Workload {index}", "answers": found}


def measure(series: str, count: int) -> dict[str, float]:
    """CPU seconds of `evaluate` and MiB at the most, in this process."""
    evaluate(engagement_of("repeated", 3))  # tables, prices and packs are loaded in every run
    engagement = engagement_of(series, count)
    start = process_time()
    evaluate(engagement)
    seconds = process_time() - start
    return {"seconds": seconds, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def apart(series: str, count: int) -> dict[str, float]:
    """`measure` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.design", "--one", series, str(count)]
    found: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)  # noqa: S603
    return found


def decided_again(count: int) -> int:
    """How many of `count` workloads a what-if on one of them decides again."""
    tree = AnswerTree(load_questionnaire(), engagement_of("distinct", count))
    pack, book = load_rule_pack(), load_price_book()
    asked = what_if.WhatIf(tree, what_if.decided(tree, pack, book), pack, book)
    seen: list[str] = []
    part_of = what_if.part_of
    what_if.part_of = lambda facts, *more: (seen.append(facts.key), part_of(facts, *more))[1]  # type: ignore[func-returns-value]
    try:
        asked.monthly("wl_growth", 7, count // 2)
    finally:
        what_if.part_of = part_of
    return len(seen)


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
        return
    small, large = (int(one) for one in (sys.argv[1:3] or ("500", "5000")))
    for series in SERIES:
        few, many = apart(series, small), apart(series, large)
        slope = (many["seconds"] / large) / (few["seconds"] / small)
        print(
            f"design, {series} needs: {few['seconds'] / small * 1e3:.2f} ms a workload at {small:,}, "
            f"{many['seconds'] / large * 1e3:.2f} at {large:,}: slope {slope:.2f} (at most {LIMIT_SLOPE}); "
            f"peak {many['mib']:.0f} MiB (at most {LIMIT_MIB})"
        )
    print(f"what-if on one of {small:,} workloads decides {decided_again(small)} of them again")


if __name__ == "__main__":
    main()
