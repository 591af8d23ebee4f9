"""A small engagement from answers, for the tests of tree and checks."""

from typing import Any

from assessment.answer_tree import AnswerTree
from assessment.engagement import engagement_from_document
from assessment.questionnaire import load_questionnaire

WORKLOAD = {"wl_kind": "ebs-volumes", "wl_where": "aws", "wl_size": "1 TiB", "wl_rto": "4h", "wl_rpo": "1h"}


def tree(answers: dict[str, Any] | None = None, *workloads: dict[str, Any]) -> AnswerTree:
    """Workloads are A, B, C… unless they give a `name`; None leaves an answer out."""
    rows = [{"name": chr(65 + index), **WORKLOAD, **one} for index, one in enumerate(workloads or ({},))]
    document = {
        "schema": "stowplan/engagement/1",
        "customer": {"name": "Acme", "industry": "health"},
        "answers": {"aws_primary": "us-east-1", **(answers or {})},
        "workloads": [
            {"name": row["name"], "answers": {key: value for key, value in row.items() if key != "name" and value is not None}}
            for row in rows
        ],
    }
    return AnswerTree(load_questionnaire(), engagement_from_document(document))
