from unittest import mock

import pytest
from django.db import OperationalError, connection


def test_health_needs_no_login(client, db):
    response = client.get("/health/")
    assert (response.status_code, response.content) == (200, b"ok")


def test_health_fails_when_the_database_does(client, db):
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")), pytest.raises(OperationalError):
        client.get("/health/")


def test_health_answers_on_the_host_itself_where_everything_else_needs_https(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    assert client.get("/health/").status_code == 200
    assert client.get("/account/login/").status_code == 301
