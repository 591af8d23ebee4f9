"""The compose file starts the programs that `make run` and the tests start, pinned, watched and without a secret in it."""

import re
import shlex

import pytest
import yaml

from config import gunicorn as web_server
from scripts.supervisor import read_procfile
from tests.support.processes import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]


def test_the_commands_are_those_of_the_procfile(monkeypatch):
    monkeypatch.setenv("SIMULATOR_PORT", "5055")
    programs = read_procfile(ROOT / "Procfile")
    assert set(programs) == {"web", "worker", "beat", "simulator"}
    assert {name: SERVICES[name]["command"] for name in programs} == programs


def test_the_image_starts_the_same_web_server(monkeypatch):
    commands = re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert yaml.safe_load(commands[0]) == read_procfile(ROOT / "Procfile")["web"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_pinned_and_watched(name):
    service = SERVICES[name]
    if "image" in service:
        assert re.search(r":\d+\.\d+", service["image"])
    else:
        assert service["build"]["target"] in (ROOT / "Dockerfile").read_text()
    assert "healthcheck" in service or name == "migrate"


def test_no_secret_stands_in_the_file():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|TOKEN|ACCESS_KEY", name):
                assert re.fullmatch(r"\$\{\w+:[?-][^}]*\}", value), name
    assert not re.search(r"://\w+:(?!\$\{)[^@/\s]+@", (ROOT / "docker-compose.yml").read_text())


def test_every_base_image_of_the_dockerfile_is_pinned():
    images = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", images[0])
    assert set(images[1:]) == {"application"}


def test_the_web_server_listens_on_loopback_unless_told_otherwise():
    assert web_server.bind == "127.0.0.1:8000"
    assert shlex.split("gunicorn --config config/gunicorn.py config.wsgi") == read_procfile(ROOT / "Procfile")["web"]
