"""References: what they may say, in which order they put resources, and what is known when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.names import BUCKET, KEY, ROLE
from provisioning.references import ReferenceProblem, Unknown, dependencies, has_unknown, in_order, resolve


def sub(text):
    return {"$sub": text}


def resource(key, kind=BUCKET, **properties):
    return {"key": key, "type": kind, "properties": properties}


def test_a_replicated_bucket_comes_after_its_role_and_destination():
    resources = [
        resource("bucket-a", Replication={"Role": sub("${role-a.arn}"), "Rules": [{"Destination": {"Bucket": sub("${bucket-b.arn}")}}]}),
        resource("role-a", ROLE, Policies={"p": {"Statement": [{"Resource": [sub("${bucket-a.arn}/*"), sub("${key-a.arn}")]}]}}),
        resource("bucket-b", Encryption={"KMSMasterKeyID": sub("${key-a.arn}")}),
        resource("key-a", KEY),
    ]
    assert dependencies(resources) == {
        "bucket-a": {"role-a", "bucket-b"},
        "role-a": {"key-a"},
        "bucket-b": {"key-a"},
        "key-a": frozenset(),
    }
    assert in_order(resources) == ["key-a", "role-a", "bucket-b", "bucket-a"]


def test_a_role_named_as_principal_of_a_bucket_must_be_there():
    statement = {"Principal": {"AWS": sub("${role-a.arn}")}, "Resource": sub("${bucket-a.arn}")}
    graph = dependencies([resource("bucket-a", PolicyStatements=[statement]), resource("role-a", ROLE)])
    assert graph["bucket-a"] == {"role-a"}


def test_a_circle_is_an_error_that_names_it():
    circle = [resource("a", Replication=sub("${b.arn}")), resource("b", Replication=sub("${a.arn}"))]
    with pytest.raises(ReferenceProblem, match=r"a -> b -> a|b -> a -> b"):
        in_order(circle)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${nobody.arn}", "refers to a resource that the design does not have"),
        ("${key-a.colour}", "is no reference"),
        ("${key-a}", "is no reference"),
        ("${}", "is no reference"),
    ],
)
def test_a_reference_to_nothing_is_an_error(text, message):
    with pytest.raises(ReferenceProblem, match=message):
        dependencies([resource("x", Description=sub(text)), resource("key-a", KEY)])


def test_two_resources_of_one_key_are_an_error():
    with pytest.raises(ReferenceProblem, match="two resources"):
        dependencies([resource("x"), resource("x")])


def test_unknown_parts_make_the_whole_text_unknown():
    known = {"account": "1", "b.arn": "arn:aws:s3:::b"}
    value = {"a": sub("${b.arn}/${account}"), "b": [sub("x ${k.arn} ${account}")], "plain": "${account}"}
    resolved = resolve(value, lambda name: known.get(name, Unknown(name)))
    assert resolved == {"a": "arn:aws:s3:::b/1", "b": [Unknown("x ${k.arn} 1")], "plain": "${account}"}
    assert has_unknown(resolved)
    assert not has_unknown(resolved["a"])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text().filter(lambda k: k != "$sub"), inner, max_size=4),
)


@given(json_values)
def test_plain_values_are_never_interpolated(value):
    def nobody_asks(name):
        raise AssertionError(name)

    assert resolve(value, nobody_asks) == value
