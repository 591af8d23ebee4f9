"""How the accounts of a plan are reached, as a person says it on the command line."""

import pytest

from provisioning.target import Access, TargetProblem, TargetSpec

OWN, OTHER = "111122223333", "222233334444"


def access(account: str, external_id: str = "ext-1") -> Access:
    return Access(account, f"arn:aws:iam::{account}:role/stowplan", external_id)


def test_the_account_may_stand_among_the_targets_too() -> None:
    spec = TargetSpec(OWN, others=(access(OWN), access(OTHER)))
    assert spec.accesses() == {OWN: access(OWN), OTHER: access(OTHER)}


def test_an_account_that_is_no_target_is_reached_by_the_callers_own_credentials() -> None:
    assert TargetSpec(OWN, others=(access(OTHER),)).accesses() == {OWN: Access(OWN, None, None), OTHER: access(OTHER)}


@pytest.mark.parametrize(
    "spec",
    [
        TargetSpec(OWN, role_arn=access(OWN).role_arn, external_id="other", others=(access(OWN),)),
        TargetSpec(OWN, others=(access(OTHER), access(OTHER, "ext-2"))),
    ],
)
def test_two_ways_to_one_account_are_refused(spec: TargetSpec) -> None:
    with pytest.raises(TargetProblem, match="given twice, in two ways"):
        spec.accesses()
