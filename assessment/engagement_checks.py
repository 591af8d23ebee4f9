"""Errors that only show when answers are seen together: options from another answer, dependencies, the recovery Region."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from assessment.documents import VALUE
from assessment.values import check_option, shown

if TYPE_CHECKING:
    from assessment.engagement import Engagement
    from assessment.questionnaire import Questionnaire

Found = list[tuple[tuple[Any, ...], str]]


def cross_checks(engagement: Engagement, questionnaire: Questionnaire) -> Found:
    """All such errors as (path, message)."""
    return [
        *recovery_region(engagement),
        *options_from(engagement, questionnaire),
        *dependencies(engagement),
    ]


def value_path(name: str, answer: Any) -> tuple[Any, ...]:
    """Where the value of an answer stands: below `value` when a statement was written around it."""
    plain = answer.state == "stated" and not (answer.note or answer.ask or answer.evidence or answer.confirm_by)
    return (name,) if plain else (name, VALUE)


def recovery_region(engagement: Engagement) -> Found:
    primary, dr = engagement.answers.get("aws_primary"), engagement.answers.get("aws_dr")
    if primary and dr and dr.value and primary.value in dr.value:
        return [
            (
                ("answers", *value_path("aws_dr", dr)),
                f"{primary.value} is already the primary Region; name another one.",
            )
        ]
    return []


def options_from(engagement: Engagement, questionnaire: Questionnaire) -> Found:
    """wl_class must be a class of cmp_retention_tbl, wl_account an alias of aws_accounts."""
    found: Found = []
    dependent = [q for q in questionnaire.questions.values() if q.options_from]
    for question in dependent:
        table, _, column = str(question.options_from).partition(".")
        answer = engagement.answers.get(table)
        options = tuple(row[column] for row in (answer.value if answer and answer.value else ()))
        if not options:
            # The question is hidden then, or the table itself is wrong: there is nothing to check against.
            continue
        for index, workload in enumerate(engagement.workloads):
            given = workload.answers.get(question.id)
            if given is None or given.value is None:
                continue
            problems: list[tuple[str, str]] = []
            check_option(given.value, options, "", problems, f"{column} of {table}")
            at = ("workloads", index, "answers", *value_path(question.id, given))
            found += [(at, message) for _, message in problems]
    return found


def dependencies(engagement: Engagement) -> Found:
    """wl_deps names other workloads of this file, and no cycle."""
    found: Found = []
    position = {workload.name: index for index, workload in enumerate(engagement.workloads)}
    graph: dict[str, list[str]] = {}
    for index, workload in enumerate(engagement.workloads):
        answer = workload.answers.get("wl_deps")
        names = list(answer.value or ()) if answer else []
        base = ("workloads", index, "answers", *value_path("wl_deps", answer)) if answer else ()
        for name in names:
            if name == workload.name:
                found.append((base, f"{shown(name)} cannot wait for itself."))
            elif name not in position:
                problems: list[tuple[str, str]] = []
                check_option(name, tuple(position), "", problems, "workload of this file")
                found += [(base, message) for _, message in problems]
        graph[workload.name] = [name for name in names if name in position and name != workload.name]
    return found or cycle(graph, position)


def cycle(graph: dict[str, list[str]], position: dict[str, int]) -> Found:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        names = error.args[1][:-1]
        first = min(names, key=position.__getitem__)
        start = names.index(first)
        ring = [*names[start:], *names[:start], first]
        # graphlib gives predecessors first; a reader follows "waits for".
        text = ", ".join(reversed(ring))
        return [(("workloads", position[first], "answers", "wl_deps"), f"These workloads wait for each other: {text}.")]
    return []
