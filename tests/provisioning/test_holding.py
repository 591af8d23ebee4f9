"""One job changes a target at a time: whoever asks beside a run, an undo or a drill is told which job is in the way."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from django_scopes import scope

from provisioning.after_models import Undo
from provisioning.after_services import approve_undo, continue_undo, request_drift, request_drill, request_undo
from provisioning.drill_models import RestoreDrill
from provisioning.holding import JobRefused
from provisioning.models import PlanRecord, Run
from provisioning.services import continue_run, request_run
from reviews.services import decide
from tests.support.designs import make_assessment, make_target, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.stack]
DIGEST = "ab" * 32
ARCHIVE, PORTAL = "pacs-imaging-archive", "patient-portal"


@pytest.fixture
def cast(in_scope: Any, alice: Any, bob: Any, eve: Any) -> dict[str, Any]:
    """A run that came to its end with an undo that waits for its approval, and a plan that can be applied next."""
    version = make_version(make_assessment(in_scope, alice), alice)
    own = {"organisation": in_scope, "created_by": eve, "state": "done"}
    about = {"design": version, "target": make_target(version.assessment, "http://127.0.0.1:9")}
    approval = decide(version, bob, "approved")
    document = {"design": version.document, "hazards": []}
    first, second = (PlanRecord.objects.create(document=document, **about, **own) for _ in range(2))
    run = Run.objects.create(plan=first, target=first.target, approval=approval, **own)
    undo = Undo.objects.create(run=run, document={"undo_digest": DIGEST, "steps": []}, **own)
    return {"first": first, "second": second, "run": run, "undo": undo, "eve": eve, "bob": bob, "approval": approval}


def askers(cast: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Every job that would hold the target, by its name."""
    return {
        "run": lambda: request_run(cast["second"], cast["eve"], []),
        "run again": lambda: continue_run(cast["run"]),
        "undo": lambda: request_undo(cast["run"], cast["eve"]),
        "undo approved": lambda: approve_undo(cast["undo"], cast["bob"], DIGEST),
        "undo again": lambda: continue_undo(cast["undo"]),
        "drill": lambda: request_drill(cast["first"], ARCHIVE, cast["eve"]),
    }


HOLDERS: dict[str, tuple[str, set[str]]] = {
    "queued": ("Run {} is under way on ", set()),
    "paused": ("Run {} is paused on ", set()),
    "waiting": ("Run {} waits for the customer's window on ", set()),
    "undo": ("Undo {} is under way on ", set()),
    # Drills write to places of their own, so they do not disturb each other.
    "drill": ("Restore drill {} is under way on ", {"drill"}),
}


@pytest.mark.parametrize("holder", HOLDERS)
def test_whoever_asks_beside_a_job_that_holds_the_target_is_told_which(cast: dict[str, Any], holder: str) -> None:
    own = {"organisation_id": cast["run"].organisation_id, "state": "running" if holder in ("undo", "drill") else "queued"}
    Run.objects.filter(pk=cast["run"].pk).update(state="failed")
    about = {"target": cast["second"].target, "approval": cast["approval"]}
    if holder == "undo":
        held: Any = Undo.objects.create(run=cast["run"], **own)
    elif holder == "drill":
        held = RestoreDrill.objects.create(plan=cast["first"], workload=PORTAL, **own)
    else:
        own |= {"paused": {"state": "paused"}, "waiting": {"not_before": timezone.now()}}.get(holder, {})
        third = PlanRecord.objects.create(
            design=cast["second"].design, target=cast["second"].target, organisation_id=own["organisation_id"], state="done"
        )
        held = Run.objects.create(plan=third, **about, **own)
    sentence, free = HOLDERS[holder]
    counted = [model.objects.count() for model in (Run, Undo, RestoreDrill)]
    for name, ask in askers(cast).items():
        if name in free or (holder == "undo" and name == "undo"):
            # Asked for twice, an undo is the one that is there.
            continue
        with pytest.raises(JobRefused, match=sentence.format(held.pk)):
            ask()
    assert [model.objects.count() for model in (Run, Undo, RestoreDrill)] == counted
    if holder == "undo":
        assert request_undo(cast["run"], cast["eve"]) == held
    type(held).objects.filter(pk=held.pk).update(state="failed")
    if holder == "drill":
        RestoreDrill.objects.update(state="running")
        assert request_drill(cast["first"], ARCHIVE, cast["eve"]).state == "queued"
        RestoreDrill.objects.update(state="done")
    assert request_run(cast["second"], cast["eve"], []).state == "queued"


def test_a_run_that_was_undone_is_neither_taken_up_nor_what_has_to_be_there(cast: dict[str, Any]) -> None:
    approve_undo(cast["undo"], cast["bob"], DIGEST)
    Undo.objects.update(state="failed", outcome={"refused": True})
    # Refused before its first call, it has changed nothing.
    assert request_drift(cast["run"].target).plan == cast["first"]
    Undo.objects.update(outcome={"resources": []})
    with pytest.raises(JobRefused, match="Nothing was applied"):
        request_drift(cast["run"].target)
    Run.objects.filter(pk=cast["run"].pk).update(state="failed")
    with pytest.raises(JobRefused, match="was undone"):
        continue_run(cast["run"])


@pytest.mark.django_db(transaction=True)
def test_of_all_that_ask_at_the_same_time_one_gets_the_target(cast: dict[str, Any], organisation: Any) -> None:
    """Several tabs at once: a run, the approval of an undo, a drill, each twice."""
    names = ("run", "undo approved", "drill") * 2
    for _ in range(3):
        together, asking = Barrier(len(names)), askers(cast)

        def ask(name: str, asking: Any = asking, together: Barrier = together) -> str:
            try:
                with scope(organisation=organisation):
                    together.wait(20)
                    asking[name]()
                    return name
            except JobRefused as refusal:
                return str(refusal)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(names)) as pool:
            answers = list(pool.map(ask, names))
        got = [one for one in answers if one in names]
        # Asked for twice, a run and a drill are the ones that are there; an undo is approved once.
        assert len(set(got)) == 1, answers
        assert all(
            "under way" in one or "not the one that was shown" in one or "approved already" in one for one in answers if one not in got
        )
        Run.objects.filter(plan=cast["second"]).delete()
        RestoreDrill.objects.all().delete()
        Undo.objects.update(state="done", approved_digest="")
