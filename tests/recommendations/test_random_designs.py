"""Thousands of random engagements, by seed: what AWS would refuse is never designed, and the same answers give the same digest.

`make test` takes 2,000, `make test-long` 100,000 (or as many as STOWPLAN_RANDOM_DESIGNS says). A failure names its seed.
"""

import json
import os

import pytest

from recommendations.design import canonical_json, load_design
from recommendations.evaluate import evaluate
from tests.recommendations.lifecycle_rules import problems
from tests.recommendations.payloads import complaints
from tests.strategies import random_engagement

CHUNKS = 20
MANY = int(os.environ.get("STOWPLAN_RANDOM_DESIGNS", "100000"))


def check(seed: int) -> None:
    design = evaluate(random_engagement(seed, most=2))
    resources = design.document["resources"]
    assert complaints(resources) == [], seed
    for resource in resources:
        if resource["type"] == "AWS::S3::Bucket":
            properties = resource["properties"]
            assert problems(properties["LifecycleRules"], versioned="Versioning" in properties) == [], (seed, resource["key"])
            assert not properties["ObjectLock"] or properties["Versioning"] == "Enabled", seed
    if seed % 10 == 0:
        assert evaluate(random_engagement(seed, most=2)).digest == design.digest, seed
        assert load_design(json.loads(canonical_json(design.document))).digest == design.digest, seed


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_engagements_give_designs_that_aws_would_take(chunk: int) -> None:
    for seed in range(chunk * 100, (chunk + 1) * 100):
        check(seed)


@pytest.mark.long
def test_many_random_engagements_give_designs_that_aws_would_take() -> None:
    for seed in range(MANY):
        check(seed)
