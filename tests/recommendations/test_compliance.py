"""Compliance packs: what the loader refuses, what the examples support and why, and that nothing is met without its setting."""

import copy
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.compliance import PackError, compliance_of, load_packs, read_pack, read_packs
from recommendations.compliance.facts import FACTS
from recommendations.maturity import load_practices

GOLDEN = Path(__file__).parents[1] / "golden"
REGIMES = ("hipaa", "gdpr", "pci-dss", "sox", "sec-17a-4", "iso-27001", "soc-2", "dora", "nis2")
CONTROL = {"id": "a", "title": "A", "demand": "B", "owed": "C"}


def design(name):
    return json.loads((GOLDEN / f"{name}.design.json").read_text())


def statuses(document):
    found = compliance_of(document, REGIMES)["regimes"]
    return {control["control"]: control["status"] for regime in found for control in regime["controls"]}


def pack(**changes):
    return yaml.safe_dump({"regime": "x", "title": "X", "source": "S", "controls": [{**CONTROL, **changes}]}).encode()


def test_every_regime_of_the_questionnaire_has_a_pack():
    assert set(load_packs().packs) == set(REGIMES)


def test_every_fact_is_asked_by_a_control_or_a_practice():
    asked = {name for one in load_packs().packs.values() for control in one.controls for name in control.tests}
    practices = {name for one in load_practices().pillars for practice in one.practices for name in practice.after}
    assert asked | practices >= set(FACTS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"met_when": {"moon": "true"}}, "there is no fact 'moon'"),
        ({"met_when": {"log_days": '"all"'}}, "fact log_days"),
        ({"met_when": {"protected": '"most"'}}, "'most' is none of none, some, all"),
        ({"demand": ""}, "demand is missing"),
        ({"extra": 1}, "may stand here"),
    ],
)
def test_the_loader_names_what_is_wrong(changes, words):
    with pytest.raises(PackError, match=words):
        read_pack(pack(**changes), "x.yaml")


def test_a_control_stands_in_one_pack_only(tmp_path):
    for name in ("x", "y"):
        (tmp_path / f"{name}.yaml").write_bytes(pack().replace(b"regime: x", f"regime: {name}".encode()))
    with pytest.raises(PackError, match=r"'a' also stands in x\.yaml"):
        read_packs(tmp_path)


@pytest.mark.parametrize(
    ("name", "control", "status", "reason"),
    [
        ("northwind-clinics", "hipaa-testing", "met", "every workload is rehearsed each quarter"),
        ("northwind-clinics", "hipaa-documentation", "met", "logs are kept six years"),
        ("northwind-clinics", "hipaa-baa", "customer", "an agreement is signed by people"),
        ("baltic-bank", "pci-log-retention", "met", "logs are kept seven years, in Glacier Instant Retrieval from day 90"),
        ("baltic-bank", "pci-log-protection", "met", "the log bucket has Object Lock"),
        ("baltic-bank", "gdpr-transfers", "met", "Frankfurt and Ireland are in the EEA"),
        ("baltic-bank", "gdpr-storage-limitation", "not-met", "the branch file shares never expire"),
        ("baltic-bank", "dora-objectives", "not-met", "several workloads miss an objective"),
        ("baltic-bank", "dora-segregated", "not-met", "EBS snapshots and the mailbox export are not locked"),
        ("lumen-media", "hipaa-recovery-plan", "not-met", "no copy leaves the Region"),
        ("lumen-media", "hipaa-encryption-at-rest", "met", "copies are encrypted, under keys that AWS manages"),
        ("lumen-media", "hipaa-access", "not-met", "the keys are managed by AWS"),
        ("northwind-clinics", "sec-worm", "not-met", "its locks are in governance mode, which people can lift"),
        ("lumen-media", "gdpr-transfers", "not-met", "Mumbai is not in the EEA"),
    ],
)
def test_the_examples_were_reviewed_by_hand(name, control, status, reason):
    assert statuses(design(name))[control] == status, reason


def test_a_governance_lock_is_a_lock_but_not_a_strict_one():
    document = design("northwind-clinics")
    locks = [one for w in document["workloads"] for one in w["settings"] if one["name"] == "object_lock" and one["value"] != "none"]
    assert {one["value"]["Mode"] for one in locks} == {"GOVERNANCE"}
    assert FACTS["locked"].see(document).holds
    assert FACTS["strictly_locked"].see(document).holds == ()


def test_a_workload_excepted_from_the_second_account_lacks_it():
    document = design("northwind-clinics")
    key = FACTS["separate_account"].see(document).holds[0]
    place = [one["key"] for one in document["workloads"]].index(key)
    document["answers"]["workloads"][place]["answers"]["wl_xacct"] = "not-needed"
    assert key in FACTS["separate_account"].see(document).holds, "what the recovery figures say counts first"
    recovery = document["workloads"][place]["recovery"]
    document["workloads"][place]["recovery"] = [one for one in recovery if one["disruption"] != "account-loss"]
    assert key in FACTS["separate_account"].see(document).lacking


def test_wording_never_promises():
    words = " ".join(f"{control.title} {control.demand} {control.owed}" for one in load_packs().packs.values() for control in one.controls)
    assert not [word for word in ("compliant", "certif", "guarantee", "ensures compliance") if word in words.replace("certificates", "")]


def test_evidence_names_what_lacks_the_setting():
    found = compliance_of(design("lumen-media"), ["sec-17a-4"])["regimes"][0]["controls"][0]
    assert "master-archive" in found["evidence"][0]["lacking"]
    assert found["owed"]


def test_a_regime_without_a_pack_says_so_and_none_is_nothing():
    found = compliance_of(design("lumen-media"), ["contract-only", "none"])["regimes"]
    assert [(one["regime"], one["controls"]) for one in found] == [("contract-only", [])]
    assert "contracts" in found[0]["note"]


@pytest.mark.parametrize(("days", "status"), [(2191, "not-met"), (2192, "met")])
def test_six_years_of_logs_are_2192_days(days, status):
    document = design("northwind-clinics")
    next(one for one in document["settings"] if one["name"] == "trail")["value"]["days"] = days
    assert statuses(document)["hipaa-documentation"] == status


def test_a_design_of_nothing_supports_nothing():
    empty = {"settings": [], "workloads": [], "findings": [], "resources": []}
    assert "met" not in statuses(empty).values()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["northwind-clinics", "baltic-bank", "lumen-media"]), st.data())
def test_nothing_is_met_when_the_setting_behind_it_is_absent(name, data):
    document = copy.deepcopy(design(name))
    gone = data.draw(st.sampled_from(["protection", "replication", "encryption", "drills", "monitoring", "dr_strategy", "trail", "iam"]))
    for owner in (document, *document["workloads"]):
        owner["settings"] = [one for one in owner["settings"] if one["name"] != gone]
    resting = [
        control
        for regime in compliance_of(document, REGIMES)["regimes"]
        for control in regime["controls"]
        for one in control["evidence"]
        if one["setting"] == gone and one["fact"] not in ("trails", "log_lock", "log_ready_days")
    ]
    assert resting
    assert not [one["control"] for one in resting if one["status"] == "met"]
