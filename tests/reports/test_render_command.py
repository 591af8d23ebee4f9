"""`manage.py render`: no database, exit codes, nothing half-written."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.support.processes import manage


def test_it_renders_without_a_database(design_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "summary.pdf"
    done = manage("render", design_file, "--document", "summary", "--out", out, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert said["design_digest"] == json.loads(design_file.read_text())["digest"]


def test_the_design_document_is_what_comes_without_a_choice(design_file: Path, tmp_path: Path) -> None:
    done = manage("render", design_file, "--out", tmp_path / "d.pdf")
    assert done.returncode == 0
    assert "Storage, backup and recovery design" in done.stdout


def test_an_edited_design_is_bad_input(design_file: Path, tmp_path: Path) -> None:
    edited = tmp_path / "edited.json"
    edited.write_text(design_file.read_text().replace("Every copy is encrypted.", "No copy is encrypted."))
    done = manage("render", edited, "--out", tmp_path / "d.pdf")
    assert done.returncode == 2
    assert "the file was changed after the design was made" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "d.pdf").exists()


def test_a_redline_takes_the_older_design_and_a_certificate_needs_an_approval(design_file: Path, tmp_path: Path) -> None:
    done = manage("render", design_file, "--document", "redline", "--older", design_file, "--out", tmp_path / "r.pdf")
    assert (done.returncode, done.stderr) == (0, "")
    done = manage("render", design_file, "--document", "certificate", "--out", tmp_path / "c.pdf")
    assert done.returncode == 1
    assert "Only an approved design has an approval certificate" in done.stderr
    assert not (tmp_path / "c.pdf").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.json", "--out", "d.pdf"], "No such file"),
        (["DESIGN", "--document", "poem", "--out", "d.pdf"], "invalid choice"),
        (["DESIGN"], "--out"),
    ],
)
def test_bad_arguments_are_exit_2(arguments: list[str], says: str, design_file: Path) -> None:
    done = manage("render", *[str(design_file) if a == "DESIGN" else a for a in arguments])
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_place_that_cannot_be_written_is_bad_input(design_file: Path, tmp_path: Path) -> None:
    done = manage("render", design_file, "--document", "summary", "--out", tmp_path / "no" / "d.pdf")
    assert done.returncode == 2
    assert "No such file or directory" in done.stderr
