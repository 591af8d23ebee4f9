"""Decisions on designs. An approval holds for its digest and for no other."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from recommendations.models import DesignVersion
from reports.models import Document
from reports.records import moment_text
from reports.services import request_document
from reviews.models import Approval
from reviews.records import approval_record

MAX_REASON = 2000


class DecisionRefused(ValueError):
    """The decision was not recorded; the message says why, for the person who made it."""


def in_force(design: DesignVersion) -> Approval | None:
    """The latest decision on this design's digest within its assessment."""
    return decisions_on(design).order_by("-number").first()


def approved(design: DesignVersion) -> Approval | None:
    """The decision in force, if it is a yes."""
    latest = in_force(design)
    return latest if latest and latest.decision == Approval.Decision.APPROVED else None


def decisions_on(design: DesignVersion) -> Any:
    """All decisions on this digest: a design that came out again, unchanged, is the same design."""
    return Approval.objects.filter(Q(assessment_id=design.assessment_id) & Q(digest=design.digest))


def decide(design: DesignVersion, user: User, decision: str, reason: str = "", *, seen: int | None = None) -> Approval:
    """Record a decision and return it.

    `seen` is the number of the latest decision that the person saw (0 for none). The same decision by the same person again (a
    second click) gives the row that is there; another one made in between raises DecisionRefused, as does a rejection without a
    reason, and an approval without one of a design that was rejected and has not changed. Who may decide is the view's business.
    """
    reason = reason.strip()[:MAX_REASON]
    if decision not in Approval.Decision.values:
        raise DecisionRefused("Choose to approve or to reject.")
    if decision == Approval.Decision.REJECTED and not reason:
        raise DecisionRefused("Say why you reject the design, so that it can be changed.")
    with transaction.atomic():
        # The lock makes two clicks queue up; on SQLite the whole transaction does.
        DesignVersion.objects.select_for_update().get(pk=design.pk)
        latest = in_force(design)
        number = latest.number if latest else 0
        same = latest and (latest.by_id, latest.decision) == (user.pk, decision)
        if latest and same and (latest.reason == reason or seen != number):
            return latest
        if seen is not None and seen != number:
            raise DecisionRefused(f"In the meantime: {latest}. Look at it, then decide again." if latest else "Load the page again.")
        if decision == Approval.Decision.APPROVED and latest and latest.decision == Approval.Decision.REJECTED and not reason:
            raise DecisionRefused("This design was rejected and has not changed since. Say why it is approved now.")
        return Approval.objects.create(
            organisation_id=design.organisation_id,
            assessment_id=design.assessment_id,
            design=design,
            digest=design.digest,
            number=number + 1,
            decision=decision,
            reason=reason,
            by=user,
            name=str(user),
            documents=[
                {"kind": one.kind, "sha256": one.sha256} for one in Document.objects.filter(design=design, state=Document.State.DONE)
            ],
        )


def request_signed(approval: Approval, user: User) -> None:
    """Ask for the design document that prints as approved, and for the certificate; a rejection has neither."""
    if approval.decision == Approval.Decision.APPROVED:
        signed = {"by": approval.name, "at": moment_text(approval.at), "digest": approval.digest}
        request_document(approval.design, "design", user, approval=signed)
        request_document(approval.design, "certificate", user, approval=approval_record(approval.design))
