"""The golden designs, read line by line against what AWS does: each choice that surprises, with the reason for it."""

import pytest

from tests.golden import reasons_baltic, reasons_lumen, reasons_northwind
from tests.golden.reasons import Reason, at, design

ALL = {
    "lumen-media": reasons_lumen.REASONS,
    "northwind-clinics": reasons_northwind.REASONS,
    "baltic-bank": reasons_baltic.REASONS,
}
CASES = [pytest.param(name, one, id=f"{name}: {one.place}") for name, reasons in ALL.items() for one in reasons]


@pytest.mark.parametrize(("name", "reason"), CASES)
def test_what_surprises_has_its_reason(name: str, reason: Reason) -> None:
    assert at(name, reason.place) == reason.value, reason.because


def test_each_type_of_resource_has_a_choice_with_a_reason() -> None:
    types = {(name, one["key"]): one["type"] for name in ALL for one in design(name)["resources"]}
    places = [(name, one.place.split("/")) for name, reasons in ALL.items() for one in reasons]
    assert {types[name, steps[1]] for name, steps in places if steps[0] == "resources"} == set(types.values())
