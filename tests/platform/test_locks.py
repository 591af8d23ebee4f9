"""The lock files say exactly what is installed, and the check finds it when they do not."""

import shutil

from scripts import check_locks
from tests.support.processes import ROOT


def test_the_lock_files_are_whole():
    assert check_locks.problems() == []


def test_what_is_not_locked_or_hashed_is_found(tmp_path, monkeypatch):
    for name in (
        "requirements.in",
        "requirements.txt",
        "requirements-dev.in",
        "requirements-dev.txt",
        "requirements-checkov.in",
        "requirements-checkov.txt",
    ):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "requirements.in").open("a").write("surplus>=1\nDjango<5\n")
    (tmp_path / "requirements-dev.txt").open("a").write("unhashed==1.0\ndjango==4.0 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(check_locks, "ROOT", tmp_path)
    found = "\n".join(check_locks.problems())
    assert "surplus>=1 of requirements.in is not satisfied (locked: None)" in found
    assert "Django<5 of requirements.in is not satisfied" in found
    assert "requirements-dev.txt: unhashed has no hash" in found
    assert "requirements-dev.txt: django is 4.0" in found
