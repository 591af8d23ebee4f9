"""import_engagement and export_engagement as a pipeline calls them: exit codes, messages, one JSON object."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.headless import HeadlessExit
from accounts.models import Organisation
from assessment.engagement import engagement_to_document, read_engagement
from assessment.models import Assessment
from assessment.services import create_assessment, engagement_of
from tests.assessment.examples import FOLDER, NAMES, example

pytestmark = pytest.mark.stack


def run(*arguments: str) -> tuple[int, str]:
    """Exit code and messages of `manage.py …`. In this process, as the database of the test is."""
    try:
        call_command(*arguments)
    except HeadlessExit as end:
        return end.code, "\n".join(end.lines)
    return 0, ""


@pytest.mark.parametrize("name", NAMES)
def test_in_and_out_again_without_loss(in_scope: Organisation, tmp_path: Path, name: str):
    assert run("import_engagement", str(FOLDER / f"{name}.yaml"), "--organisation", "harbour") == (0, "")
    made = Assessment.objects.get()
    assert engagement_of(made) == example(name)
    target = tmp_path / "out.yaml"
    assert run("export_engagement", str(made.pk), "--out", str(target)) == (0, "")
    assert read_engagement(target.read_bytes()) == example(name)


def test_json_on_both(in_scope: Organisation, capsys: pytest.CaptureFixture):
    assert run("import_engagement", str(FOLDER / "lumen-media.yaml"), "--organisation", "harbour", "--title", "Media", "--json") == (0, "")
    said = json.loads(capsys.readouterr().out)
    assert said["title"] == "Media"
    assert said["workloads"] == 6
    assert run("export_engagement", str(said["assessment"]), "--json") == (0, "")
    assert json.loads(capsys.readouterr().out) == engagement_to_document(example("lumen-media"))


def test_a_wrong_file_is_exit_2_with_line_and_path_and_stores_nothing(in_scope: Organisation, tmp_path: Path):
    file = tmp_path / "wrong.yaml"
    file.write_text((FOLDER / "northwind-clinics.yaml").read_text().replace("net_bw: 1 Gbit/s", "net_bw: fast"))
    line = next(number for number, text in enumerate(file.read_text().splitlines(), 1) if "net_bw: fast" in text)
    code, said = run("import_engagement", str(file), "--organisation", "harbour")
    assert code == 2
    assert said.startswith(f"{file}:{line}: answers.net_bw: ")
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["import_engagement", str(FOLDER / "lumen-media.yaml"), "--organisation", "nobody"], "there are: harbour"),
        (["import_engagement", "/nowhere/file.yaml", "--organisation", "harbour"], "No such file"),
        (["import_engagement", str(FOLDER / "lumen-media.yaml"), "--organisation", "harbour", "--title", "x" * 151], "at most 150"),
        (["export_engagement", "999"], "there is no assessment '999'"),
        (["export_engagement", "first"], "there is no assessment 'first'"),
    ],
)
def test_bad_arguments_are_exit_2(in_scope: Organisation, arguments: list, message: str):
    code, said = run(*arguments)
    assert code == 2
    assert message in said
    assert not Assessment.objects.exists()


def test_an_unfinished_assessment_is_written_with_what_it_lacks(in_scope: Organisation, capsys: pytest.CaptureFixture):
    made = create_assessment(in_scope, "Fresh Foods", "", None)
    assert run("export_engagement", str(made.pk)) == (0, "")
    said = capsys.readouterr()
    assert "name: Fresh Foods" in said.out
    assert "Not complete yet: answers.aws_primary" in said.err


def test_a_place_that_cannot_be_written_is_exit_2(in_scope: Organisation, tmp_path: Path):
    made = create_assessment(in_scope, "Fresh Foods", "", None)
    code, said = run("export_engagement", str(made.pk), "--out", str(tmp_path / "missing" / "out.yaml"))
    assert code == 2
    assert "No such file" in said
    assert not (tmp_path / "missing").exists()
