"""Every error of the engagement format as a file: `errors/error_*.yaml`, with the beginning of each message in the `.txt` beside it."""

from pathlib import Path

import pytest

from assessment.engagement import EngagementErrors, read_engagement

FILES = sorted(Path(__file__).parent.glob("errors/error_*.yaml"))
GOOD = """schema: stowplan/engagement/1
customer: {name: Acme}
answers: {aws_primary: us-east-1}
workloads:
- name: Data
  answers: {wl_kind: database, wl_where: aws, wl_size: 1 TiB, wl_rto: 4h, wl_rpo: 1h}
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_error_is_named_with_line_path_and_what_would_be_right(path):
    expected = path.with_suffix(".txt").read_text().splitlines()
    with pytest.raises(EngagementErrors) as caught:
        read_engagement(path.read_bytes())
    lines = caught.value.lines("x.yaml")
    assert expected
    assert len(lines) == len(expected), lines
    for line, beginning in zip(lines, expected, strict=True):
        assert line.startswith(f"x.yaml:{beginning}"), line
        assert line.endswith((".", "?")) or "did you mean" in line


def test_the_files_stand_for_every_error_of_the_format():
    assert len(FILES) >= 60


def test_a_file_without_errors_is_read():
    engagement = read_engagement(GOOD.encode())
    assert engagement.workloads[0].key == "data"


def test_at_most_a_hundred_errors_are_told_sorted_by_line():
    rows = "".join(f"- name: W{n}\n  answers: {{wl_kind: x}}\n" for n in range(40))
    with pytest.raises(EngagementErrors) as caught:
        read_engagement((GOOD.split("workloads:")[0] + "workloads:\n" + rows).encode())
    assert len(caught.value.problems) == 100
    numbers = [problem.line for problem in caught.value.problems]
    assert numbers == sorted(numbers)


def test_errors_on_one_line_keep_the_order_of_the_questions():
    text = GOOD.replace("wl_rto: 4h, wl_rpo: 1h", "wl_rpo: x, wl_rto: y")
    with pytest.raises(EngagementErrors) as caught:
        read_engagement(text.encode())
    assert [problem.path.rsplit(".")[-1] for problem in caught.value.problems] == ["wl_rpo", "wl_rto"]


@pytest.mark.parametrize("name", ["<script>", "{{ name }}", "{% x %}", "../../etc", "a'b\"c", "; rm -rf /", "𝔘nicode", "ا"])
def test_names_are_data(name):
    text = GOOD.replace("name: Data", "name: " + repr(name) if "'" not in name else f"name: {name}")
    assert read_engagement(text.encode()).workloads[0].name == name


def test_workloads_may_share_answers_by_an_alias():
    names = "".join(f"- {{name: W{n}, answers: *a}}\n" for n in range(500))
    head, answers = GOOD.split("workloads:")[0], GOOD.split("answers: ")[-1]
    engagement = read_engagement(f"{head}workloads:\n- name: W\n  answers: &a {answers}{names}".encode())
    assert len(engagement.workloads) == 501
    assert all(one.answers == engagement.workloads[0].answers for one in engagement.workloads)
