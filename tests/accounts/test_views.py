"""Where people land, which organisation they work for, and the pages around the account."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organisation, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.stack


def test_home_leads_to_the_assessments(client: Client, alice: User):
    client.force_login(alice)
    assert client.get("/").url == reverse("assessment:list")


def test_home_of_a_person_without_organisation_says_so(client: Client, db: None):
    client.force_login(User.objects.create_user("nobody@example.com", PASSWORD))
    response = client.get("/")
    assert response.status_code == 403
    assert b"You belong to no organisation yet" in response.content


def test_home_asks_strangers_to_sign_in(client: Client, db: None):
    assert client.get("/").url.startswith(reverse("account_login"))


def test_signing_in_with_the_address_in_capitals(client: Client, alice: User):
    response = client.post(reverse("account_login"), {"login": "ALICE@example.com", "password": PASSWORD})
    assert response.status_code == 302
    assert client.get("/").url == reverse("assessment:list")


def test_nobody_signs_up(client: Client, db: None):
    response = client.post(reverse("account_signup"), {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(email="new@example.com").exists()
    assert response.status_code == 200


@pytest.mark.parametrize(
    "name", ["account_login", "account_reset_password", "account_change_password", "mfa_index", "mfa_activate_totp", "account_logout"]
)
def test_account_pages_stand_on_the_same_base(client: Client, alice: User, name: str):
    if name not in ("account_login", "account_reset_password"):
        client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    response = client.get(reverse(name), follow=True)
    assert response.status_code == 200
    assert "base.html" in {template.name for template in response.templates}
    assert b"style=" not in response.content


def test_a_member_of_two_organisations_chooses(client: Client, alice: User, other_organisation: Organisation):
    Membership.objects.create(user=alice, organisation=other_organisation, role="engineer")
    client.force_login(alice)
    page = client.get(reverse("accounts:organisations"))
    assert b"Harbour Consulting" in page.content
    assert b"Other Consulting" in page.content
    assert b"Switch organisation" in page.content

    client.post(reverse("accounts:organisations"), {"organisation": other_organisation.pk})
    assert b"Cloud engineer, Other Consulting" in client.get(reverse("assessment:list")).content


def test_nobody_chooses_an_organisation_of_others(client: Client, alice: User, other_organisation: Organisation):
    client.force_login(alice)
    response = client.post(reverse("accounts:organisations"), {"organisation": other_organisation.pk})
    assert b"You are not a member of that organisation." in response.content
    assert b"Other Consulting" not in client.get(reverse("assessment:list")).content


def test_a_page_that_does_not_exist_is_a_page_of_ours(client: Client, alice: User):
    client.force_login(alice)
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert b"There is nothing here" in response.content


def test_no_page_allows_inline_styles_or_scripts(client: Client, alice: User):
    client.force_login(alice)
    policy = client.get(reverse("assessment:list"))["Content-Security-Policy"]
    assert "unsafe" not in policy
