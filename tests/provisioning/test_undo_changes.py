"""Undo of changed settings, every type at once: what the first design made, changed by a second one, is afterwards as the first left it."""

import pytest

from provisioning.resources import TYPES
from tests.provisioning.cases import change_of, plan_of, run, with_property
from tests.provisioning.reports import SETTINGS, report, tiers
from tests.provisioning.test_apply_types import CHANGES, before_and_after
from tests.provisioning.undoing import actions, applied, carry, undo_of

pytestmark = pytest.mark.long
# What is made once has no changed settings, and an account's own are changed by the first run already.
MADE_ONCE = {"AWS::S3::BatchReplication", "AWS::SNS::Subscription", "AWS::Backup::BackupSelection"}
ACCOUNT = {"AWS::S3::AccountPublicAccessBlock", "AWS::EC2::EbsEncryption"}


def test_changed_settings_of_every_type_are_put_back(url, simulator):
    first, second = before_and_after()
    assert run(plan_of(first, url)).state == "done"
    reporting = {"Inventory": [report(frequency="Daily"), report("stowplan-more")], "IntelligentTiering": [tiers(days=120)]}
    second = with_property(second, "bucket-data", **SETTINGS | reporting)
    plan = plan_of(second, url)
    was = {one["name"]: one["change"]["before"] for one in plan["resource_changes"]}
    types = {one["type"] for one in plan["resource_changes"] if one["change"]["actions"] == ["update"]}
    known = {name for name in TYPES if name in {one["type"] for one in plan["resource_changes"]}}
    assert known - types == MADE_ONCE | ACCOUNT
    plan, journal = applied(second, url)
    undo = undo_of(plan, journal, url)
    assert actions(undo) == dict.fromkeys(CHANGES, "restore")
    outcome = carry(undo, plan, journal, url)
    assert outcome.state == "done", outcome.lines()
    after = plan_of(second, url)
    different = {name for name, before in was.items() if change_of(after, name)["change"]["before"] != before}
    assert different == set()
