"""`manage.py export`: exit codes, files, messages."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.headless import BadInput
from recommendations.design import Design
from tests.provisioning.exported import example
from tests.support.processes import ROOT, environment


@pytest.fixture
def design(tmp_path: Path) -> Path:
    path = tmp_path / "design.json"
    path.write_text(example("lumen-media").text())
    return path


def export(*arguments: Any, form: str = "cloudformation") -> None:
    call_command("export", *map(str, arguments), "--format", form)


def test_the_files_are_written_and_named(design: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "folder"

    export(design, "--out", out, "--json")

    found = json.loads(capsys.readouterr().out)
    assert found["digest"] == example("lumen-media").digest
    assert sorted(found["files"]) == sorted(path.name for path in out.iterdir())
    assert {"lumen-ap-south-1.template.yaml", "lumen-ap-south-1-existing.import.json", "README.md"} == set(found["files"])


def test_a_second_export_replaces_its_files_and_points_at_what_is_left_over(
    design: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    export(design, "--out", out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (out / "old-us-east-1.template.yaml").write_text("old")
    (out / "lumen-ap-south-1.template.yaml").write_text("half")
    (out / "notes.txt").write_text("mine")
    capsys.readouterr()

    export(design, "--out", out)

    assert {name: (out / name).read_bytes() for name in before} == before
    assert (out / "old-us-east-1.template.yaml").read_text() == "old"
    assert capsys.readouterr().err == "Not of this export, and left as they are: old-us-east-1.template.yaml\n"


def changed(path: Path, **parts: Any) -> Path:
    """The design with other parts and a digest that fits them."""
    path.write_text(Design.of({**json.loads(path.read_text()), **parts}).text())
    return path


def test_what_is_wrong_is_bad_input_and_writes_nothing(design: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "file").write_text("x")
    edited = tmp_path / "edited.json"
    edited.write_text(design.read_text().replace("ap-south-1", "ap-south-2"))

    for arguments, message in (
        ((tmp_path / "nothing.json", "--out", out), "No such file"),
        ((edited, "--out", out), "changed after the design was made"),
        ((design, "--out", out, "--account", "1234"), "expected 12 digits"),
        ((changed(design, accounts=[]), "--out", out), "give --account ID"),
        ((design, "--out", tmp_path / "file" / "below", "--account", "123456789012"), "Not a directory"),
    ):
        with pytest.raises(BadInput, match=message) as refused:
            export(*arguments)
        assert refused.value.code == 2
    assert not out.exists()


def test_terraform_is_the_other_format(design: Path, tmp_path: Path) -> None:
    export(design, "--out", tmp_path / "out", form="terraform")

    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"providers.tf.json", "lumen-ap-south-1.tf.json", "imports.tf.json", "README.md"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.json", "--format", "cloudformation", "--out", "out"], "nothing.json:1: $: No such file"),
        (["design.json", "--format", "pulumi", "--out", "out"], "invalid choice: 'pulumi'"),
        (["design.json", "--format", "terraform"], "required: --out"),
    ],
)
def test_on_the_command_line_bad_input_is_exit_code_2_without_a_traceback(
    design: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    found = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "export", *arguments],
        capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path, env=environment(STOWPLAN_DATA_DIR=str(tmp_path)),
    )  # fmt: skip
    assert found.returncode == 2
    assert message in found.stderr
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "out").exists()
