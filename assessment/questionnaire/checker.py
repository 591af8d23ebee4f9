"""What must hold of a questionnaire as a whole: names exist, conditions can hold, nothing is asked for nothing."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from assessment.questionnaire.model import Question, Questionnaire
from assessment.unary import AnyTest, ContainsTest, IntervalTest, InTest, NotTest, NullTest, OrTest, UnaryTest, literals

TYPES = {
    "text", "boolean", "integer", "percent", "money", "duration", "size", "bandwidth", "date", "region", "regions", "countries",
    "single", "multi", "ranking", "table", "schedule", "contact", "workloads", "tag",
}  # fmt: skip
DEPTHS = {"core", "full"}


def check(questionnaire: Questionnaire) -> list[str]:
    """Every error, one sentence each, beginning with where it is."""
    errors = list(duplicates(questionnaire))
    for question in questionnaire.questions.values():
        errors += check_question(question, questionnaire)
        for other, test in question.tests.items():
            errors += check_condition(question, questionnaire.questions[other], test)
    return [*errors, *cycles(questionnaire), *check_checks(questionnaire)]


def duplicates(questionnaire: Questionnaire) -> Iterator[str]:
    seen: set[str] = set()
    for section in questionnaire.sections:
        for question in section.questions:
            if question.id in seen:
                yield f"{section.id}.{question.id}: this id is used twice"
            seen.add(question.id)


def check_question(question: Question, questionnaire: Questionnaire) -> Iterator[str]:
    at = f"{question.section}.{question.id}"
    if question.type not in TYPES:
        yield f"{at}: unknown type {question.type}"
    if not question.text or not question.why:
        yield f"{at}: a question has a text and says why it is asked"
    if question.depth not in DEPTHS:
        yield f"{at}: depth is core or full"
    if not question.reads:
        yield f"{at}: no decision reads it, so it must not be asked"
    for table in question.reads:
        if table not in questionnaire.tables:
            yield f"{at}: reads the unknown decision {table}"
    values = [option.value for option in (*question.options, *question.rows)]
    if len(values) != len(set(values)):
        yield f"{at}: an option stands twice"
    if question.type in ("single", "multi", "ranking") and not question.options and not question.options_from:
        yield f"{at}: a {question.type} needs options"
    if not question.required and question.default is None and not question.default_from and not question.if_unknown:
        yield f"{at}: say what happens when it is unknown (default, default_from or if_unknown)"
    yield from check_links(question, questionnaire, at)


def check_links(question: Question, questionnaire: Questionnaire, at: str) -> Iterator[str]:
    """default_from, part_of and options_from name what exists and may be read from here."""
    for name in ("default_from", "part_of"):
        other = getattr(question, name)
        if other is None or (name == "part_of" and other == "wl_region_t"):
            continue
        target = questionnaire.questions.get(other)
        if target is None:
            yield f"{at}.{name}: there is no question {other}"
        elif name == "default_from" and (target.type != question.type or (target.scope, question.scope) == ("workload", "customer")):
            yield f"{at}.{name}: {other} has another type or scope"
    if question.options_from:
        table, _, column = question.options_from.partition(".")
        target = questionnaire.questions.get(table)
        if target is None or column not in [field.id for field in target.fields]:
            yield f"{at}.options_from: there is no column {question.options_from}"


def check_condition(question: Question, target: Question, test: UnaryTest) -> Iterator[str]:
    at = f"{question.section}.{question.id}.show_if.{target.id}"
    if question.scope == "customer" and target.scope == "workload":
        yield f"{at}: a customer question may not depend on a workload's answer"
    if target.id == question.id:
        yield f"{at}: a question may not depend on itself"
    if target.options:
        for value in literals(test):
            if value not in target.option_values:
                yield f"{at}: {target.id} has no option {value!r}"
    if not can_hold(test, target):
        yield f"{at}: this condition can never hold"


def can_hold(test: UnaryTest, target: Question) -> bool:
    """Whether some answer to `target` passes; sound for finite options and for bounds."""
    match test:
        case AnyTest() | NullTest() | ContainsTest():
            return True
        case InTest(values):
            return not target.options or any(value in target.option_values for value in values)
        case IntervalTest(low, high, low_closed, high_closed):
            if low is not None and target.max is not None and (low > target.max or (low == target.max and not low_closed)):
                return False
            return not (high is not None and target.min is not None and (high < target.min or (high == target.min and not high_closed)))
        case NotTest(inner):
            if isinstance(inner, AnyTest):
                return False
            if isinstance(inner, InTest) and target.type == "single" and target.options:
                return not set(target.option_values) <= set(inner.values)
            return True
        case OrTest(tests):
            return any(can_hold(one, target) for one in tests)


def cycles(questionnaire: Questionnaire) -> Iterator[str]:
    graph = {q.id: {*q.tests, *([q.default_from] if q.default_from else [])} for q in questionnaire.questions.values()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"show_if: these questions wait for each other: {' -> '.join(error.args[1])}"


def check_checks(questionnaire: Questionnaire) -> Iterator[str]:
    for one in questionnaire.checks:
        if one.severity not in ("error", "critical", "high", "medium", "low"):
            yield f"checks.{one.id}: unknown severity {one.severity}"
        for name in one.reads:
            if name not in questionnaire.questions:
                yield f"checks.{one.id}: reads the unknown question {name}"
