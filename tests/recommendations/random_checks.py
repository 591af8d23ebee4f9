"""What has to hold for the design of any engagement, checked for one seed at a time; a failure names the seed.

The rules stand here a second time, in AWS's words or the questionnaire's: nothing but the values under test comes from the design core.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from assessment.questionnaire import load_questionnaire
from recommendations.design import Design, canonical_json, load_design
from recommendations.evaluate import Case, consider, design_of, evaluate
from recommendations.lifecycle import _search
from recommendations.parts import Part
from recommendations.prices import load_price_book
from recommendations.tables import load_rule_pack
from recommendations.tracks import opens_within
from recommendations.what_if import WhatIf
from tests.recommendations.lifecycle_rules import problems
from tests.recommendations.loosening import comparable, loosened
from tests.recommendations.payloads import complaints
from tests.recommendations.test_what_if import changed
from tests.strategies import random_engagement

QUESTIONNAIRE, PACK, BOOK = load_questionnaire(), load_rule_pack(), load_price_book()
MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
# How a finding names each event.
EVENTS = {
    "deletion": "deleted or corrupted data",
    "hardware": "failed server or disk",
    "site-loss": "loss of a zone or site",
    "region-loss": "loss of the Region",
    "ransomware": "ransomware",
    "account-loss": "loss of the AWS account",
}


def check(seed: int) -> None:
    """Everything that has to hold for the engagement of a seed."""
    engagement = random_engagement(seed, most=2)
    case = consider(engagement, QUESTIONNAIRE, PACK, BOOK)
    design = design_of(case, PACK, BOOK)
    taken_by_aws(seed, design.document["resources"])
    objectives_told(seed, design.document, case)
    cheaper_when_looser(seed, case)
    if seed % 10 == 0:
        same_again(seed, design, cold=seed % 100 == 0)


def taken_by_aws(seed: int, resources: list[dict[str, Any]]) -> None:
    """Every call is one that AWS's models allow; every lifecycle is one that S3 takes; a lock has the versions that it needs."""
    assert complaints(resources) == [], seed
    for resource in resources:
        if resource["type"] == "AWS::S3::Bucket":
            properties = resource["properties"]
            assert problems(properties["LifecycleRules"], versioned="Versioning" in properties) == [], (seed, resource["key"])
            assert not properties["ObjectLock"] or properties["Versioning"] == "Enabled", seed


def same_again(seed: int, design: Design, *, cold: bool) -> None:
    """The same answers give the same digest, with nothing remembered too; and the file that is written reads back as the same design."""
    if cold:
        _search.cache_clear()
    assert evaluate(random_engagement(seed, most=2)).digest == design.digest, seed
    assert load_design(json.loads(canonical_json(design.document))).digest == design.digest, seed


def minutes(text: str) -> float:
    """`15m`, `1.5h`, `35d`, `2y` in minutes; a year is counted up to a whole day."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([mhdwy])", text)
    assert found, text
    return -(-int(found[1]) * 1461 // 4) * 1440 if found[2] == "y" else float(found[1]) * MINUTES[found[2]]


def objectives_told(seed: int, document: dict[str, Any], case: Case) -> None:
    """Every event that was named has its entry for every workload, with the targets as answered; met means met; what is not met is told
    by a finding of that workload that names the event and says what to do."""
    named = set(case.tree.customer.value("rec_disrupt") or ()) & set(EVENTS)
    for workload in document["workloads"]:
        entries = {entry["disruption"]: entry for entry in workload["recovery"]}
        assert sorted(entry["disruption"] for entry in workload["recovery"]) == sorted(named), seed
        told = [one for one in document["findings"] if one["workload"] == workload["key"] and one["fix"].strip()]
        for event, entry in entries.items():
            for name in ("rpo", "rto"):
                target = workload["objectives"][f"region_{name}" if event == "region-loss" else name]
                assert minutes(entry[f"{name}_target"]) == minutes(target), (seed, target)
                reached = entry[name] is not None and minutes(entry[name]) <= minutes(entry[f"{name}_target"])
                assert entry[f"{name}_met"] is reached, (seed, workload["key"], event, name)
                if not reached:
                    assert any(EVENTS[event] in one["sentence"] for one in told), (seed, workload["key"], event, name)


# Each line of a bill is rounded to a cent by itself.
ROUNDED = Decimal("0.05")


def frees(old: Part, new: Part, case: Case) -> bool:
    """Whether people alone took up the recovery time, so that it asked for no class, and leave time for one now."""
    before, after = (opens_within(part.facts, case.customer) == part.facts.rto for part in (old, new))
    return before and not after


def cheaper_when_looser(seed: int, case: Case) -> None:
    """One answer of the engagement is loosened, another one with each seed: the least cost does not rise."""
    before = case.monthly()
    ways = loosened(case.tree)
    if before is None or not ways:
        return
    question, value, index = ways[seed % len(ways)]
    after = WhatIf(case.tree, case.base, PACK, BOOK).monthly(question, value, index)
    if after is not None and after > before + ROUNDED:
        other = consider(changed(case.tree.engagement, question, value, index), QUESTIONNAIRE, PACK, BOOK)
        fair = all(comparable(old, new) and not frees(old, new, case) for old, new in zip(case.parts, other.parts, strict=True))
        assert not fair, (seed, question, value, index, before, after)
