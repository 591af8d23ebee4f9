"""Names depend on account, Region, engagement and key alone, and fit what each service allows."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.names import (
    ALARM,
    ALIAS,
    BUCKET,
    DLM_POLICY,
    FRAMEWORK,
    KEY,
    NAMED,
    REPORT_PLAN,
    RESTORE_PLAN,
    RESTORE_SELECTION,
    ROLE,
    RULE,
    TOPIC,
    TRAIL,
    VAULT,
    NameProblem,
    arn_of,
    name_of,
    stem,
)

WHERE = {"account": "123456789012", "region": "eu-central-1", "slug": "northwind-clinics", "key": "bucket-patient-records"}

LIMITS = {
    RESTORE_PLAN: re.compile(r"[A-Za-z0-9_]{1,50}"),
    RESTORE_SELECTION: re.compile(r"[A-Za-z0-9_]{1,50}"),
    REPORT_PLAN: re.compile(r"[A-Za-z][A-Za-z0-9_]{0,255}"),
    FRAMEWORK: re.compile(r"[A-Za-z][A-Za-z0-9_]{0,255}"),
    VAULT: re.compile(r"[A-Za-z0-9_-]{2,50}"),
    TOPIC: re.compile(r"[A-Za-z0-9_-]{1,256}"),
    RULE: re.compile(r"[.\-_A-Za-z0-9]{1,64}"),
    ALARM: re.compile(r"[ -~]{1,255}"),
    BUCKET: re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
    ALIAS: re.compile(r"alias/(?!aws/)[a-zA-Z0-9/_-]{1,250}"),
    ROLE: re.compile(r"[\w+=,.@-]{1,64}"),
    TRAIL: re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]"),
}


def test_a_name_is_the_documented_formula():
    assert name_of(BUCKET, **WHERE) == "stowplan-northwind-clinic-bucket-patient-recor-0004d550"
    assert name_of(ALIAS, **WHERE) == "alias/" + name_of(ROLE, **WHERE)


@pytest.mark.parametrize("part", ["account", "region", "slug", "key"])
def test_each_part_changes_the_name(part):
    assert stem(**WHERE) != stem(**{**WHERE, part: WHERE[part] + "1"})


@given(slug=st.text(max_size=80), key=st.text(max_size=80), kind=st.sampled_from(sorted(NAMED)))
def test_every_name_fits_its_service(slug, key, kind):
    name = name_of(kind, account="123456789012", region="us-east-1", slug=slug, key=key)
    assert LIMITS[kind].fullmatch(name)
    assert not name.endswith(("-s3alias", "--ol-s3", "--x-s3", "-an"))


def test_an_adopted_bucket_keeps_its_name():
    assert name_of(BUCKET, **WHERE, adopt="theirs.since.2014") == "theirs.since.2014"


def test_keys_and_policies_have_no_name_before_they_exist():
    for kind in (KEY, DLM_POLICY):
        with pytest.raises(NameProblem, match="from AWS"):
            name_of(kind, **WHERE)


def test_arns_name_account_and_region_where_the_service_does():
    assert arn_of(BUCKET, "b", account="1", region="r") == "arn:aws:s3:::b"
    assert arn_of(ROLE, "n", account="1", region="r") == "arn:aws:iam::1:role/n"
    assert arn_of(ALIAS, "alias/n", account="1", region="r") == "arn:aws:kms:r:1:alias/n"
    assert arn_of(DLM_POLICY, "policy-1", account="1", region="r") == "arn:aws:dlm:r:1:policy/policy-1"
