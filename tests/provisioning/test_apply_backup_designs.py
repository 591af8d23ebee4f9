"""What the sample engagements design for AWS Backup, applied over HTTP: made at once, and then nothing is left to do."""

from typing import Any

import pytest

from provisioning.references import references_of
from recommendations.design import Design
from tests.provisioning.cases import plan_of, run
from tests.provisioning.exported import NAMES, example

KINDS = {"BackupVault", "BackupPlan", "BackupSelection", "RestoreTestingPlan", "RestoreTestingSelection", "ReportPlan", "Framework"}
# Who else may write into a bucket or a topic belongs to the rest of the design.
LEFT_OUT = {"PolicyStatements": [], "Notifications": None}


def of_backup(design: Design) -> Design:
    """The design's resources of AWS Backup and all that they refer to."""
    every: dict[str, dict[str, Any]] = {}
    for one in design.document["resources"]:
        own = {name: LEFT_OUT[name] for name in LEFT_OUT if name in one["properties"] and "Backup" not in one["type"]}
        every[one["key"]] = {**one, "properties": {**one["properties"], **own}}
    waiting = [key for key, one in every.items() if one["type"].startswith("AWS::Backup::")]
    kept: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in kept:
            kept.add(key)
            waiting += [reference.key for reference in references_of(every[key])]
    return Design.of({**design.document, "resources": [one for key, one in every.items() if key in kept]})


@pytest.mark.parametrize("name", NAMES)
def test_what_an_engagement_designs_for_aws_backup_is_made_and_stays(url: str, name: str) -> None:
    design = of_backup(example(name))
    assert {one["type"].rpartition("::")[2] for one in design.document["resources"] if "Backup" in one["type"]} == KINDS
    outcome = run(plan_of(design, url))
    assert outcome.state == "done", outcome.lines()
    again = plan_of(design, url)["stowplan"]["summary"]
    assert again["unchanged"] == len(design.document["resources"])
