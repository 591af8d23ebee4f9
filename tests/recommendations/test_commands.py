"""The headless commands `design` and `check_rules` as a pipeline sees them: exit codes, messages, files."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import execute_from_command_line

from accounts.headless import BadInput
from recommendations.design import load_design
from recommendations.design_file import read_design

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = "examples/lumen-media.yaml"
Manage = Callable[..., subprocess.CompletedProcess[str]]


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` in a process of its own, with a database that nobody can reach."""
    env = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", **environment}
    return subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Manage:
    """The same in this process, which is quicker; a touch of the database fails the test."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        code: object = 0
        try:
            execute_from_command_line(["manage.py", *arguments])
        except SystemExit as end:
            code = end.code or 0
        told = capsys.readouterr()
        assert isinstance(code, int)
        return subprocess.CompletedProcess(arguments, code, told.out, told.err)

    return run


def test_the_design_goes_to_standard_output_and_the_summary_to_standard_error() -> None:
    done = manage("design", EXAMPLE)
    assert done.returncode == 0
    design = load_design(json.loads(done.stdout))
    assert design.document["engagement"]["customer"] == "Lumen Media"
    assert design.digest in done.stderr


def test_with_out_the_design_is_a_file_and_json_sums_it_up(tmp_path: Path) -> None:
    target = tmp_path / "design.json"
    done = manage("design", EXAMPLE, "--out", str(target), "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["digest"]) == (0, read_design(target).digest)
    assert told["workloads"] == 6
    assert [path.name for path in tmp_path.iterdir()] == ["design.json"]


def test_it_needs_no_database_setting_at_all(tmp_path: Path) -> None:
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env["STOWPLAN_DATA_DIR"] = str(tmp_path / "nothing")
    done = subprocess.run(
        [sys.executable, "manage.py", "design", EXAMPLE, "--json"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            ("aws_primary: ap-south-1", "aws_primry: ap-south-1"),
            'answers.aws_primry: "aws_primry" is no question; did you mean aws_primary',
        ),
        (("bud_hard: true", "bud_hard: 7"), "answers.bud_hard: "),
        (("wl_size: 600 TiB", "wl_sizes: 600 TiB"), "workloads[0].answers.wl_size: This question needs a value"),
    ],
)
def test_bad_answers_are_exit_2_with_file_line_and_path(here: Manage, tmp_path: Path, change: tuple[str, str], line: str) -> None:
    text = (ROOT / EXAMPLE).read_text()
    assert change[0] in text
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace(change[0], change[1], 1))
    done = here("design", str(bad), "--out", str(tmp_path / "design.json"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert any(one.startswith(f"{bad}:") and line in one for one in done.stderr.splitlines()), done.stderr
    assert all(one.split(":")[1].isdigit() for one in done.stderr.splitlines())
    assert not (tmp_path / "design.json").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1, 2", b"- a\n", b"a: !!python/object x\n"])
def test_what_is_no_engagement_is_exit_2_without_traceback(here: Manage, tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(content)
    done = here("design", str(bad))
    assert done.returncode == 2
    assert done.stderr.startswith(f"{bad}:")
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_and_a_place_that_cannot_be_written_are_exit_2(here: Manage, tmp_path: Path) -> None:
    missing = here("design", str(tmp_path / "no.yaml"))
    assert (missing.returncode, missing.stderr.strip()) == (2, f"{tmp_path / 'no.yaml'}:1: $: No such file or directory")
    folder = here("design", str(tmp_path))
    assert folder.returncode == 2
    nowhere = here("design", EXAMPLE, "--out", str(tmp_path / "no" / "design.json"))
    assert nowhere.returncode == 2
    onto_folder = here("design", EXAMPLE, "--out", str(tmp_path))
    assert onto_folder.returncode == 2
    assert list(tmp_path.iterdir()) == []
    assert here("design").returncode == 2


def test_json_tells_the_failure_as_well(here: Manage, tmp_path: Path) -> None:
    done = here("design", str(tmp_path / "no.yaml"), "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["exit"], told["result"]) == (2, 2, "bad-input")
    assert told["messages"] == done.stderr.splitlines()


def test_a_file_that_was_there_is_replaced_whole(here: Manage, tmp_path: Path) -> None:
    target = tmp_path / "design.json"
    target.write_text("old")
    assert here("design", "examples/none.yaml", "--out", str(target)).returncode == 2
    assert target.read_text() == "old"
    assert here("design", EXAMPLE, "--out", str(target)).returncode == 0
    assert read_design(target).digest


def test_an_edited_design_is_bad_input(here: Manage, tmp_path: Path) -> None:
    target = tmp_path / "design.json"
    here("design", EXAMPLE, "--out", str(target))
    target.write_text(target.read_text().replace("ap-south-1", "ap-south-2"))
    with pytest.raises(BadInput, match="changed after the design was made"):
        read_design(target)
    target.write_text('{"schema": "stowplan/design/1", "schema": 1}')
    with pytest.raises(BadInput, match="stands twice"):
        read_design(target)
    target.write_text("{")
    with pytest.raises(BadInput, match="not JSON"):
        read_design(target)


def test_check_rules_passes_on_the_rules_that_ship() -> None:
    done = manage("check_rules", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["problems"] == []


def test_check_rules_shows_a_counter_example(here: Manage, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "recommendations" / "rules", rules)
    table = rules / "iam.yaml"
    table.write_text(table.read_text().replace("""'"exists","create"'""", """'"exists"'"""))
    done = here("check_rules", "--rules", str(rules))
    assert done.returncode == 1
    assert "iam.yaml: no row fits separate_account=create" in done.stderr.splitlines()
    table.write_text("table: iam\n")
    broken = here("check_rules", "--rules", str(rules), "--json")
    assert broken.returncode == 1
    assert "missing" in json.loads(broken.stdout)["problems"][0]
    assert here("check_rules", "--rules", str(tmp_path / "no")).returncode == 2
