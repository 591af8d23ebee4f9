"""How fast the copies of a workload must open, where others have to be up before it."""

from datetime import timedelta
from typing import Any

import pytest

from recommendations import storage as s3
from tests.recommendations.cases import Case, case

# A self-managed database that is dumped into a bucket: with a day to recover, its daily copies may wait a quarter of it.
DATABASE = {
    "wl_where": "on-premises",
    "wl_log_backup": True,
    "wl_log_every": "1h",
    "wl_rto": "24h",
    "wl_region_rto": "3d",
    "wl_rpo": "24h",
    "wl_latency": "up-to-12h",
}


def database(ahead: tuple[str, ...] = (), customer: dict[str, Any] | None = None, **answers: Any) -> Case:
    others = tuple({"name": name, "wl_kind": "object-data", "wl_rto": "4h"} for name in ahead)
    return case("database", customer, others, **{**DATABASE, "wl_deps": list(ahead) or None, **answers})


def newest(made: Case) -> list[str]:
    """The classes that the copies and logs of a recovery to now are in, and those of their replicas."""
    tracks = [track for track in made.decisions.tracks if track.id in ("hourly", "daily", "weekly", "logs")]
    lives = [one for track in tracks for one in (track.lifecycle, track.replica) if one]
    return [name for one in lives for name, _ in one.steps]


def test_copies_wait_as_long_as_the_recovery_has_time_for() -> None:
    made = database()
    assert set(newest(made)) <= {s3.GLACIER, s3.DEEP_ARCHIVE}
    assert all(entry["rto_met"] for entry in made.parts[0].recovery)


def test_copies_open_at_once_where_the_workload_waits_for_others_first() -> None:
    """Those have their whole targets; an archive's hours would come on top."""
    made = database(ahead=("Base",))
    assert all(s3.WAIT[name] == timedelta(0) for name in newest(made))
    assert "dependency-chain" not in made.checks()


def test_what_others_wait_for_keeps_its_own_target_only() -> None:
    """The chain counts the whole target of what comes first, whichever class its copies are in."""
    behind = {"name": "Behind", "wl_kind": "object-data", "wl_rto": "48h", "wl_deps": ["Data"]}
    made = case("database", others=(behind,), **DATABASE)
    assert set(newest(made)) <= {s3.GLACIER, s3.DEEP_ARCHIVE}
    assert "dependency-chain" not in made.checks()


def test_a_chain_that_is_too_long_however_fast_the_copies_open_is_told() -> None:
    made = database(ahead=("Base",), wl_rto="6h")
    assert all(s3.WAIT[name] == timedelta(0) for name in newest(made))
    assert "dependency-chain" in made.checks()


@pytest.mark.parametrize("slow", [{"ops_hours": "business"}, {"net_down": "100 Mbit/s"}])
def test_copies_open_at_once_where_staff_or_the_line_take_up_the_time(slow: dict[str, str]) -> None:
    """22 hours less a night's wait, or less 1 TiB over a slow line, leave no 5 hours for an archive class."""
    assert s3.GLACIER in newest(database(wl_rto="22h"))
    made = database(customer=slow, wl_rto="22h")
    assert all(s3.WAIT[name] == timedelta(0) for name in newest(made))


def test_a_replica_that_is_left_when_the_account_is_lost_keeps_the_nearer_target() -> None:
    """The RTO is ten hours and that for the Region three days; Deep Archive would take twelve."""
    made = database(wl_rto="10h")
    assert "rto-below-estimate" not in made.checks()
    assert all(entry["rto_met"] for entry in made.parts[0].recovery)
    (alone, *_) = database(wl_rto="10h", customer={"rec_disrupt": ["deletion", "region-loss"]}).decisions.tracks
    assert alone.replica
    assert alone.replica.steps == ((s3.DEEP_ARCHIVE, 0),)


def test_logs_that_follow_snapshots_open_at_once() -> None:
    made = case("database", **{**DATABASE, "wl_where": "aws", "wl_db_host": "ec2", "wl_engine": "postgresql", "wl_rpo": "15m"})
    assert [track.id for track in made.decisions.tracks] == ["logs"]
    assert all(s3.WAIT[name] == timedelta(0) for name in newest(made))
