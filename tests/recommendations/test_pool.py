"""Equal parts of a design are kept once, also those that are met again after thousands that are met only once."""

import gc

import pytest

from recommendations.collection import paused
from recommendations.pool import MOST, Pool


def test_what_is_met_again_stays_known_among_thousands_of_names() -> None:
    pool = Pool()
    first = pool.share({"Type": "SSE-KMS", "Days": [1, 2]})
    for number in range(3 * MOST):
        pool.share([f"workload-{number}"])
        if number % 1000 == 0:
            assert pool.share({"Type": "SSE-KMS", "Days": [1, 2]}) is first
    assert pool.share({"Type": "SSE-KMS", "Days": [True, 2]}) == {"Type": "SSE-KMS", "Days": [True, 2]}
    assert pool.share({"Days": [True]})["Days"][0] is True


def test_what_is_met_once_is_forgotten() -> None:
    pool = Pool()
    for number in range(3 * MOST):
        pool.share([f"workload-{number}"])
    assert max(map(len, (pool._parts, pool._older_parts, pool._texts, pool._older_texts))) <= MOST


def refused_inside() -> None:
    with paused():
        assert not gc.isenabled()
        raise ValueError("refused")


@pytest.mark.parametrize("before", [True, False])
def test_the_collector_runs_as_before_also_after_an_error(before: bool) -> None:
    was = gc.isenabled()
    (gc.enable if before else gc.disable)()
    try:
        with pytest.raises(ValueError, match="refused"):
            refused_inside()
        assert gc.isenabled() is before
    finally:
        (gc.enable if was else gc.disable)()
