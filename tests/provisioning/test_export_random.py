"""CloudFormation of random designs, as cfn-lint reads it: 50 in `make test`, 1,000 in `make test-long`."""

import subprocess
import sys
from pathlib import Path

import pytest

from provisioning.exporters.cloudformation import export
from recommendations.evaluate import evaluate
from tests.strategies import random_engagement

CFN_LINT = Path(sys.executable).with_name("cfn-lint")
ACCOUNT = "123456789012"


def lint(seeds: range, folder: Path) -> str:
    """What cfn-lint calls an error in the templates of these seeds."""
    for seed in seeds:
        for file in export(evaluate(random_engagement(seed, most=2)).document, ACCOUNT):
            if file.name.endswith(".template.yaml"):
                (folder / f"{seed}-{file.name}").write_text(file.text)
    templates = sorted(str(path) for path in folder.iterdir())
    assert templates
    done = subprocess.run([CFN_LINT, "--non-zero-exit-code", "error", *templates], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("part", range(2))
def test_templates_of_random_designs_have_no_error(part: int, tmp_path: Path) -> None:
    assert lint(range(part * 25, part * 25 + 25), tmp_path) == ""


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_templates_of_a_thousand_random_designs_have_no_error(part: int, tmp_path: Path) -> None:
    assert lint(range(part * 50, part * 50 + 50), tmp_path) == ""
