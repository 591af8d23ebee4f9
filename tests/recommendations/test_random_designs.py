"""Thousands of random engagements, by seed: what AWS would refuse is never designed, no objective is missed silently, a looser answer never
costs more, and the same answers give the same digest. What is checked: `random_checks`.

`make test` takes 2,000, `make test-long` 100,000 (or as many as STOWPLAN_RANDOM_DESIGNS says) in shards. A failure names its seed.
"""

import os
import subprocess
import sys

import pytest

from tests.recommendations.random_checks import check

CHUNKS, EACH = 20, 100
SHARDS = 20
MANY = int(os.environ.get("STOWPLAN_RANDOM_DESIGNS", "100000"))
DIGESTS = """
from recommendations.evaluate import evaluate
from tests.strategies import random_engagement
print(*(evaluate(random_engagement(seed, most=2)).digest for seed in range(40)), sep="\\n")
"""


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_engagements_give_designs_that_hold(chunk: int) -> None:
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        check(seed)


def test_processes_of_other_hash_seeds_give_the_same_digests() -> None:
    """Python orders sets differently in each process; nothing of that may reach a design."""
    told = {
        subprocess.run(
            [sys.executable, "-c", DIGESTS], env={**os.environ, "PYTHONHASHSEED": number}, capture_output=True, text=True, check=True
        ).stdout
        for number in ("1", "2")
    }
    assert len(told) == 1
    assert len(told.pop().split()) == 40


@pytest.mark.long
@pytest.mark.parametrize("shard", range(SHARDS))
def test_many_random_engagements_give_designs_that_hold(shard: int) -> None:
    for seed in range(MANY * shard // SHARDS, MANY * (shard + 1) // SHARDS):
        check(seed)
