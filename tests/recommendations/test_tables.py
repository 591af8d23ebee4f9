"""Decision tables: the pack that ships is proven, and the verifier finds what is wrong with a table that is not."""

import random
from datetime import timedelta

import pytest

from assessment.unary import holds
from recommendations.decisions import USED
from recommendations.tables import DoubleHit, NoHit, TableError, check, check_table, load_rule_pack, read_table, trace
from recommendations.tables.verifier import representatives

TABLE = """
table: demo
title: Demo
source: none
hit_policy: {policy}
inputs:
- {{name: kind, type: single, options: [a, b], answers: [wl_kind]}}
- {{name: rpo, type: duration, answers: [wl_rpo]}}
outputs:
- {{name: way, values: [fast, slow]}}
rules:
{rows}
"""


def demo(policy: str, *rows: tuple[str, str, str]) -> bytes:
    """A table of (id, when, way)."""
    lines = "\n".join(f"- {{id: {name}, when: {when}, then: {{way: {way}}}, because: Because.}}" for name, when, way in rows)
    return TABLE.format(policy=policy, rows=lines).encode()


def problems(policy: str, *rows: tuple[str, str, str]) -> list[str]:
    return check_table(read_table(demo(policy, *rows), "demo.yaml"))


A, B = """{kind: '"a"'}""", """{kind: '"b"', rpo: '< 1h'}"""
REST = """{kind: '"b"', rpo: '>= 1h'}"""


def test_the_pack_that_ships_has_no_problem_and_every_output_a_reader() -> None:
    assert check(load_rule_pack(), USED) == []


def test_a_complete_table_without_overlap_passes() -> None:
    assert problems("unique", ("r1", A, "fast"), ("r2", B, "fast"), ("r3", REST, "slow")) == []


def test_a_gap_is_shown_by_the_answers_that_fall_into_it() -> None:
    late = """{kind: '"b"', rpo: '> 1h'}"""
    assert problems("unique", ("r1", A, "fast"), ("r2", B, "fast"), ("r3", late, "slow")) == ["demo.yaml: no row fits kind=b, rpo=1h"]


def test_an_overlap_is_shown_by_the_answers_that_meet_twice() -> None:
    early = """{kind: '"b"', rpo: '>= 30m'}"""
    found = problems("unique", ("r1", A, "fast"), ("r2", B, "fast"), ("r3", early, "slow"))
    assert found == ["demo.yaml: the rows r2 and r3 both fit kind=b, rpo=30m"]


def test_a_row_that_can_never_fire_is_named() -> None:
    found = problems("first", ("r1", A, "fast"), ("r2", "{rpo: '< 2h'}", "slow"), ("r3", B, "fast"), ("r4", "{}", "slow"))
    assert found == ["demo.yaml: row 'r3' can never fire: r2 above it take all that fits, such as kind=b, rpo=0m (r2)"]


def test_outputs_and_inputs_that_nobody_uses_are_named() -> None:
    found = problems("first", ("r1", "{rpo: '< 2h'}", "fast"), ("r2", "{}", "fast"))
    assert "demo.yaml: output way: no row gives 'slow'" in found
    assert "demo.yaml: input kind: no row asks for it" in found
    pack = load_rule_pack()
    unread = check(pack, {**USED, "iam": frozenset(), "drills": frozenset({"cadence"}), "ghost": frozenset()})
    assert "drills.yaml: output first: nobody reads it" in unread
    assert "ghost: the design reads this table, but the rule pack has none of that name" in unread
    assert "iam.yaml: no part of the design reads this table" in check(pack, {name: USED[name] for name in USED if name != "iam"})


def test_a_cell_that_says_nothing_and_one_that_fits_nothing_are_named_with_their_row() -> None:
    assert "demo.yaml: row 'r1': column rpo: every duration fits it; leave the cell out instead" in problems(
        "first", ("r1", """{kind: '"a"', rpo: '>= 0m'}""", "fast"), ("r2", "{}", "slow")
    )
    found = problems("first", ("r1", """{kind: '"a"', rpo: '(3h..3h]'}""", "fast"), ("r2", "{rpo: '< 1h'}", "slow"), ("r3", "{}", "fast"))
    assert "demo.yaml: row 'r1': column rpo: no duration fits it" in found
    assert "demo.yaml: row 'r1' can never fire: nothing fits all of its cells" in found


def test_in_a_table_that_collects_nothing_has_to_fire_and_several_rows_may() -> None:
    assert problems("collect", ("r1", A, "fast"), ("r2", "{rpo: '< 2h'}", "slow")) == []


def test_every_input_is_filled_by_the_design_and_names_questions_that_exist() -> None:
    pack = load_rule_pack()
    given = {table.name: [item.name for item in table.inputs] for table in pack.tables.values()}
    assert check(pack, USED, given, {one for table in pack.tables.values() for item in table.inputs for one in item.answers}) == []
    found = check(pack, {**USED, "iam": frozenset({"separation", "colour"})}, {**given, "iam": ["owner"]}, {"wl_kind"})
    assert "iam.yaml: the design reads the output colour, and the table has none of that name" in found
    assert "iam.yaml: input separate_account: the design never fills it" in found
    assert "iam.yaml: the design fills the input owner, and the table has none of that name" in found
    assert "iam.yaml: input separate_account: 'sec_separate_acct' is no question" in found


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"- 1", "a table is a map"),
        (demo("any", ("r1", A, "fast")), "hit_policy is 'any'"),
        (demo("first", ("r1", "{colour: '\"a\"'}", "fast")), "column 'colour' is no input"),
        (demo("first", ("r1", "{kind: '\"c\"'}", "fast")), "'c' is none of a, b"),
        (demo("first", ("r1", "{rpo: '< 1 parsec'}", "fast")), "column rpo"),
        (demo("first", ("r1", A, "quick")), "'quick' is none of fast, slow"),
        (demo("first", ("r1", '{kind: \'"a","b"\'}', "fast")), "names every option"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(data: bytes, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read_table(data, "demo.yaml")


def test_values_outside_a_table_are_refused_with_the_values() -> None:
    table = read_table(demo("unique", ("r1", A, "fast"), ("r2", "{rpo: '< 1h'}", "slow")), "demo.yaml")
    with pytest.raises(NoHit, match="kind=b, rpo=2:00:00"):
        table.decide({"kind": "b", "rpo": timedelta(hours=2)})
    with pytest.raises(DoubleHit, match="r1, r2"):
        table.decide({"kind": "a", "rpo": timedelta(0)})


def test_the_trace_agrees_with_the_compiled_table_and_says_why_a_row_did_not_fire() -> None:
    table = load_rule_pack()["replication"]
    values = {
        "wanted": "company-rule",
        "region_loss": True,
        "dr_region": True,
        "reproduce": "slowly",
        "region_rpo": timedelta(hours=2),
        "objects": True,
    }
    told = trace(table, values)
    assert told.fired == (table.decide(values).row.id,) == ("re-company",)
    rejected = {one.row: (one.column, one.value) for one in told.rejected}
    assert rejected["re-fast"] == ("region_rpo", timedelta(hours=2))
    assert rejected["re-not-asked"] == ("region_loss", True)


@pytest.mark.parametrize("name", sorted(load_rule_pack().tables))
def test_the_compiled_forms_of_a_table_agree_with_its_cells(name: str) -> None:
    """The choice, the refusals and the positions are three functions made from the same cells; `holds` reads the cells themselves."""
    table, dice = load_rule_pack()[name], random.Random(name)
    for _ in range(300):
        values = {item.name: dice.choice(representatives(item, table)) for item in table.inputs}
        refused = [next((key for key, test in row.tests.items() if not holds(test, values[key])), None) for row in table.rows]
        assert list(table.refusals(values)) == refused
        fitting = [row.id for row, why in zip(table.rows, refused, strict=True) if why is None]
        if table.hit_policy == "first":
            fitting = fitting[:1]
        assert [hit.row.id for hit in table.hits(values)] == fitting
        assert table.hit_policy == "collect" or table.decide(values).row.id == fitting[0]


@pytest.mark.parametrize("open_end", ["'-, null'", "'not(-, null)'", "'null, -'", "'not(null)'"])
def test_a_value_that_a_first_test_need_not_read_is_read_by_the_later_rows(open_end: str) -> None:
    table = read_table(
        demo("first", ("one", f"{{rpo: {open_end}}}", "fast"), ("two", "{rpo: '< 1h'}", "slow"), ("rest", "{}", "slow")), "demo.yaml"
    )
    for rpo in (None, timedelta(minutes=5), timedelta(hours=2)):
        values = {"kind": "a", "rpo": rpo}
        expected = [next((key for key, test in row.tests.items() if not holds(test, values[key])), None) for row in table.rows]
        assert list(table.refusals(values)) == expected
