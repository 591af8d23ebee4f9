"""What a plan says about lifecycle rules of others that stay beside the designed ones."""

import pytest

from provisioning.resources.bucket.dangers import notes


@pytest.mark.parametrize(("prefix", "where"), [("incoming/", "deletes under 'incoming/' after 7 days"), ("", "deletes after 7 days")])
def test_a_foreign_rule_is_told_with_the_prefix_that_it_reaches(prefix: str, where: str) -> None:
    foreign = {"ID": "cleanup", "Status": "Enabled", "Filter": {"Prefix": prefix}, "Expiration": {"Days": 7}}
    designed = {"ID": "stowplan-data", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 45}}
    (note,) = notes("films", {"LifecycleRules": [designed]}, {"LifecycleRules": [foreign, designed]})
    assert f"rule cleanup of bucket films is not ours and stays: it {where} what the design keeps for 45 days" in note
