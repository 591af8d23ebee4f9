"""Time of a design per workload at 500 and 5,000 workloads, with peak memory; and a decision table against hand-written if/else.

`python -m benchmarks.design [SMALL LARGE]`. The example of a clinic is repeated under new names, without its budget and with it.
"""

from __future__ import annotations

import gc
import resource
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from assessment.engagement import Engagement, engagement_from_document, engagement_to_document, read_engagement
from recommendations.evaluate import evaluate
from recommendations.tables import load_rule_pack

EXAMPLE = Path(__file__).parents[1] / "examples" / "northwind-clinics.yaml"
MINUTE, QUARTER, RTO = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=4)


def repeated(count: int, budget: bool) -> Engagement:
    """The example with its workloads repeated up to `count`, each under a name of its own."""
    document = engagement_to_document(read_engagement(EXAMPLE.read_bytes()))
    if not budget:
        document["answers"].pop("bud_month", None)
    rows = document["workloads"]
    document["workloads"] = [
        {
            **{key: value for key, value in rows[index % len(rows)].items() if key != "id"},
            "name": f"Workload {index}",
            "answers": {k: v for k, v in rows[index % len(rows)]["answers"].items() if k not in ("wl_deps", "wl_bucket")},
        }
        for index in range(count)
    ]
    return engagement_from_document(document)


def seconds(count: int, budget: bool) -> float:
    engagement = repeated(count, budget)
    gc.collect()
    start = perf_counter()
    evaluate(engagement)
    return perf_counter() - start


def strategy_by_hand(reproduce: str, rto: timedelta, rpo: timedelta) -> str:
    """A chain of the size of the table `dr_strategy`: the peer of its evaluation."""
    if reproduce == "within-rto":
        return "none"
    if rto < MINUTE and rpo < MINUTE:
        return "multi-site"
    if rto <= QUARTER:
        return "warm-standby"
    if rto <= RTO:
        return "pilot-light"
    return "backup-and-restore"


def each(call: Callable[[], Any], times: int = 20_000) -> float:
    """Microseconds a call, best of five rounds."""
    best = float("inf")
    for _ in range(5):
        start = perf_counter()
        for _ in range(times):
            call()
        best = min(best, perf_counter() - start)
    return best / times * 1e6


def main() -> None:
    small, large = (int(one) for one in (sys.argv[1:3] or ("500", "5000")))
    evaluate(repeated(9, budget=False))  # lifecycles and tables are warm in both runs
    for budget in (False, True):
        few, many = seconds(small, budget), seconds(large, budget)
        slope = (many / large) / (few / small)
        told = "over budget" if budget else "no budget"
        print(
            f"design, {told}: {few / small * 1e3:.2f} ms a workload at {small:,}, {many / large * 1e3:.2f} at {large:,}: ratio {slope:.2f}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {peak:.0f} MiB")
    table = load_rule_pack()["dr_strategy"]
    values = {"reproduce": "not-possible", "rto": RTO, "rpo": RTO}
    ours, peer = each(lambda: table.decide(values)), each(lambda: strategy_by_hand("not-possible", RTO, RTO))
    print(f"table dr_strategy with trace: {ours:.2f} us, if/else {peer:.2f} us: ratio {ours / peer:.1f}")


if __name__ == "__main__":
    main()
