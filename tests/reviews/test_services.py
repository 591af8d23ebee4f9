"""A decision holds for one digest, is made once however often one clicks, and is never changed."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django_scopes import scope

from recommendations.models import DesignVersion
from reviews.models import Approval
from reviews.services import DecisionRefused, approved, decide, in_force
from tests.support.designs import make_assessment, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(in_scope: Any, alice: Any) -> DesignVersion:
    return make_version(make_assessment(in_scope, alice), alice)


def sibling(version: DesignVersion, digest: str) -> DesignVersion:
    """Another version of the same assessment with that digest."""
    return DesignVersion.objects.create(
        organisation_id=version.organisation_id,
        assessment=version.assessment,
        number=version.number + 1,
        digest=digest,
        document=version.document,
    )


def test_nothing_is_approved_before_a_decision(version: DesignVersion) -> None:
    assert approved(version) is None
    assert in_force(version) is None


def test_an_approval_records_who_when_and_which_digest(version: DesignVersion, bob: Any) -> None:
    made = decide(version, bob, "approved")
    assert approved(version) == made
    assert (made.digest, made.by, made.name, made.number) == (version.digest, bob, "Bob", 1)


def test_an_approval_does_not_hold_for_another_digest(version: DesignVersion, bob: Any) -> None:
    decide(version, bob, "approved")
    assert approved(sibling(version, "0" * 64)) is None


def test_an_approval_holds_for_the_same_design_made_again(version: DesignVersion, bob: Any) -> None:
    made = decide(version, bob, "approved")
    assert approved(sibling(version, version.digest)) == made


def test_a_later_rejection_ends_an_approval(version: DesignVersion, bob: Any) -> None:
    decide(version, bob, "approved")
    decide(version, bob, "rejected", "The budget was cut.")
    assert approved(version) is None
    assert [one.decision for one in Approval.objects.order_by("number")] == ["approved", "rejected"]


@pytest.mark.parametrize(("decision", "reason"), [("rejected", "  "), ("maybe", "because"), ("", "")])
def test_a_bad_decision_is_refused(version: DesignVersion, bob: Any, decision: str, reason: str) -> None:
    with pytest.raises(DecisionRefused):
        decide(version, bob, decision, reason)
    assert not Approval.objects.exists()


def test_the_database_refuses_a_rejection_without_reason(version: DesignVersion, bob: Any) -> None:
    fields = {"organisation_id": version.organisation_id, "assessment": version.assessment, "design": version, "number": 1, "name": "Bob"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(digest=version.digest, decision="rejected", reason="", **fields)


def test_a_second_click_gives_the_first_decision(version: DesignVersion, bob: Any) -> None:
    first = decide(version, bob, "approved", seen=0)
    assert decide(version, bob, "approved", seen=0) == first
    assert Approval.objects.count() == 1


def test_what_was_rejected_is_approved_with_a_reason_only(version: DesignVersion, bob: Any) -> None:
    decide(version, bob, "rejected", "Too expensive.")
    with pytest.raises(DecisionRefused, match="has not changed since"):
        decide(version, bob, "approved")
    assert approved(version) is None
    assert decide(version, bob, "approved", "The budget was raised.").reason == "The budget was raised."


def test_a_decision_on_a_page_that_is_out_of_date_is_refused(version: DesignVersion, alice: Any, bob: Any) -> None:
    decide(version, bob, "rejected", "Too expensive.", seen=0)
    with pytest.raises(DecisionRefused, match="Rejected by Bob"):
        decide(version, alice, "approved", seen=0)


def test_a_decision_cannot_be_changed_or_deleted(version: DesignVersion, bob: Any) -> None:
    made = decide(version, bob, "approved")
    made.decision = "rejected"
    with pytest.raises(TypeError):
        made.save()
    with pytest.raises(TypeError):
        made.delete()
    assert approved(version) is not None


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_time_make_one_decision(version: DesignVersion, bob: Any, organisation: Any) -> None:
    def click(_: int) -> int:
        try:
            with scope(organisation=organisation):
                return decide(version, bob, "approved", seen=0).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(click, range(8)))
    assert len(made) == 1
    assert Approval.objects.count() == 1
