"""Recovery against hand-computed figures: what is lost, how long it takes, and whether that is within the targets."""

from datetime import timedelta
from pathlib import Path

import pytest

from assessment.engagement import read_engagement
from assessment.quantities import parse_duration
from recommendations import storage as s3
from tests.recommendations.cases import EVENTS, case, decided

EXAMPLES = sorted(Path("examples").glob("*.yaml"))
DATABASE = {"wl_engine": "postgresql", "wl_reduce": "half"}


def took(entry, words):
    """Duration of the step whose text has `words`."""
    return next(step["duration"] for step in entry["steps"] if words in step["what"])


def test_volumes_lose_the_interval_and_an_hour_and_load_at_300_mib_a_second():
    entry = case("ebs-volumes", wl_rpo="5h", wl_rto="2h").entry("deletion")
    assert (entry["rpo"], entry["rpo_met"]) == ("5h", True)  # every 4 h, and up to an hour until it starts
    assert took(entry, "Load 1 TiB") == "59m"  # 1048576 MiB / 300 = 3495.3 s
    assert entry["rto"] == "119m"  # 15 staff + 15 find + 10 create + 59 load + 20 own step
    assert entry["rto_met"] is True


def test_a_target_of_exactly_the_estimate_is_met_and_a_minute_less_needs_fast_restore_or_is_missed():
    entry = case("ebs-volumes", wl_rpo="5h", wl_rto="119m").entry("deletion")
    assert entry["rto_met"] is True
    assert "Load 1 TiB" in str(entry["steps"])
    for target in ("118m", "60m"):
        entry = case("ebs-volumes", wl_rpo="5h", wl_rto=target).entry("deletion")
        assert (entry["rto"], entry["rto_met"]) == ("1h", True)  # 119 without the 59 of loading
        assert "Load 1 TiB" not in str(entry["steps"])
    entry = case("ebs-volumes", wl_rpo="5h", wl_rto="59m").entry("deletion")
    assert (entry["rto"], entry["rto_met"]) == ("119m", False)  # fast restore would not be enough, so it is not paid for
    assert "The target of 59 min is missed; the longest step is: Load 1 TiB" in entry["note"]


def test_snapshots_cannot_lose_less_than_two_hours():
    entry = case("ebs-volumes", wl_rpo="1h").entry("deletion")
    assert (entry["rpo"], entry["rpo_met"]) == ("2h", False)


def test_a_dump_outside_comes_back_compressed_over_the_line():
    entry = case("database", wl_where="on-premises", wl_log_backup=True, wl_log_every="10m", **DATABASE).entry("deletion")
    assert (entry["rpo"], entry["rpo_met"]) == ("10m", True)
    assert took(entry, "Copy 512 GiB over the line to you") == "92m"  # 2^39 B x 8 / (0.8 x 10^9 bit/s) = 5497.6 s
    assert entry["rto"] == "142m"  # 15 + 15 + 92 + 20


def test_a_dump_restored_inside_aws_does_not_take_the_line():
    answers = {"wl_log_backup": True, "wl_log_every": "10m", "wl_restore_where": "other-region"}
    entry = case("database", wl_where="on-premises", **answers, **DATABASE).entry("deletion")
    assert took(entry, "Copy 512 GiB inside AWS") == "19m"  # 2^39 B x 8 / (0.8 x 5 x 10^9) = 1099.5 s


def test_without_log_backup_all_work_since_the_last_dump_is_lost():
    entry = case("database", wl_where="on-premises", wl_log_backup=False, wl_freq="12h", **DATABASE).entry("deletion")
    assert (entry["rpo"], entry["rpo_met"]) == ("12h", False)
    assert "all work since the last dump is lost" in entry["note"]


def test_dumps_are_not_planned_more_often_than_hourly():
    entry = case("database", wl_where="on-premises", wl_log_backup=False, wl_freq="15m", **DATABASE).entry("deletion")
    assert entry["rpo"] == "1h"


def test_lost_servers_and_applications_are_built_again_by_hand_as_today():
    hand = {"cur_manual_steps": ["find-copy", "build-server", "reinstall-application", "rebuild-network", "restore-keys"]}
    made = case("database", customer=hand, wl_where="on-premises", wl_log_backup=True, wl_log_every="10m", **DATABASE)
    assert made.entry("deletion")["rto"] == "142m"
    assert made.entry("hardware")["rto"] == f"{142 + 240}m"
    assert made.entry("site-loss")["rto"] == f"{142 + 240 + 90}m"
    assert took(made.entry("site-loss"), "Rebuild DNS and network by hand") == "1h"


@pytest.mark.parametrize(("hours", "wait"), [("business", "14h"), ("extended", "8h"), ("always", "15m")])
def test_recovery_waits_for_staff(hours, wait):
    entry = case("ebs-volumes", customer={"ops_hours": hours}, wl_rpo="5h").entry("hardware")
    assert took(entry, "Somebody is there to act") == wait
    assert ("At a weekend" in entry["note"]) == (hours != "always")


def test_versions_lose_nothing_and_come_back_by_3500_requests_a_second():
    entry = case("object-data", wl_objs=21_000_000, wl_obj_size="1 MiB", wl_restore_unit=["whole-volume"]).entry("deletion")
    assert (entry["rpo"], entry["rpo_met"]) == ("0m", True)
    assert took(entry, "Bring 21,000,000 previous versions back") == "100m"  # 6000 s


def test_where_single_items_are_asked_back_a_deletion_costs_a_days_changes():
    made = case("object-data", wl_objs=21_000_000, wl_change="5 %", wl_restore_unit=["single-item"])
    assert took(made.entry("deletion"), "previous versions back") == "5m"  # 5 % of 6000 s
    assert took(made.entry("ransomware"), "previous versions back") == "100m"


def test_objects_survive_a_disk_and_a_zone_without_recovery():
    made = case("object-data")
    for event in ("hardware", "site-loss"):
        entry = made.entry(event)
        assert (entry["rto"], entry["rpo"], entry["steps"]) == ("0m", "0m", [])


def test_an_archive_class_adds_its_requests_and_its_wait():
    old = dict.fromkeys(["31-90d", "91-365d", "over-365d"], "almost-never")
    rare = {"wl_access": {"0-30d": "weekly", **old}, "wl_latency": "up-to-48h", "wl_rto": "3d", "wl_expire": "7y"}
    made = case("object-data", customer={"bud_restore_cost": 0}, wl_objs=1_200_000, wl_restore_unit=["whole-volume"], **rare)
    track = made.decisions.tracks[0]
    slowest = max(s3.WAIT[name] for name, _ in (*track.lifecycle.steps, *track.old.lifecycle.steps))
    entry = made.entry("deletion")
    assert slowest >= timedelta(hours=5)
    assert parse_duration(took(entry, "Wait until the archive class")) == slowest
    assert took(entry, "Ask the archive class for 1,200,000 objects") == "20m"


def test_the_newest_dump_counts_and_not_the_yearly_one_in_the_archive():
    answers = {"wl_log_backup": True, "wl_log_every": "10m", "wl_retain": {"daily": 35, "weekly": 8, "yearly": 10}}
    made = case("database", wl_where="on-premises", **answers, **DATABASE)
    assert any(name in s3.ARCHIVES for track in made.decisions.tracks for name, _ in track.lifecycle.steps)
    assert not any("archive" in step["what"] for step in made.entry("deletion")["steps"])


def test_continuous_backup_is_five_minutes_behind():
    entry = case("database", wl_db_host="rds", wl_engine="mysql").entry("deletion")
    assert (entry["rpo"], entry["rpo_met"]) == ("5m", True)
    assert entry["rto"] == "129m"  # 15 + 15 + 20 create + 59 load + 20


def test_an_hourly_backup_loses_the_hour_and_its_start_window():
    entry = case("file-share", wl_rpo="1h").entry("deletion")
    assert (entry["rpo"], entry["rpo_met"]) == ("2h", False)


def test_machines_outside_come_back_whole_over_the_line():
    entry = case("virtual-machine", wl_where="on-premises", wl_rpo="4h").entry("hardware")
    assert took(entry, "Copy 1 TiB over the line") == "184m"  # 2^40 B x 8 / (0.8 x 10^9) = 10995.1 s
    assert entry["rto"] == "234m"


def test_files_outside_lose_the_interval():
    entry = case("file-share", wl_where="on-premises", wl_freq="4h", wl_rpo="4h").entry("site-loss")
    assert (entry["rpo"], entry["rpo_met"]) == ("4h", True)


def test_no_download_means_no_recovery_over_the_line_and_is_never_met():
    entry = case("file-share", customer={"net_down": "0 Mbit/s"}, wl_where="on-premises").entry("hardware")
    assert (entry["rto"], entry["rto_met"]) == (None, False)
    assert took(entry, "over the line") is None
    assert "The line carries too little" in entry["note"]


def test_the_region_is_measured_against_its_own_targets():
    made = case("object-data", wl_region_rto="2h", wl_region_rpo="20m")
    entry = made.entry("region-loss")
    assert (entry["rto_target"], entry["rpo_target"]) == ("2h", "20m")
    assert (entry["rpo"], entry["rpo_met"]) == ("15m", True)  # Replication Time Control
    assert entry["rto"] == "80m"  # 15 + 15 + 30 switch + 20: nothing has to be copied


def test_replication_without_time_control_is_planned_with_an_hour():
    entry = case("object-data", wl_region_rpo="4h").entry("region-loss")
    assert (entry["rpo"], entry["rpo_met"]) == ("1h", True)
    assert "S3 promises no time" in entry["note"]


def test_snapshots_abroad_lose_the_interval_the_start_and_the_way():
    entry = case("ebs-volumes", wl_rpo="5h", wl_region_rpo="6h", wl_change="100 %").entry("region-loss")
    # 4 h + 1 h, and a sixth of 1 TiB at 80 % of 5 Gbit/s: 183251937962 B x 8 / (4 x 10^9) = 366.5 s
    assert (entry["rpo"], entry["rpo_met"]) == ("307m", True)


@pytest.mark.parametrize(
    ("customer", "answers", "words"),
    [({"aws_dr": []}, {}, "Name a recovery Region"), ({}, {"wl_xregion": "not-needed"}, "not designed for this workload")],
)
def test_without_a_second_region_nothing_is_left(customer, answers, words):
    entry = case("object-data", customer=customer, **answers).entry("region-loss")
    assert (entry["rpo"], entry["rto"], entry["rpo_met"], entry["rto_met"], entry["steps"]) == (None, None, False, False, [])
    assert words in entry["note"]


def test_ransomware_needs_a_lock_or_another_account():
    alone = {"cmp_immutable": "none", "sec_separate_acct": "none"}
    locked = case("object-data", customer={"sec_separate_acct": "none"}).entry("ransomware")
    assert "under a lock that only named people can lift" in locked["mechanism"]
    strict = case("object-data", customer={"cmp_immutable": "strict"}).entry("ransomware")
    assert "under a lock that nobody can lift" in strict["mechanism"]
    apart = case("object-data", customer={"cmp_immutable": "none"}).entry("ransomware")
    assert (apart["mechanism"], apart["rpo"]) == ("Replica of the bucket in the backup account", "15m")
    lost = case("object-data", customer=alone).entry("ransomware")
    assert lost["rpo"] is None
    assert "an administrator of the account can delete all of it" in lost["note"]


def test_the_loss_of_an_account_needs_another_one():
    assert case("ebs-volumes").entry("account-loss")["rpo"] is not None
    assert case("ebs-volumes", wl_xacct="not-needed").entry("account-loss")["rpo"] is None
    assert case("ebs-volumes", customer={"sec_separate_acct": "none"}).entry("account-loss")["rpo"] is None


def test_what_is_made_again_is_taken_at_the_customers_word():
    entry = case("object-data", wl_reproduce="within-rto", wl_rto="6h").entry("region-loss")
    assert (entry["rto"], entry["rto_met"], entry["steps"]) == ("6h", True, [])
    assert "nothing is calculated" in entry["note"]


def test_only_named_events_are_answered_in_a_fixed_order():
    made = case("object-data", customer={"rec_disrupt": ["provider-exit", "ransomware", "deletion"]})
    assert [entry["disruption"] for entry in made.parts[0].recovery] == ["deletion", "ransomware"]


def test_a_line_of_one_bit_a_second_never_ends():
    entry = case("file-share", customer={"net_down": "0.001 kbit/s"}, wl_where="on-premises", wl_size="100 PiB").entry("hardware")
    assert entry["rto"] is None


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_entry_of_the_examples_adds_up(path):
    made = decided(read_engagement(path.read_bytes()))
    asked = [event for event in EVENTS if event in made.customer.disruptions]
    for part in made.parts:
        assert [entry["disruption"] for entry in part.recovery] == asked
        for entry in part.recovery:
            for name in ("rpo", "rto"):
                value = entry[name]
                met = value is not None and parse_duration(value) <= parse_duration(entry[f"{name}_target"])
                assert entry[f"{name}_met"] is met
            if entry["steps"]:
                total = sum((parse_duration(step["duration"]) for step in entry["steps"]), timedelta(0))
                assert parse_duration(entry["rto"]) == total
            assert entry["mechanism"]


ARCHIVE = {
    "wl_access": {"0-30d": "almost-never", "31-90d": "almost-never", "91-365d": "almost-never", "over-365d": "almost-never"},
    "wl_latency": "up-to-12h",
    "wl_objs": 1000,
    "wl_obj_size": "1 GiB",
    "wl_expire": "7y",
    "wl_rpo": "24h",
}


def classes(one):
    return [name for name, _ in one.decisions.tracks[0].lifecycle.steps]


def test_a_class_that_opens_in_exactly_the_rto_breaks_it_and_is_not_chosen():
    soon = case("object-data", **ARCHIVE, wl_rto="12h")
    assert s3.DEEP_ARCHIVE not in classes(soon)
    assert soon.entry("deletion")["rto_met"] is True
    # 15 min staff, 15 min search, 1 min to ask, 12 h to open, 1 min to bring back, 20 min own step.
    assert s3.DEEP_ARCHIVE not in classes(case("object-data", **ARCHIVE, wl_rto="771m"))
    fitting = case("object-data", **ARCHIVE, wl_rto="772m")
    assert s3.DEEP_ARCHIVE in classes(fitting)
    assert (fitting.entry("ransomware")["rto"], fitting.entry("ransomware")["rto_met"]) == ("772m", True)


def test_where_nobody_is_there_in_time_no_dearer_class_is_taken_for_an_rto_that_is_missed_anyway():
    alone = case("object-data", {"ops_hours": "business"}, **ARCHIVE, wl_rto="12h")
    assert s3.DEEP_ARCHIVE in classes(alone)
    assert alone.entry("deletion")["rto_met"] is False
