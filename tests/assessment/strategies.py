"""Hypothesis strategies: a typed value for any question, an answer in any state, a whole engagement."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from assessment.engagement import Answer, Customer, Engagement, Workload, folded_name, workload_keys
from assessment.questionnaire import Question, load_questionnaire
from assessment.values import FORBIDDEN, WEEKDAYS, countries, zones

QUESTIONS = load_questionnaire().questions
# Any text that may be written, with what YAML, HTML and templates could take for something else.
TEXT = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        ["no", "1e3", "- x", "a: b", "#", "'", '"', "<b>", "{{ x }}", "{% x %}", "../", "é", "e\u0301", "a\nb", " a ", "0x1F", "~"]
    ),
).filter(lambda text: not FORBIDDEN.search(text))
LINE = TEXT.map(lambda text: text.replace("\n", " ")).filter(lambda text: 1 <= len(text) <= 100 and text.strip())
EMAIL = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.[a-z]{2,3}", fullmatch=True)
PATTERNS = {"wl_bucket": r"|[a-z0-9]{3,20}"}  # from_regex knows no lookahead; these match the real pattern, which is checked again


def bounded(question: Question, unit, low=0, high=10**12):
    """Whole numbers of `unit` within the question's bounds."""
    least = -(-question.min // unit) if question.min is not None else low
    most = question.max // unit if question.max is not None else high
    return st.integers(min_value=least, max_value=most)


def durations(question: Question):
    # Decimals of an hour go to six places: multiples of 3.6 ms.
    steps = [timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(microseconds=3600)]
    return st.sampled_from(steps).flatmap(lambda step: bounded(question, step, high=10**4).map(lambda count: count * step))


def decimals(question: Question, places: int):
    unit = 10**places
    low = int((question.min if question.min is not None else -1000) * unit)
    high = int((question.max if question.max is not None else 10**9) * unit)
    return st.integers(min_value=low, max_value=high).map(lambda count: Decimal(count) / unit)


def texts(question: Question):
    pattern = PATTERNS.get(question.id, question.pattern)
    if pattern is None:
        return TEXT.filter(lambda text: (question.min or 0) <= len(text) <= (question.max or 10**6))
    found = st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)
    return found.filter(
        lambda text: (
            not FORBIDDEN.search(text)
            and (question.min or 0) <= len(text) <= (question.max or 10**6)
            and re.fullmatch(question.pattern, text) is not None
        )
    )


def chosen(question: Question):
    """A list of different options, none beside an exclusive one."""
    plain = [option.value for option in question.options if not option.exclusive]
    alone = [option.value for option in question.options if option.exclusive]
    some = st.lists(st.sampled_from(plain), unique=True, min_size=question.min or 0, max_size=question.max or len(plain)).map(tuple)
    return st.one_of(some, *[st.just((value,)) for value in alone])


def lists(options, question: Question):
    return st.lists(st.sampled_from(options), unique=True, min_size=question.min or 0, max_size=min(question.max or 4, 4)).map(tuple)


@cache
def values(question: Question):
    """Typed values that the question accepts, words among them."""
    kinds = {
        "text": lambda: texts(question),
        "boolean": st.booleans,
        "integer": lambda: bounded(question, 1),
        "percent": lambda: decimals(question, 6),
        "money": lambda: decimals(question, 2).filter(lambda amount: amount >= 0),
        "duration": lambda: durations(question),
        "size": lambda: bounded(question, 1, high=10**17),
        "bandwidth": lambda: bounded(question, 1),
        "date": lambda: st.dates(min_value=date(1000, 1, 1)),
        "region": lambda: st.sampled_from(question.regions),
        "regions": lambda: lists(question.regions, question),
        "countries": lambda: lists(countries(), question),
        "single": lambda: st.sampled_from(question.option_values),
        "multi": lambda: chosen(question),
        "ranking": lambda: chosen(question),
        "table": lambda: rows(question) if question.rows else open_table(question),
        "schedule": schedules,
        "contact": lambda: contacts(),
        "workloads": lambda: st.lists(LINE.filter(composed), unique=True, max_size=3).map(tuple),
        "tag": lambda: st.tuples(st.from_regex("[a-zA-Z:]{1,20}", fullmatch=True), TEXT).map("=".join).filter(fine_tag),
    }
    found = kinds[question.type]()
    return st.one_of(found, st.sampled_from(question.words)) if question.words else found


def fine_tag(text: str) -> bool:
    return "\n" not in text and not text.lower().startswith("aws:") and re.fullmatch(r"[\w .:/=+\-@]+", text) is not None


def schedules():
    clock = st.from_regex(r"([01]\d|2[0-3]):[0-5]\d", fullmatch=True).filter(str.isascii)
    days = st.lists(st.sampled_from(WEEKDAYS), unique=True, min_size=1).map(tuple)
    return st.fixed_dictionaries({"days": days, "from": clock, "to": clock, "zone": st.sampled_from(sorted(zones()))})


def contacts():
    return st.fixed_dictionaries(
        {"name": LINE, "email": EMAIL}, optional={"phone": st.from_regex(r"\+[0-9]{1,20}", fullmatch=True).filter(str.isascii)}
    )


def cells(question: Question):
    """One row of a table with several fields."""
    needed = {field.id: values(field) for field in question.fields if not field.optional}
    return st.fixed_dictionaries(needed, optional={field.id: values(field) for field in question.fields if field.optional})


def rows(question: Question):
    one = values(question.fields[0]) if len(question.fields) == 1 else cells(question)
    each = {row.value: one for row in question.rows}
    return st.fixed_dictionaries(each) if question.complete else st.fixed_dictionaries({}, optional=each)


def open_table(question: Question):
    key = (lambda row: row[question.key]) if question.key else None
    return st.lists(cells(question), min_size=question.min or 0, max_size=3, unique_by=key).map(tuple)


@cache
def answers(question: Question, value):
    """An answer in any state that the question allows; `value` is the strategy of its values."""
    note, ask = st.none() | TEXT, st.none() | LINE
    more = {"note": note, "ask": ask}
    proof = st.fixed_dictionaries({"file": LINE}, optional={"sha256": st.from_regex("[0-9a-f]{64}", fullmatch=True), "note": TEXT})
    stated = st.builds(Answer, st.just("stated"), value, evidence=st.lists(proof, max_size=2).map(tuple), **more)
    assumed = st.builds(Answer, st.just("assumed"), value, confirm_by=st.none() | st.dates(min_value=date(1000, 1, 1)), **more)
    if question.required:
        return st.one_of(stated, assumed)
    unknown = st.builds(Answer, st.just("unknown"), **more)
    reasons = st.sampled_from(["out-of-scope", "business-priority", "technical-constraint", "other"])
    skipped = st.builds(Answer, st.just("not-applicable"), reason=reasons, **more)
    return st.one_of(stated, assumed, unknown, skipped)


@st.composite
def scope_answers(draw, scope: str, special):
    """Answers of one scope; `special` gives a strategy of values for a question, or None where it must be left out."""
    result = {}
    for question in QUESTIONS.values():
        if question.scope != scope or question.id == "wl_name":
            continue
        if question.required or draw(st.integers(0, 3)) == 0:
            value = special(question)
            if value is not None:
                result[question.id] = draw(answers(question, value))
    return result


@st.composite
def engagements(draw):
    """An engagement without errors: every question may be answered or not."""
    industry = draw(st.none() | st.sampled_from(QUESTIONS["eng_industry"].option_values))
    customer = Customer(draw(LINE.filter(composed)), industry)
    primary = draw(values(QUESTIONS["aws_primary"]))

    def of_customer(question: Question):
        if question.id == "aws_primary":
            return st.just(primary)
        if question.id == "aws_dr":
            return values(question).filter(lambda regions: primary not in regions)
        return values(question)

    given = draw(scope_answers("customer", of_customer))
    names = draw(st.lists(LINE.filter(composed), min_size=1, max_size=3, unique_by=folded_name))
    workloads = []
    for index, name in enumerate(names):

        def of_workload(question: Question, index=index):
            if question.id == "wl_deps":
                return lists(names[:index], question) if index else st.just(())
            if question.options_from:
                table, _, column = question.options_from.partition(".")
                rows = given[table].value if table in given else None
                return st.sampled_from([row[column] for row in rows]) if rows else None
            return values(question)

        identifier = draw(st.none() | st.just(f"id-{index}"))
        workloads.append((name, identifier, draw(scope_answers("workload", of_workload))))
    keys = workload_keys([(identifier, name) for name, identifier, _ in workloads])
    made = tuple(Workload(key, name, identifier, own) for key, (name, identifier, own) in zip(keys, workloads, strict=True))
    return Engagement(customer, given, made)


def composed(name: str) -> bool:
    """Names are stored in NFC."""
    return unicodedata.normalize("NFC", name) == name
