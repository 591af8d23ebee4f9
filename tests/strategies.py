"""Whole engagements at random, made from the questionnaire itself: any answer it allows, in any state, hidden ones too.

One seed makes one engagement, so that thousands are made in seconds; Hypothesis varies and shrinks the seed. Strategies that shrink each
value stand in `tests.assessment.strategies`.
"""

from __future__ import annotations

import random
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from assessment.engagement import Engagement, engagement_from_document
from assessment.questionnaire import Question, load_questionnaire
from assessment.values import countries, write_value

QUESTIONNAIRE = load_questionnaire()
NAMES = ["Ledger", "Scans <1>", "Mail {{ x }}", "Größe", "../up", "Logs", "logs-dr", "A b", "a-b", "料金", "x" * 90]
ZONES = ["UTC", "Asia/Kolkata", "America/Los_Angeles", "Pacific/Kiritimati", "Australia/Adelaide"]
DURATIONS = [timedelta(minutes=m) for m in (0, 1, 4, 5, 15, 30, 59, 60, 61, 120, 240, 241, 720, 1440, 1500)] + [
    timedelta(days=d) for d in (2, 7, 29, 30, 31, 45, 90, 91, 180, 181, 365, 366, 731, 2557, 3653, 36525)
]
# Questions that decide a lot are mostly answered; the rest now and then.
OFTEN = {
    *("rec_disrupt", "aws_dr", "aws_accounts", "cmp_retention_tbl", "cmp_immutable", "sec_enc", "sec_separate_acct", "sec_key_owner"),
    *(
        "wl_retain",
        "wl_access",
        "wl_expire",
        "wl_latency",
        "wl_obj_size",
        "wl_freq",
        "wl_window",
        "wl_db_host",
        "wl_log_backup",
        "wl_versions",
    ),
}


def engagements(most: int = 4) -> st.SearchStrategy[Engagement]:
    """Engagements of one to `most` workloads."""
    return st.integers(0, 2**40).map(lambda seed: random_engagement(seed, most))


def random_engagement(seed: int, most: int = 4) -> Engagement:
    """The engagement of a seed."""
    return engagement_from_document(random_document(seed, most), QUESTIONNAIRE)


def random_document(seed: int, most: int = 4) -> dict[str, Any]:
    """Plain data of a valid engagement file."""
    dice = random.Random(seed)
    answers = {name: one for name, one in _answers(dice, "customer", {}).items() if one is not None}
    primary = answers["aws_primary"]
    if "aws_dr" in answers and isinstance(answers["aws_dr"], list):
        answers["aws_dr"] = [region for region in answers["aws_dr"] if region != primary]
    options = {
        "cmp_retention_tbl.class": [row["class"] for row in _plain(answers.get("cmp_retention_tbl"))],
        "aws_accounts.alias": [row["alias"] for row in _plain(answers.get("aws_accounts"))],
    }
    names = dice.sample(NAMES, dice.randint(1, min(most, len(NAMES))))
    workloads = []
    for index, name in enumerate(names):
        own = _answers(dice, "workload", options)
        own["wl_deps"] = dice.sample(names[:index], dice.randint(0, index)) if index else []
        workloads.append({"name": name, "answers": own})
    customer = {"name": dice.choice(["Ex & Co", "Ünïcode GmbH", "9 Lives", "{{ 7*7 }}"])}
    return {"schema": "stowplan/engagement/1", "customer": customer, "answers": answers, "workloads": workloads}


def _plain(answer: Any) -> list[dict[str, Any]]:
    value = answer.get("value") if isinstance(answer, dict) else answer
    return value or []


def _answers(dice: random.Random, scope: str, options: dict[str, list[str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in QUESTIONNAIRE.questions.values():
        if question.scope != scope or question.id in ("wl_name", "wl_deps"):
            continue
        if not question.required and dice.random() > (0.85 if question.id in OFTEN else 0.35):
            continue
        if question.options_from and not options.get(question.options_from):
            continue
        value = write_value(question, dice.choice(options[question.options_from]) if question.options_from else _value(dice, question))
        found[question.id] = _statement(dice, question, value)
    return found


def _statement(dice: random.Random, question: Question, value: Any) -> Any:
    """Mostly the bare value, sometimes assumed, unknown or not applicable."""
    turn = dice.random()
    if question.id in ("aws_primary", "aws_dr") or turn < 0.9:
        return value
    if turn < 0.94 or question.required:
        return {"state": "assumed", "value": value, "note": "A guess."}
    if turn < 0.98:
        return {"state": "unknown", "ask": "Dana"}
    return {"state": "not-applicable", "reason": "other"}


def _value(dice: random.Random, question: Question) -> Any:
    if question.words and dice.random() < 0.3:
        return dice.choice(question.words)
    kinds = {
        "text": _text,
        "boolean": lambda d, q: d.random() < 0.5,
        "integer": lambda d, q: _between(d, q, 0, 10**6),
        "size": lambda d, q: _between(d, q, 1, 10**16),
        "bandwidth": lambda d, q: _between(d, q, 1000, 10**11),
        "percent": lambda d, q: Decimal(_between(d, q, 0, 100)),
        "money": lambda d, q: Decimal(d.randint(int(q.min or 0), 10**6)),
        "duration": _duration,
        "date": lambda d, q: __import__("datetime").date(2027, 1, d.randint(1, 28)),
        "region": lambda d, q: d.choice(["us-east-1", "eu-central-1", "ap-south-1", "eu-north-1", d.choice(q.regions)]),
        "regions": lambda d, q: tuple(d.sample(q.regions, d.randint(0, min(q.max or 3, 3)))),
        "countries": lambda d, q: tuple(d.sample(["US", "DE", "IE", "IN", *countries()[:3]], d.randint(0, 4))),
        "single": lambda d, q: d.choice(q.option_values),
        "multi": _chosen,
        "ranking": _chosen,
        "table": _table,
        "schedule": lambda d, q: {
            "days": tuple(d.sample(["mon", "wed", "sat", "sun"], 2)),
            "from": "23:30",
            "to": "05:00",
            "zone": d.choice(ZONES),
        },
        "contact": lambda d, q: {"name": "Dana Reyes", "email": "dana@example.org"},
        "tag": lambda d, q: d.choice(["Backup=gold", "team=a b", "stowplan:workload=x", "k="]),
    }
    return kinds[question.type](dice, question)


def _between(dice: random.Random, question: Question, low: int, high: int) -> int:
    """A whole number within bounds, small and large ones alike."""
    least = int(question.min) if question.min is not None else low
    most = int(question.max) if question.max is not None else high
    span = most - least
    return least + (int(span ** dice.random()) if span > 1 and dice.random() < 0.8 else dice.choice([0, span]))


def _duration(dice: random.Random, question: Question) -> timedelta:
    fitting = [d for d in DURATIONS if (question.min is None or d >= question.min) and (question.max is None or d <= question.max)]
    return dice.choice(fitting)


def _chosen(dice: random.Random, question: Question) -> tuple[str, ...]:
    plain = [option.value for option in question.options if not option.exclusive]
    alone = [option.value for option in question.options if option.exclusive]
    if alone and dice.random() < 0.1:
        return (dice.choice(alone),)
    most = min(question.max or len(plain), len(plain))
    return tuple(dice.sample(plain, dice.randint(question.min or 0, most)))


def _text(dice: random.Random, question: Question) -> str:
    samples = ["", "123456789012", "a-b", "records", "my-bucket", "x@example.org", "<b>", "arn:aws:iam::123456789012:role/apply", "abc-123"]
    fitting = [
        text
        for text in [*samples, f"n{dice.randint(0, 10**6)}", "".join(str(dice.randint(0, 9)) for _ in range(12))]
        if (question.min or 0) <= len(text) <= (question.max or 10**6)
        and (not question.pattern or re.fullmatch(question.pattern, text))
        and (text or question.pattern)
    ]
    return dice.choice(fitting)


def _table(dice: random.Random, question: Question) -> Any:
    def row() -> dict[str, Any]:
        return {field.id: _value(dice, field) for field in question.fields if not field.optional or dice.random() < 0.5}

    if not question.rows:
        made = [row() for _ in range(dice.randint(question.min or 0, min(question.max or 3, 3)))]
        unique = {one[question.key]: one for one in made} if question.key else dict(enumerate(made))
        return tuple(unique.values())
    names = [one.value for one in question.rows if question.complete or dice.random() < 0.6]
    if len(question.fields) == 1:
        return {name: _value(dice, question.fields[0]) for name in names}
    return {name: row() for name in names}
