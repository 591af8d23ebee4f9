"""Who sees and who changes an assessment: members of its organisation see it, consultants change it; to others it is not there."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import Role
from assessment.models import Assessment, Workload
from assessment.queries import Loaded
from assessment.questionnaire import Section, load_questionnaire

MEMBERS = (Role.CONSULTANT, Role.REVIEWER, Role.ENGINEER)
EDITORS = (Role.CONSULTANT,)


def may_edit(request: HttpRequest) -> bool:
    """Whether this person's role may change answers."""
    membership = getattr(request, "membership", None)
    return membership is not None and membership.role in (*EDITORS, Role.ADMIN)


def assessment_of(pk: int) -> Assessment:
    """An assessment of the organisation in scope, with its customer; 404 otherwise."""
    return get_object_or_404(Assessment.objects.select_related("customer"), pk=pk)


def section_of(section_id: str, scope: str) -> Section:
    """A section of that scope; 404 otherwise."""
    found = next((one for one in load_questionnaire().of_scope(scope) if one.id == section_id), None)
    if found is None:
        raise Http404(f"There is no section {section_id}.")
    return found


def workload_of(loaded: Loaded, key: str) -> Workload:
    """The workload with this key; 404 otherwise."""
    found = loaded.workload(key)
    if found is None:
        raise Http404(f"There is no workload {key}.")
    return found
