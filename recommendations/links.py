"""Where a question is asked, as an address: findings, reasons and errors lead straight to the answer to change."""

import re

from django.urls import reverse

from assessment.engagement import Problem
from assessment.models import Assessment
from assessment.queries import keys_of
from assessment.questionnaire import load_questionnaire

PATH = re.compile(r"(?:workloads\[(?P<index>\d+)\]\.)?answers\.(?P<question>[a-z0-9_]+)")


class QuestionLinks:
    """Addresses of one assessment's questions. Callable with (workload key or None, question id); None where there is no page."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        rows = list(assessment.workloads.order_by("position", "pk"))
        # In the order of the rows, which is that of an engagement's workloads.
        self.names = dict(zip(keys_of(rows).values(), (row.name for row in rows), strict=True))

    def __call__(self, workload: str | None, question_id: str) -> str | None:
        question = load_questionnaire().questions.get(question_id)
        if question is None or (question.scope == "workload") != (workload is not None):
            return None
        if workload is None:
            page = reverse("assessment:section", args=[self.assessment.pk, question.section])
        elif workload in self.names:
            page = reverse("assessment:workload_section", args=[self.assessment.pk, workload, question.section])
        else:
            return None
        return f"{page}#q-{question_id}"

    def of_problem(self, problem: Problem) -> dict[str, str | None]:
        """One problem for people: `message`, `where` in words, `url` of the question, or of the workloads."""
        found = PATH.match(problem.path)
        if found is None:
            page = "assessment:workloads" if problem.path.startswith("workloads") else "assessment:detail"
            return {"message": problem.message, "where": problem.path, "url": reverse(page, args=[self.assessment.pk])}
        index = int(found["index"]) if found["index"] else None
        key = list(self.names)[index] if index is not None and index < len(self.names) else None
        question = load_questionnaire().questions.get(found["question"])
        words = question.text if question else found["question"]
        where = f"{self.names[key]}: {words}" if key else words
        return {"message": problem.message, "where": where, "url": self(key, found["question"])}
