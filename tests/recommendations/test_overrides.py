"""Overrides: either a design that AWS would take and that says what was overridden, or a named error that says what would be right."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.engagement import Answer, Engagement
from recommendations.alternative import Bench
from recommendations.design import load_design
from recommendations.evaluate import evaluate
from recommendations.options import options_of
from recommendations.options_document import options_document
from recommendations.overrides import OFFERED, Override, OverrideErrors, expired, overrides_of, plain_of, read_overrides, values_of
from recommendations.tables import load_rule_pack
from recommendations.trace import Tracer
from tests.recommendations.lifecycle_rules import problems
from tests.recommendations.payloads import complaints
from tests.strategies import random_engagement
from tests.support.designs import example, few_workloads

DAY = date(2027, 6, 30)
FILE = """schema: stowplan/overrides/1
overrides:
- {workload: render-cache, setting: versioning, value: enabled, reason: A render was lost., owner: Ann Ray, expires: 2027-06-30}
"""


def override(setting: str, value: str, workload: str = "render-cache", **more: Any) -> Override:
    return Override(workload, setting, value, **{"reason": "A render was lost.", "owner": "Ann Ray", "expires": DAY, **more})


def lumen(*workloads: str) -> Engagement:
    return few_workloads("lumen-media", workloads or ("Render cache", "Transcode servers"))


def setting_of(document: dict[str, Any], workload: str, name: str) -> dict[str, Any]:
    one = next(one for one in document["workloads"] if one["key"] == workload)
    return next(setting for setting in one["settings"] if setting["name"] == name)


# ------------------------------------------------------------------------------------------------------------ what is taken
def test_an_override_stands_in_the_design_with_reason_owner_and_expiry() -> None:
    plain, design = evaluate(lumen()), evaluate(lumen(), overrides=[override("versioning", "enabled")])
    assert "overrides" not in plain.document
    assert design.digest != plain.digest
    assert load_design(design.document).digest == design.digest
    setting = setting_of(design.document, "render-cache", "versioning")
    assert (setting["value"], setting["rule"]) == ("enabled", "override")
    assert setting["because"].startswith("Overridden: A render was lost. Owner: Ann Ray; holds until 2027-06-30.")
    (row,) = design.document["overrides"]
    assert (row["instead_of"], row["rule"], row["weakens"]) == ("Left as it is", "ve-reproducible", [])
    bucket = next(one for one in design.document["resources"] if one["key"] == "bucket-render-cache")
    assert bucket["properties"]["Versioning"] == "Enabled"
    assert ("override-versioning", "low") in [(one["check"], one["severity"]) for one in design.document["findings"]]


def test_no_override_gives_the_very_same_design() -> None:
    assert evaluate(lumen(), overrides=()).digest == evaluate(lumen()).digest


def test_a_class_that_is_not_to_be_used_is_not_used() -> None:
    before = setting_of(evaluate(lumen("Master archive")).document, "master-archive", "storage_class")
    assert "DEEP_ARCHIVE" in str(before["value"])
    ruled_out = [override("storage_class", name, "master-archive") for name in ("DEEP_ARCHIVE", "GLACIER")]
    document = evaluate(lumen("Master archive"), overrides=ruled_out).document
    after = setting_of(document, "master-archive", "storage_class")
    assert "GLACIER'" not in str(after["value"])
    assert "DEEP_ARCHIVE" not in str(after["value"])
    assert (after["rule"], len(document["overrides"])) == ("override", 2)


def test_data_may_be_kept_longer_but_not_shorter() -> None:
    document = evaluate(lumen(), overrides=[override("expire", "60")]).document
    assert document["workloads"][0]["lifecycle"]["expire_day"] == 60
    with pytest.raises(OverrideErrors, match="45 days"):
        evaluate(lumen(), overrides=[override("expire", "44")])


def test_what_weakens_an_objective_is_a_finding() -> None:
    rare = override("dlm", "168", "transcode-servers")
    document = evaluate(lumen(), overrides=[rare]).document
    (row,) = document["overrides"]
    assert "deletion/rpo" in row["weakens"]
    (found,) = [one for one in document["findings"] if one["check"] == "override-dlm"]
    assert found["severity"] == "high"
    assert "RPO after deletion" in found["sentence"]


def test_a_trace_of_an_override_runs_the_engine_with_it() -> None:
    tracer = Tracer(evaluate(lumen(), overrides=[override("versioning", "enabled")]).document)
    found = tracer.trace("workloads/render-cache/settings/versioning")
    assert found["rules"] == ["override"]
    assert found["override"]["owner"] == "Ann Ray"
    flips = tracer.flips("workloads/render-cache/settings/versioning")
    assert flips is not None
    assert "wl_reproduce" not in {one["question"] for one in flips if one["flip"]}


# ----------------------------------------------------------------------------------------------------------- what is refused
@pytest.mark.parametrize(
    ("name", "workload", "setting", "value", "words"),
    [
        ("lumen-media", "master-archive", "versioning", "unchanged", "Nothing else brings"),
        ("lumen-media", "master-archive", "replication", "crr", "aws_dr"),
        ("lumen-media", "transcode-servers", "dlm", "none", "cannot be made again"),
        ("lumen-media", "asset-database", "backup_plan", "none", "cannot be made again"),
        ("lumen-media", "render-cache", "encryption", "sse-s3", "sec_enc"),
        ("lumen-media", "master-archive", "expire", "3650", "for ever"),
        ("lumen-media", "master-archive", "dr_strategy", "rebuild", "wl_reproduce"),
        ("lumen-media", "nobody", "versioning", "enabled", "There is no workload"),
        ("lumen-media", "render-cache", "dlm", "8", "has no setting dlm"),
        ("lumen-media", "render-cache", "versioning", "off", "right are enabled, unchanged"),
        ("lumen-media", "render-cache", "expire", "soon", "no number of days"),
        (
            "northwind-clinics",
            "pacs-imaging-archive",
            "versioning",
            "unchanged",
            "needs versioning",
        ),
        ("northwind-clinics", "pacs-imaging-archive", "logging", "none", "A regime asks who read"),
        ("northwind-clinics", "patient-portal", "replication", "crr-rtc", "for objects in S3"),
        ("northwind-clinics", "pacs-imaging-archive", "replication", "none", "wl_xregion"),
        ("baltic-bank", "ledger-postings-archive", "object_lock", "GOVERNANCE", "strict"),
        ("baltic-bank", "kyc-document-store", "expire", "never", "may not be kept longer"),
    ],
)
def test_a_refused_override_says_why_and_what_would_be_right(name: str, workload: str, setting: str, value: str, words: str) -> None:
    with pytest.raises(OverrideErrors, match=words) as refused:
        evaluate(example(name), overrides=[override(setting, value, workload)])
    assert refused.value.problems[0].path.startswith("overrides[0].")


def test_an_override_stands_once() -> None:
    with pytest.raises(OverrideErrors, match="twice"):
        evaluate(lumen(), overrides=[override("versioning", "enabled"), override("versioning", "unchanged")])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**40), st.data())
def test_any_override_gives_a_sound_design_or_a_named_error(seed: int, data: st.DataObject) -> None:
    engagement = random_engagement(seed, 2)
    base = evaluate(engagement)
    workload = data.draw(st.sampled_from(base.document["workloads"]))
    offered = {one["table"] for one in workload["settings"]} & set(OFFERED) | {"expire"}
    setting = data.draw(st.sampled_from(sorted(offered)))
    values = [*values_of(setting, load_rule_pack()), *(["1", "400", "99999"] if setting == "expire" else [])]
    one = override(setting, data.draw(st.sampled_from(values)), workload["key"])
    document = taken(engagement, one)
    if document is None:
        return
    assert overrides_of(document) == (one,)
    assert complaints(document["resources"]) == []
    for resource in document["resources"]:
        if resource["type"] == "AWS::S3::Bucket":
            check_bucket(resource, base.document)
            assert [
                text
                for rule in [resource["properties"].get("LifecycleRules") or []]
                for text in problems(rule, versioned="Versioning" in resource["properties"])
            ] == []


def taken(engagement: Engagement, one: Override) -> dict[str, Any] | None:
    """The design with an override; None where it is refused with its name and a reason."""
    try:
        return evaluate(engagement, overrides=[one]).document
    except OverrideErrors as error:
        (problem,) = error.problems
    assert problem.message.startswith(f"{one.setting} of {one.workload} stays: ") or "Only data that itself" in problem.message
    return None


def check_bucket(resource: dict[str, Any], base: dict[str, Any]) -> None:
    """What no override takes away: encryption, no public access, versions under locks and replication, days that were asked for."""
    properties = resource["properties"]
    assert all(properties["PublicAccessBlock"].values())
    assert properties["Encryption"]["SSEAlgorithm"] in ("AES256", "aws:kms")
    if properties["ObjectLock"] or properties["Replication"]:
        assert properties["Versioning"] == "Enabled"
    before = next((one["properties"] for one in base["resources"] if one["key"] == resource["key"]), None)
    if before:
        assert shortest(properties) >= shortest(before)
        if before["ObjectLock"] and before["ObjectLock"]["Mode"] == "COMPLIANCE":
            assert properties["ObjectLock"]["Mode"] == "COMPLIANCE"


def shortest(properties: dict[str, Any]) -> int:
    """Days after which the first object is deleted."""
    return min([rule["Expiration"]["Days"] for rule in properties["LifecycleRules"] if "Days" in rule.get("Expiration", {})], default=10**9)


# ----------------------------------------------------------------------------------------------------------------- the file
def test_a_file_of_overrides_is_read_as_it_is_written() -> None:
    (one,) = read_overrides(FILE.encode())
    assert one == override("versioning", "enabled")
    assert plain_of(one)["expires"] == "2027-06-30"
    assert expired([one], date(2027, 7, 1)) == [one]
    assert expired([one], DAY) == []


@pytest.mark.parametrize(
    ("change", "words", "line"),
    [
        (("setting: versioning", "setting: public_access"), "cannot be overridden", 3),
        (("2027-06-30", "soon"), "expected a day", 3),
        (("owner: Ann Ray, ", ""), "exactly workload, setting", 3),
        (("reason: A render was lost.", "reason: ''"), "expected a text", 3),
        (("overrides/1", "overrides/9"), "schema: stowplan/overrides/1", 1),
    ],
)
def test_a_wrong_file_is_named_with_its_line(change: tuple[str, str], words: str, line: int) -> None:
    with pytest.raises(OverrideErrors, match=words) as found:
        read_overrides(FILE.replace(*change).encode())
    assert found.value.problems[0].line == line


def test_overrides_order_does_not_matter() -> None:
    both = [override("versioning", "enabled"), override("drills", "monthly", "transcode-servers")]
    assert evaluate(lumen(), overrides=both).digest == evaluate(lumen(), overrides=both[::-1]).digest
    assert replace(both[0], value="unchanged") != both[0]


# ------------------------------------------------------------------------------------------------------ what is worked out with them
def portal() -> Engagement:
    """One workload that answers that it needs no copy in another Region."""
    whole = few_workloads("northwind-clinics", ("Patient portal",))
    (one,) = whole.workloads
    return replace(whole, workloads=(replace(one, answers={**one.answers, "wl_xregion": Answer("stated", "not-needed")}),))


def test_what_is_overridden_is_not_for_choice_on_the_front() -> None:
    free = Bench(evaluate(lumen()).document, "transcode-servers").promise()
    weekly = override("dlm", "168", "transcode-servers")
    held = Bench(evaluate(lumen(), overrides=[weekly]).document, "transcode-servers").promise()
    assert "168" not in {one.mechanism.snapshots for one in free.points}
    assert {one.mechanism.snapshots for one in held.points} == {"168"}
    assert held.design is not None
    assert held.weighed < free.weighed


def test_a_what_if_keeps_overrides_and_says_when_its_answers_would_refuse_one() -> None:
    bench = Bench(evaluate(portal(), overrides=[override("replication", "none", "patient-portal")]).document, "patient-portal")
    kept, refused = bench.changed({"wl_rto": timedelta(hours=12)}), bench.changed({"wl_xregion": "needed"})
    assert kept.refused == ()
    assert "wl_xregion" in refused.refused[0]
    assert refused.after.part.decisions.value("replication", "replication") == "none"


def test_options_keep_overrides_but_those_that_their_answers_refuse() -> None:
    given = [override("replication", "none", "patient-portal"), override("drills", "monthly", "patient-portal")]
    options = options_of(portal(), balanced=evaluate(portal(), overrides=given))
    found = options_document(options)
    cheap, balanced, strict = found["options"]
    assert found["overrides"] == 2
    assert (cheap["without"], balanced["without"]) == ([], [])
    assert [one["workload"] for one in strict["without"]] == ["Patient portal"]
    drills = setting_of(options[2].design.document, "patient-portal", "drills")
    assert drills["rule"] == "override"
