"""Workloads of an assessment: add, rename, move, remove. Other answers that name a workload follow it."""

from django.db import transaction
from django.db.models import Max

from assessment.engagement import ID, folded_name, workload_keys
from assessment.models import Answer, Assessment, Workload
from assessment.queries import keys_of
from assessment.services import touch

DEPENDS = "wl_deps"


class NameTaken(ValueError):
    """Another workload of the assessment has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Another workload is called “{name}”; names must differ.")


def check_name(assessment: Assessment, name: str, own: Workload | None = None) -> None:
    """Raises NameTaken. Names are equal after NFC, case folding and collapsing blanks."""
    wanted = folded_name(name)
    others = Workload.objects.filter(assessment=assessment).exclude(pk=own.pk if own else None)
    if any(folded_name(other) == wanted for other in others.values_list("name", flat=True)):
        raise NameTaken(name)


def add_workload(assessment: Assessment, name: str) -> Workload:
    """A new workload at the end. Its id is fixed now, so that a later change of name moves no resource."""
    with transaction.atomic():
        lock(assessment)
        check_name(assessment, name)
        rows = list(Workload.objects.filter(assessment=assessment))
        key = workload_keys([*((row.identifier or None, row.name) for row in rows), (None, name)])[-1]
        last = Workload.objects.filter(assessment=assessment).aggregate(last=Max("position"))["last"]
        made = Workload.objects.create(
            organisation_id=assessment.organisation_id,
            assessment=assessment,
            name=name,
            identifier=key if ID.fullmatch(key) else "",
            position=0 if last is None else last + 1,
        )
        touch(assessment)
    return made


def rename_workload(workload: Workload, name: str) -> None:
    """Another name; the key stays what it was, and dependencies of other workloads name it anew."""
    if name == workload.name:
        return
    assessment = workload.assessment
    with transaction.atomic():
        lock(assessment)
        check_name(assessment, name, own=workload)
        key = keys_of(Workload.objects.filter(assessment=assessment))[workload.pk]
        old, workload.name, workload.identifier = workload.name, name, key
        workload.save()
        replace_dependency(assessment, old, name)
        touch(assessment)


def remove_workload(workload: Workload) -> None:
    """The workload and its answers; nobody depends on it any more."""
    assessment = workload.assessment
    with transaction.atomic():
        lock(assessment)
        replace_dependency(assessment, workload.name, None)
        workload.delete()
        touch(assessment)


def move_workload(workload: Workload, step: int) -> None:
    """One place up (-1) or down (1)."""
    with transaction.atomic():
        lock(workload.assessment)
        rows = list(Workload.objects.filter(assessment=workload.assessment))
        at = next(index for index, row in enumerate(rows) if row.pk == workload.pk)
        to = max(0, min(len(rows) - 1, at + step))
        rows.insert(to, rows.pop(at))
        for position, row in enumerate(rows):
            row.position = position
        Workload.objects.bulk_update(rows, ["position"], batch_size=500)
        touch(workload.assessment)


def replace_dependency(assessment: Assessment, old: str, new: str | None) -> None:
    for row in Answer.objects.filter(assessment=assessment, question=DEPENDS, value__isnull=False):
        if old in row.value:
            named = [new if name == old else name for name in row.value]
            row.value, row.version = [name for name in named if name is not None], row.version + 1
            row.save()


def lock(assessment: Assessment) -> None:
    """Two changes of the list of workloads wait for each other."""
    Assessment.objects.select_for_update().get(pk=assessment.pk)
