"""Findings of the design: each fires and stays silent at its boundary, names its fix, and stands in order."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.engagement import read_engagement
from assessment.quantities import parse_duration
from assessment.questionnaire import load_questionnaire
from recommendations import remedies
from recommendations.findings_gaps import GAPS
from recommendations.findings_model import PILLARS, SEVERITIES
from recommendations.lifecycle import Lifecycle
from tests.recommendations.cases import case, decided

EXAMPLES = sorted(Path("examples").glob("*.yaml"))
KEYS = {"check", "severity", "pillar", "workload", "sentence", "fix", "answers", "setting"}


def test_a_customer_without_gaps_has_no_findings():
    assert case("object-data", wl_region_rpo="15m").findings() == []


# ---------------------------------------------------------------------------- checks of the answers, with pillar and setting
def test_checks_of_the_answers_carry_pillar_and_setting():
    found = case("ebs-volumes", wl_freq="12h", wl_rpo="5h").finding("frequency-longer-than-rpo")
    assert found == {
        "check": "frequency-longer-than-rpo",
        "severity": "high",
        "pillar": "reliability",
        "workload": "data",
        "sentence": "A copy every 12h cannot keep a loss under 5h.",
        "fix": "Set wl_freq to the longest interval that is not above wl_rpo.",
        "answers": ["wl_freq", "wl_log_backup", "wl_log_every", "wl_rpo"],
        "setting": "dlm",
    }


# ---------------------------------------------------------------------------- objectives
def test_recovery_that_is_too_slow_is_told_with_the_change_that_helps():
    # More than 16 TiB may be a volume that fast restore does not take, so it is not designed but named.
    found = case("ebs-volumes", wl_rpo="48h", wl_rto="118m", wl_prov="17 TiB").finding("rto-below-estimate")
    assert found["sentence"].startswith("Recovery takes about 1 h 59 min after deleted or corrupted data, a failed server or disk")
    assert found["sentence"].endswith("; the target is 1 h 58 min.")
    # 0.75 USD x 730 h for two volumes in two zones
    assert found["fix"] == "Turn on fast snapshot restore (USD 2190.00 a month in two zones)."
    assert found["setting"] == "dr_strategy"


def test_recovery_in_time_is_no_finding():
    assert "rto-below-estimate" not in case("ebs-volumes", wl_rpo="5h", wl_rto="119m").checks()


def test_a_wide_enough_line_is_worked_out():
    found = case("file-share", wl_where="on-premises", wl_freq="hourly", wl_rto="2h").finding("rto-below-estimate")
    # 120 - 15 - 15 - 20 = 70 min for 2^40 B: 2^40 x 8 / 0.8 / 4200 s = 2.62 Gbit/s
    assert found["fix"] == "Have 2.7 Gbit/s free for the restore."


def test_the_wider_line_that_is_named_meets_the_target():
    answers = {"wl_where": "on-premises", "wl_freq": "hourly", "wl_rto": "2h"}
    assert "rto-below-estimate" not in case("file-share", customer={"net_down": "2.7 Gbit/s"}, **answers).checks()


def test_staff_on_call_comes_before_anything_that_costs():
    found = case("ebs-volumes", customer={"ops_hours": "business"}, wl_rpo="5h", wl_rto="3h").finding("rto-below-estimate")
    assert found["fix"] == "Have somebody on call day and night."


def test_changes_are_added_up_where_one_is_not_enough():
    found = case("ebs-volumes", customer={"ops_hours": "business"}, wl_rpo="5h", wl_rto="65m").finding("rto-below-estimate")
    assert found["fix"] == "Have somebody on call day and night; turn on fast snapshot restore (USD 1095.00 a month in two zones)."


@pytest.mark.parametrize(("rto", "strategy"), [("29m", "warm standby"), ("30m", "pilot light")])
def test_where_no_restore_is_fast_enough_a_standby_is_named(rto, strategy):
    found = case("ebs-volumes", wl_rpo="5h", wl_rto=rto).finding("rto-below-estimate")
    assert f"build a {strategy}" in found["fix"]


def test_a_price_that_is_not_known_is_said_and_not_zero():
    customer = {"aws_primary": "eu-north-1", "aws_dr": ["eu-central-1"]}
    found = case("ebs-volumes", customer=customer, wl_rpo="5h", wl_rto="118m").finding("rto-below-estimate")
    assert "price not known for this Region" in found["fix"]


def test_the_region_has_its_own_findings():
    made = case("ebs-volumes", wl_rpo="6h", wl_rto="8h", wl_region_rto="1h", wl_region_rpo="2h")
    assert {"region-rto-below-estimate", "region-rpo-not-met"} <= made.checks()
    assert not {"rto-below-estimate", "rpo-not-met"} & made.checks()
    assert made.finding("region-rpo-not-met")["setting"] == "replication"


def test_lost_work_names_the_schedule_that_would_do():
    found = case("database", wl_where="on-premises", wl_log_backup=False, wl_freq="12h", wl_rpo="4h", wl_engine="mysql").finding(
        "rpo-not-met"
    )
    assert found["sentence"] == (
        "Up to 12 h of work is lost after deleted or corrupted data, a failed server or disk, the loss of a zone or site"
        " or ransomware or a rogue administrator; 4 h may be."
    )
    assert found["fix"] == "Turn on log backup (archive log mode, full recovery model, WAL archiving) and ship the log."
    assert (found["severity"], found["setting"]) == ("high", "database_path")


@pytest.mark.parametrize(
    ("tier", "severity"), [("mission-critical", "high"), ("important", "high"), ("standard", "medium"), ("archive", "medium")]
)
def test_lost_work_weighs_by_tier(tier, severity):
    assert case("ebs-volumes", wl_rpo="1h", wl_tier=tier).finding("rpo-not-met")["severity"] == severity


def test_lost_work_at_the_target_is_no_finding():
    events = {"rec_disrupt": ["deletion", "region-loss"]}
    assert "rpo-not-met" in case("ebs-volumes", customer=events, wl_rpo="119m").checks()
    assert "rpo-not-met" not in case("ebs-volumes", customer=events, wl_rpo="2h").checks()


def test_a_copy_elsewhere_needs_time_on_its_way():
    # A snapshot every 4 h stays under 5 h here, but not once a minute of copying comes to it; one every 3 h does.
    found = case("ebs-volumes", wl_rpo="5h").finding("rpo-not-met")
    assert found["sentence"] == "Up to 5 h 1 min of work is lost after ransomware or a rogue administrator; 5 h may be."
    assert found["fix"] == "Take a snapshot every 3 h: that stays under the target, an hour until it starts and the copying included."
    assert case("ebs-volumes", wl_rpo="5h").finding("account-rpo-not-met")["severity"] == "medium"


@pytest.mark.parametrize(("target", "words"), [("5h", "every 4 h"), ("299m", "every 1 h"), ("119m", "No schedule is that short")])
def test_the_interval_of_a_backup_that_would_do(target, words):
    part = case("file-share").parts[0]
    assert words in remedies.scheduled(part, parse_duration(target), False)


def test_a_shipped_log_is_replicated_beside_the_snapshots():
    answers = {"wl_db_host": "ec2", "wl_engine": "mysql", "wl_log_backup": True, "wl_log_every": "15m", "wl_region_rpo": "75m"}
    entry = case("database", **answers).entry("region-loss")
    assert (entry["rpo"], entry["rpo_met"]) == ("75m", True)
    assert entry["mechanism"].endswith(", with the log shipped every 15 min and replicated")


def test_replication_that_is_too_slow_names_what_is_copied_before_it():
    answers = {"wl_where": "on-premises", "wl_freq": "daily", "wl_rpo": "24h", "wl_region_rpo": "24h", "wl_rto": "8h"}
    found = case("file-share", **answers).finding("region-rpo-not-met")
    assert found["fix"] == "Copy it every 12 h instead of every 24 h."


@pytest.mark.parametrize(("tier", "severity"), [("mission-critical", "critical"), ("important", "high"), ("archive", "medium")])
def test_an_event_that_leaves_no_copy_is_always_told(tier, severity):
    found = case("object-data", wl_xregion="not-needed", wl_xregion_why="Cheap", wl_xacct="not-needed", wl_xacct_why="Cheap", wl_tier=tier)
    found = found.finding("no-copy-for-event")
    assert found["sentence"] == "No copy is left after the loss of the Region or the loss of the AWS account."
    assert (found["severity"], found["setting"]) == (severity, "replication")


def test_every_objective_that_is_not_met_has_a_finding():
    for path in EXAMPLES:
        made = decided(read_engagement(path.read_bytes()))
        told = {(one["check"], one["workload"]) for one in made.findings()}
        for part in made.parts:
            for entry in part.recovery:
                region = "region-" if entry["disruption"] == "region-loss" else ""
                loss = {"region-loss": "region-", "account-loss": "account-"}.get(entry["disruption"], "")
                if entry["rpo"] is None:
                    assert ("no-copy-for-event", part.key) in told
                    continue
                assert entry["rpo_met"] or (f"{loss}rpo-not-met", part.key) in told
                assert entry["rto_met"] or (f"{region}rto-below-estimate", part.key) in told


# ---------------------------------------------------------------------------- chains, snapshots, budget, prices, first copy
def test_a_chain_counts_its_targets_and_the_own_recovery():
    # The slow one's 2 h, then 79 min here: 15 + 15 + 59 load of 1 TiB... against the own target.
    first = {"name": "Base", "wl_kind": "ebs-volumes", "wl_rpo": "5h", "wl_rto": "2h"}
    own = {"wl_deps": ["Base"], "wl_rpo": "5h"}
    found = case("ebs-volumes", others=(first,), wl_rto="238m", **own).finding("dependency-chain")
    assert found["sentence"] == "Data waits for Base; together they need 3 h 59 min, the target is 3 h 58 min."
    assert "dependency-chain" not in case("ebs-volumes", others=(first,), wl_rto="239m", **own).checks()


def test_the_longest_chain_counts():
    others = (
        {"name": "A", "wl_kind": "object-data", "wl_rto": "3h"},
        {"name": "B", "wl_kind": "object-data", "wl_rto": "1h", "wl_deps": ["C"]},
        {"name": "C", "wl_kind": "object-data", "wl_rto": "4h"},
    )
    found = case("object-data", others=others, wl_deps=["A", "B"], wl_rto="5h").finding("dependency-chain")
    assert "Data waits for C, then B;" in found["sentence"]


@pytest.mark.parametrize(
    ("answers", "fires"),
    [
        ({"wl_rto": "59m", "wl_prov": "1.001 TiB"}, True),
        ({"wl_rto": "1h", "wl_prov": "1.001 TiB"}, False),
        ({"wl_rto": "59m", "wl_prov": "1 TiB"}, False),
    ],
)
def test_large_volumes_that_must_be_fast_within_the_hour(answers, fires):
    made = case("ebs-volumes", wl_rpo="5h", **answers)
    assert ("snapshot-initialisation" in made.checks()) is fires
    if fires:
        assert "USD 1095.00 a month" in made.finding("snapshot-initialisation")["sentence"]


def test_a_volume_of_over_16_tib_needs_fast_restore_twice():
    found = case("ebs-volumes", wl_rpo="5h", wl_rto="59m", wl_prov="17 TiB").finding("snapshot-initialisation")
    assert found["sentence"].endswith("initialisation rate: USD 2190.00 a month.")


def test_the_design_above_the_budget_names_what_saves_most():
    made = case("object-data", customer={"bud_month": "100 USD"}, wl_versions=5, wl_freq="hourly")
    costs = {"wl_xregion": Decimal(70), "wl_versions": Decimal(95), "wl_latency": Decimal(90), "sec_log": Decimal(119)}

    def monthly_with(question, value, index):
        assert index == (None if question == "sec_log" or question.startswith("cmp_") else 0)
        return costs.get(question, Decimal(120))

    found = made.finding("over-budget", monthly=Decimal(120), monthly_with=monthly_with)
    assert found["sentence"] == (
        "The design costs USD 120.00 a month, USD 20.00 above the budget; these answers save most: no copy in another Region for Data"
        " (USD 50.00); old data opens within 48 hours for Data (USD 30.00); no old versions for Data (USD 25.00)."
    )
    assert found["answers"] == ["bud_month", "bud_hard", "wl_xregion", "wl_latency", "wl_versions"]
    assert found["severity"] == "high"


def test_a_hard_budget_is_critical_and_the_budget_itself_is_kept():
    made = case("object-data", customer={"bud_month": "100 USD", "bud_hard": True})
    assert made.finding("over-budget", monthly=Decimal("100.01"))["severity"] == "critical"
    assert "over-budget" not in made.checks(monthly=Decimal(100))
    assert "over-budget" not in made.checks(monthly=None)
    assert "over-budget" not in case("object-data").checks(monthly=Decimal(10**9))


def test_prices_that_are_not_known_are_named():
    made = case("object-data")
    assert "prices-unknown" not in made.checks()
    found = made.finding("prices-unknown", unknown=("a/1", "b/2", "c/3", "d/4"))
    assert found["sentence"] == "Prices are not known for a/1, b/2, c/3 and 1 more, so the cost is incomplete."


@pytest.mark.parametrize(("line", "fires"), [("15 Mbit/s", True), ("20 Mbit/s", False)])
def test_a_first_copy_over_a_week_is_told(line, fires):
    # 2^40 B at 80 % of 20 Mbit/s: 6.4 days
    customer = {"net_bw": line, "net_bw_off": line}
    made = case("file-share", customer=customer, wl_where="on-premises", wl_freq="hourly", wl_rto="8h")
    assert ("first-copy-slow" in made.checks()) is fires
    due = case("file-share", customer={**customer, "eng_deadline": "2027-03-31"}, wl_where="on-premises", wl_freq="hourly", wl_rto="8h")
    begins = [one["sentence"] for one in due.findings() if one["check"] == "seed-misses-deadline"]
    assert [("has to begin by 2027-03-2" in words) for words in begins] == ([True] if fires else [])
    on_device = case("file-share", customer={**customer, "net_device": True}, wl_where="on-premises", wl_freq="hourly")
    assert "first-copy-slow" not in on_device.checks()


def with_lifecycle(made, steps, expire):
    """The case with a lifecycle that the search would not choose."""
    part = made.parts[0]
    lifecycle = Lifecycle(steps, expire, (), frozenset(), (), (), frozenset())
    return replace(made, parts=(replace(part, decisions=replace(part.decisions, lifecycle=lifecycle)),))


@pytest.mark.parametrize(
    ("steps", "expire", "fires"),
    [
        ((("STANDARD", 0), ("DEEP_ARCHIVE", 30)), 209, True),
        ((("STANDARD", 0), ("DEEP_ARCHIVE", 30)), 210, False),
        ((("STANDARD", 0), ("STANDARD_IA", 30), ("GLACIER", 59)), None, True),
        ((("STANDARD", 0), ("STANDARD_IA", 30), ("GLACIER", 60)), None, False),
    ],
)
def test_a_class_that_holds_data_for_less_than_it_bills(steps, expire, fires):
    assert ("minimum-days-or-size-wasted" in with_lifecycle(case("object-data"), steps, expire).checks()) is fires


def test_the_days_that_are_wasted_are_told():
    found = with_lifecycle(case("object-data"), (("STANDARD", 0), ("DEEP_ARCHIVE", 30)), 200).finding("minimum-days-or-size-wasted")
    assert found["sentence"] == "S3 Glacier Deep Archive bills at least 180 days; this data gives it 170 days."


@pytest.mark.parametrize(("size", "fires"), [("127 KiB", True), ("128 KiB", False)])
def test_small_objects_in_a_class_that_bills_128_kib(size, fires):
    made = with_lifecycle(case("object-data", wl_obj_size=size), (("STANDARD", 0), ("STANDARD_IA", 30)), None)
    assert ("minimum-days-or-size-wasted" in made.checks()) is fires


# ---------------------------------------------------------------------------- shape and order
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_findings_of_the_examples_have_their_shape_and_order(path):
    made = decided(read_engagement(path.read_bytes()))
    found = made.findings(monthly=Decimal(10**6), unknown=("x/y",))
    questions = load_questionnaire().questions
    places = {None: -1, **{part.key: index for index, part in enumerate(made.parts)}}
    for one in found:
        assert set(one) == KEYS
        assert one["pillar"] in PILLARS
        assert one["answers"]
        assert set(one["answers"]) <= set(questions)
        assert one["sentence"].endswith(".")
        assert "{" not in one["sentence"]
        assert one["setting"] in (None, "trail") or any(one["setting"] in part.decisions.hits for part in made.parts)
    order = [(SEVERITIES.index(one["severity"]), places[one["workload"]], one["check"]) for one in found]
    assert order == sorted(order)
    assert len({(one["check"], one["workload"]) for one in found}) == len(found)
    assert found == decided(read_engagement(path.read_bytes())).findings(monthly=Decimal(10**6), unknown=("x/y",))


def test_gap_ids_are_unique_and_read_answers_that_exist():
    assert len({gap.check for gap in GAPS}) == len(GAPS)
    for gap in GAPS:
        assert set(gap.answers) <= set(load_questionnaire().questions)
