"""Drawings on pages: for members alone, and only those that there are."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.designs import make_assessment, make_version

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [("bob", "architecture", 200), ("alice", "costs", 200), ("alice", "settings", 200), ("bob", "secrets", 404), ("charlie", "costs", 404)],
)
def test_a_drawing_is_an_image_for_members(
    request: Any, client: Client, in_scope: Any, alice: Any, who: str, name: str, status: int
) -> None:
    version = make_version(make_assessment(in_scope, alice), alice)
    client.force_login(request.getfixturevalue(who))
    answer = client.get(reverse("reports:drawing", args=[version.pk, name]))
    assert answer.status_code == status
    assert status != 200 or answer.content.startswith(b"<svg")
