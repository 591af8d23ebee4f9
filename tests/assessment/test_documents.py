"""YAML 1.2 words, no tags, no repeated keys, bounded expansion and nesting, and the line of everything."""

from decimal import Decimal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import documents
from assessment.documents import DocumentError, dotted, read_document


def value(text):
    return read_document(text.encode()).value


def error(data):
    with pytest.raises(DocumentError) as caught:
        read_document(data if isinstance(data, bytes) else data.encode())
    return caught.value.line, caught.value.path, caught.value.message


WORDS = [
    ("true", True), ("false", False), ("True", "True"), ("yes", "yes"), ("no", "no"), ("NO", "NO"), ("on", "on"), ("off", "off"),
    ("y", "y"),
    ("null", None), ("~", None), ("", None), ("12:30", "12:30"), ("190:20:30", "190:20:30"), ("2027-03-31", "2027-03-31"),
    ("3000", 3000), ("-7", -7), ("+7", 7), ("007", 7), ("1_000", "1_000"),
    ("1e3", Decimal(1000)), ("2.50", Decimal("2.5")), (".5", Decimal("0.5")),
    ("1.", Decimal(1)), (".", "."), ("1.2.3", "1.2.3"), ("0b101", "0b101"), ("1h", "1h"), ("1.2 TiB", "1.2 TiB"), ("=", "="), ("<<", "<<"),
    ("'true'", "true"), ('"3000"', "3000"), ("'~'", "~"), ("|\n  12\n", "12\n"), ("9" * 31, Decimal("9" * 31)),
]  # fmt: skip


@pytest.mark.parametrize(("word", "expected"), WORDS)
def test_words_mean_what_yaml_1_2_says(word, expected):
    found = value(f"a: {word}\n")["a"]
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("word", [".nan", ".NaN", ".inf", "-.inf", "+.INF"])
def test_numbers_that_are_none_are_read_so_that_types_can_refuse_them(word):
    assert not value(f"a: {word}")["a"].is_finite()


def test_keys_are_words_whatever_they_look_like():
    assert value("{1h: a, 8: b, true: c, null: d}") == {"1h": "a", "8": "b", "true": "c", "null": "d"}


@pytest.mark.parametrize(
    "text", ["a: !!python/object/apply:os.system [id]", "a: !x 1", "!!map {a: 1}", "a: ! b", "a: !!str 1", "- !!binary YQ=="]
)
def test_tags_are_refused(text):
    line, path, message = error(text)
    assert (line, path) == (1, "$")
    assert message.startswith("Tags (")


def test_a_tag_names_its_line():
    assert error("a: 1\nb:\n  c: !x 1\n")[0] == 3


@pytest.mark.parametrize(
    ("text", "line", "path"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a"),
        ("a:\n  b: 1\n  c:\n  - d: 1\n    d: 2\n", 5, "a.c[0].d"),
        ("a: 1\n'a': 2\n", 2, "a"),
        ("8h: 1\n8h: 2\n", 2, "8h"),
    ],
)
def test_a_key_stands_once(text, line, path):
    assert error(text) == (line, path, "This key stands twice in one map.")


def test_a_merge_key_merges_nothing():
    assert value("a: &x {b: 1}\nc: {<<: *x}\n") == {"a": {"b": 1}, "c": {"<<": {"b": 1}}}


def test_aliases_are_read_as_what_they_name():
    assert value("a: &x [1, 2]\nb: *x\n") == {"a": [1, 2], "b": [1, 2]}


def bomb(levels, width=10):
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(rows)


def test_an_alias_bomb_is_refused_before_it_goes_off():
    line, path, message = error(bomb(12))
    assert (line, path) == (1, "$")
    assert message == "The expanded document has more than 2000000 nodes."


def test_a_small_document_of_aliases_is_fine():
    assert len(value(bomb(4))["a3"]) == 10


@pytest.mark.parametrize("text", ["a: &x [*x]", "a: &x {b: *x}", "&x [1, *x]"])
def test_an_alias_inside_of_itself_is_refused(text):
    assert error(text)[1:] == ("$", "An alias stands inside of what it names.")


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")])
def test_twenty_levels_are_allowed_and_one_more_is_not(opening, closing):
    assert value(opening * 20 + "1" + closing * 20) is not None
    assert error(opening * 21 + "1" + closing * 21) == (1, "$", "The document nests deeper than 20 levels.")


def test_nesting_through_aliases_counts_too():
    rows = ["a0: &a0 [[[[1]]]]"] + [f"a{n}: &a{n} [[[[*a{n - 1}]]]]" for n in range(1, 8)]
    assert error("\n".join(rows))[2] == "The document nests deeper than 20 levels."


def test_very_deep_nesting_does_not_exhaust_the_stack():
    assert error("[" * 100_000)[2] == "The document nests deeper than 20 levels."


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "\ufeff"])
def test_an_empty_file(text):
    if text == "---\n":
        assert value(text) is None
    else:
        assert error(text) == (1, "$", "The file is empty.")


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"a: 1\nb: \xff\n", 2), ("a: ä".encode("latin-1"), 1), ("a: 1".encode("utf-16"), 1), (b"\n\n\xc3(", 3), (b"\xed\xa0\x80", 1)],
)
def test_what_is_not_utf_8(data, line):
    assert error(data) == (line, "$", "The file is not UTF-8; save it as UTF-8.")


def test_a_byte_order_mark_is_read_over():
    assert read_document(b"\xef\xbb\xbfa: 1").value == {"a": 1}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1\nb: 2\n", 2),
        ("a: 1\n b: 2\n", 2),
        ("a: 'x\n", 2),
        ("a: *x\n", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\nb: \x07\n", 2),
        ("a: @x\n", 1),
    ],
)
def test_what_is_not_yaml_names_a_line(text, line):
    found = error(text)
    assert (found[0], found[1]) == (line, "$")
    assert found[2].startswith("This is not YAML: ")


@pytest.mark.parametrize("text", ["? [a]\n: 1\n", "{[a]: 1}", "? {a: 1}\n: 2\n"])
def test_a_key_that_is_no_word(text):
    assert error(text)[1:] == ("$", "A key must be a word.")


def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr(documents, "MAX_BYTES", 10)
    assert error("a: 1234567890")[1:] == ("$", "The file has 13 bytes; at most 10 (32 MiB) are allowed.")


def test_the_line_of_everything():
    document = read_document(b"a: 1\nb:\n- c: x\n  d:\n    e: y\n-   f\n")
    lines = {("a",): 1, ("b",): 2, ("b", 0): 3, ("b", 0, "c"): 3, ("b", 0, "d"): 4, ("b", 0, "d", "e"): 5, ("b", 1): 6}
    assert {path: document.line(path) for path in lines} == lines
    assert document.line(("b", 0, "missing", 5)) == 3
    assert document.line(()) == 1


def test_json_is_yaml():
    assert value('{"a": [1, true, null, "x\\u00e9", 2.5]}') == {"a": [1, True, None, "xé", Decimal("2.5")]}


def test_paths_as_messages_write_them():
    assert dotted(()) == "$"
    assert dotted(("workloads", 3, "answers", "wl_rto")) == "workloads[3].answers.wl_rto"
    assert dotted(("answers", "aws_dr", documents.VALUE)) == "answers.aws_dr"


# NEL is a line break to YAML 1.1, and no text of ours may hold it. Some numbers, e.g. with an exponent, are words to YAML 1.1, which
# writes them without quotes; our own writer quotes them (test_engagement).
WORD = st.text(alphabet=st.characters(exclude_characters="\x85", codec="utf-8"), max_size=8).filter(
    lambda word: isinstance(documents.plain(word), str) or yaml.safe_dump(word)[0] in "'\""
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(min_value=-(10**17), max_value=10**17) | WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(WORD, PLAIN, max_size=4))
def test_what_yaml_writes_is_read_back(data):
    text = yaml.safe_dump(data, allow_unicode=True)
    assert read_document(text.encode()).value == data


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(alphabet="ab:-[]{}&*!|>'\"#\n ,?~19.%@`\t", max_size=40).map(str.encode)))
def test_any_bytes_are_read_or_refused_by_name(data):
    found = None
    try:
        read_document(data)
    except DocumentError as caught:
        found = caught
    assert found is None or (found.line >= 1 and found.path and found.message)
