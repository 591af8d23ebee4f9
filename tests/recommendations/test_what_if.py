"""What a changed answer costs, worked out for its workload alone, equals the cost of the whole changed engagement."""

from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from assessment.answer_tree import AnswerTree
from assessment.engagement import Answer, Engagement
from assessment.questionnaire import load_questionnaire
from benchmarks.design import decided_again
from recommendations.evaluate import consider
from recommendations.findings_budget import alternatives
from recommendations.prices import load_price_book
from recommendations.resources.key_count import KeyCount
from recommendations.tables import load_rule_pack
from recommendations.what_if import WhatIf
from tests.strategies import engagements


def changed(engagement: Engagement, question: str, value: object, index: int | None) -> Engagement:
    answer = Answer("stated", value)
    if index is None:
        return replace(engagement, answers={**engagement.answers, question: answer})
    workloads = list(engagement.workloads)
    workloads[index] = replace(workloads[index], answers={**workloads[index].answers, question: answer})
    return replace(engagement, workloads=tuple(workloads))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(engagements())
def test_a_changed_answer_costs_what_the_changed_engagement_costs(engagement: Engagement) -> None:
    questionnaire, pack, book = load_questionnaire(), load_rule_pack(), load_price_book()
    tree = AnswerTree(questionnaire, engagement)
    case = consider(engagement, questionnaire, pack, book)
    made = Counter(one["region"] for one in case.resources if one["type"] == "AWS::KMS::Key")
    assert KeyCount(case.customer, case.parts).regions() == made
    if case.monthly() is None:
        return
    what_if = WhatIf(tree, case.base, pack, book)
    for question, value, index, _ in alternatives(tree):
        whole = consider(changed(engagement, question, value, index), questionnaire, pack, book)
        assert what_if.monthly(question, value, index) == whole.monthly(), (question, index)


def test_a_what_if_on_one_workload_decides_that_workload_alone() -> None:
    """Counted, not timed: of forty workloads one is decided again."""
    assert decided_again(40) == 1
