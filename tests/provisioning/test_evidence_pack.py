"""The evidence pack and its verifier, which is run as the program that an auditor gets: one changed byte in any file is named."""

import io
import json
import runpy
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from provisioning.as_built import rows_in
from provisioning.clients import Clients
from provisioning.evidence import collect
from provisioning.evidence_pack import VERIFIER, approval_of, seal, zipped
from tests.provisioning.cases import PRIMARY, bucket, design_of, key, log_bucket, role, spec_of, trail
from tests.provisioning.undoing import applied


def verify(path: Path, program: Path = VERIFIER) -> tuple[int, str]:
    """Exit code and output, with nothing but Python's own library."""
    done = subprocess.run([sys.executable, "-I", "-S", program, path], capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def pack(url, simulator, tmp_path) -> Path:
    plan, journal = applied(design_of(key(), bucket(), role(), log_bucket(), trail()), url)
    return packed(plan, journal, url, tmp_path / "folder")


def packed(plan, journal, url, folder) -> Path:
    collect(plan, Clients(spec_of(url)), folder)
    seal(folder, plan, journal.records(), approval_of(journal.records()), b"%PDF-1.7 report")
    path = folder.parent / "pack.zip"
    path.write_bytes(zipped(folder))
    return path


def test_a_pack_is_verified_by_python_alone_and_each_changed_byte_is_named(pack, tmp_path):
    code, said = verify(pack)
    assert (code, said.splitlines()[-1].split(".")[0]) == (0, "Intact"), said
    inside = tmp_path / "unpacked"
    zipfile.ZipFile(pack).extractall(inside)
    assert verify(inside, inside / "verify.py")[0] == 0
    check = runpy.run_path(str(VERIFIER))["verify"]
    names = zipfile.ZipFile(pack).namelist()
    families = {name.partition("/")[2] for name in names if name.startswith("families/")}
    assert {"lifecycle.json", "trail.json", "encryption.json", "keys.json", "access.json", "retention.json"} <= families
    others = {"plan.json", "design.json", "approval.json", "receipts.jsonl", "verify.py", "as-built.pdf", "pack.json", "bucket-data.json"}
    assert others <= set(names)
    for name in names:
        path = inside / name
        data = path.read_bytes()
        for place in (0, len(data) // 2, len(data) - 2):
            changed = bytearray(data)
            changed[place] ^= 1
            path.write_bytes(bytes(changed))
            wrong, _, _ = check(str(inside))
            assert any(line.startswith(f"{name}:") for line in wrong), (name, place, wrong)
        path.write_bytes(data)
    (inside / "role-dlm.json").unlink()
    (inside / "more.json").write_text("{}")
    code, said = verify(inside)
    assert code == 1
    assert "role-dlm.json: it is missing" in said
    assert "more.json: it is no part of the pack" in said


def test_a_forged_seal_does_not_get_past_the_chain_of_receipts_nor_a_claimed_equality(pack, tmp_path):
    """Whoever recomputes the hashes of the files still has to forge the chains."""
    inside = tmp_path / "forged"
    zipfile.ZipFile(pack).extractall(inside)
    lines = (inside / "receipts.jsonl").read_text().splitlines(keepends=True)
    (inside / "receipts.jsonl").write_text("".join([*lines[:3], *lines[4:]]))
    found = json.loads((inside / "bucket-data.json").read_text())
    found["fields"]["Versioning"]["compared"]["read_back"] = "Suspended"
    (inside / "bucket-data.json").write_text(json.dumps(found))
    code, said = verify(inside)
    assert code == 1
    assert "receipts.jsonl: line 4 does not follow the one before it" in said
    assert "bucket-data.json: the chain of read-backs breaks here" in said
    assert "bucket-data.json: Versioning is said to be" in said


def test_a_setting_that_is_not_as_designed_is_named_and_has_a_code_of_its_own(url, simulator, tmp_path):
    plan, journal = applied(design_of(bucket()), url)
    name = plan["resource_changes"][0]["stowplan"]["id"]
    simulator.client("s3", PRIMARY).put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    code, said = verify(packed(plan, journal, url, tmp_path / "folder"))
    assert code == 2
    assert "AWS::S3::Bucket.bucket-data: Versioning is not as designed" in said


def test_rows_tell_when_and_by_which_request_each_setting_was_read(pack):
    rows = rows_in(pack.read_bytes())
    versioning = next(row for row in rows if (row.key, row.setting) == ("bucket-data", "Versioning"))
    assert (versioning.designed, versioning.read_back, versioning.equal) == ("Enabled", "Enabled", True)
    assert versioning.read_at.startswith("20")
    reads = json.loads(zipfile.ZipFile(io.BytesIO(pack.read_bytes())).read("bucket-data.json"))["requests"]
    assert versioning.request_id in {read["request_id"] for read in reads if read["operation"] == "GetBucketVersioning"}
    assert all(row.request_id for row in rows)
