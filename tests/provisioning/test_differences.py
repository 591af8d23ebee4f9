"""A difference names the member, and a rule that moved within its list did not change."""

from hypothesis import example, given
from hypothesis import strategies as st

from provisioning.differences import Difference, differences

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["ID", "Key", "Value", "Days", "x"]), inner, max_size=4),
    max_leaves=12,
)


def test_members_are_named_from_the_outside_in() -> None:
    before = {"Encryption": {"SSEAlgorithm": "AES256"}, "Versioning": None}
    after = {"Encryption": {"SSEAlgorithm": "aws:kms"}, "Versioning": None}
    assert differences(before, after) == [Difference(("Encryption", "SSEAlgorithm"), "AES256", "aws:kms")]


def test_rules_are_matched_by_id() -> None:
    foreign, ours = {"ID": "theirs", "Expiration": {"Days": 7}}, {"ID": "stowplan-a", "Expiration": {"Days": 30}}
    before, after = {"LifecycleRules": [foreign]}, {"LifecycleRules": [ours, foreign]}
    assert differences(before, after) == [Difference(("LifecycleRules", "stowplan-a", "Expiration", "Days"), None, "30")]


def test_tags_are_matched_by_key() -> None:
    found = differences({"Tags": [{"Key": "team", "Value": "a"}]}, {"Tags": [{"Key": "team", "Value": "b"}]})
    assert found == [Difference(("Tags", "team"), "a", "b")]


def test_creating_shows_every_member_and_no_before() -> None:
    found = differences(None, {"Versioning": "Enabled", "PublicAccessBlock": {"BlockPublicAcls": True}})
    assert [(one.path, one.before, one.after, one.kind) for one in found] == [
        (("Versioning",), None, "Enabled", "added"),
        (("PublicAccessBlock", "BlockPublicAcls"), None, "true", "added"),
    ]


@given(plain, plain)
@example([], [""])
@example({"x": 1}, {"x": "1"})
def test_only_what_differs_is_named(before: object, after: object) -> None:
    found = differences(before, after)
    if repr(before) == repr(after):
        assert found == []
    assert all(one.before != one.after for one in found)


def test_null_is_not_set() -> None:
    found = differences(
        {"Versioning": None, "PublicAccessBlock": None}, {"Versioning": None, "PublicAccessBlock": {"BlockPublicAcls": True}}
    )
    assert found == [Difference(("PublicAccessBlock", "BlockPublicAcls"), None, "true")]


@given(plain)
def test_nothing_against_something_has_no_before(value: object) -> None:
    found = differences(None, value)
    assert all(one.before is None and one.after is not None for one in found)
