"""checkov on both exports of all three examples: what it finds carries a reason beside the resource, and no reason is without a finding.

One run for all files. checkov has an environment of its own (`make .venv/checkov/.installed`). Its reader of Terraform's JSON knows no
skips and neither `terraform` nor `import` blocks, so those two files stay out and the reasons are compared here.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioning.exporters import cloudformation, terraform
from tests.provisioning.exported import NAMES, example, templates_of
from tests.support.processes import ROOT

CHECKOV = ROOT / ".venv" / "checkov" / "bin" / "checkov"
WITHOUT_RESOURCES = ("providers.tf.json", "imports.tf.json")
Key = tuple[str, str, str]  # file, resource, check
LONG_ENOUGH = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("checkov")
    for name in NAMES:
        design = example(name).document
        for file, template in templates_of(cloudformation.export(design)).items():
            (found / f"{name}-{file.split('.')[0]}.template.json").write_text(json.dumps(template))
        for one in terraform.export(design):
            if one.name.endswith(".tf.json") and one.name not in WITHOUT_RESOURCES:
                (found / f"{name}-{one.name}").write_text(one.text)
    return found


def reasons(folder: Path, framework: str) -> Iterator[tuple[Key, str]]:
    """Each reason that stands in a file."""
    if framework == "cloudformation":
        for path in folder.glob("*.template.json"):
            for logical, resource in json.loads(path.read_text())["Resources"].items():
                for one in resource.get("Metadata", {}).get("checkov", {}).get("skip", ()):
                    yield (path.name, logical, one["id"]), one["comment"]
        return
    for path in folder.glob("*.tf.json"):
        for resources in json.loads(path.read_text())["resource"].values():
            for name, resource in resources.items():
                for check, reason in re.findall(r"checkov:skip=(\w+): (.*?)(?= checkov:skip=|$)", resource.get("//", "")):
                    yield (path.name, name, check), reason


def keys(checks: list[dict[str, Any]]) -> set[Key]:
    """In Terraform's JSON checkov leaves the type out for some of its checks; the names of the resources are unique without it."""
    return {(one["file_path"].lstrip("/"), one["resource"].rpartition(".")[2], one["check_id"]) for one in checks}


def test_every_finding_has_its_reason_and_every_reason_its_finding(folder: Path) -> None:
    command = [CHECKOV, "-d", folder, "--framework", "cloudformation", "terraform_json", "--output", "json", "--compact", "--skip-download"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    reports = {one["check_type"]: one for one in json.loads(done.stdout)}
    assert set(reports) == {"cloudformation", "terraform_json"}
    for framework, state in (("cloudformation", "skipped_checks"), ("terraform_json", "failed_checks")):
        report = reports[framework]
        told = dict(reasons(folder, framework))
        assert report["summary"]["parsing_errors"] == 0
        found = keys(report["results"][state])
        assert found <= set(told)
        # checkov takes the end of a replication in another file for replicated; in its own file, alone, it is not.
        assert {check for _, _, check in set(told) - found} <= {"CKV_AWS_144"}
        assert all(len(reason) >= LONG_ENOUGH for reason in told.values())
    assert reports["cloudformation"]["results"]["failed_checks"] == []
    judged = {one["resource"].split(".")[0] for one in reports["cloudformation"]["results"]["passed_checks"]}
    for family in ("S3", "KMS", "CloudTrail", "Backup", "SNS", "IAM"):
        assert any(kind.startswith(f"AWS::{family}::") for kind in judged), family
