#!/usr/bin/env python3
"""Checks an evidence pack of Stowplan. Needs Python 3.8 or newer and nothing else; no network, nothing is written.

    python3 verify.py [PACK.zip | FOLDER]        left out: the folder that this file stands in

It recomputes the SHA-256 of every file, the chain of the read-backs, the digest of the design, the chain of the receipts, and whether each
setting that was read back equals the designed one. Take this file from Stowplan rather than from the pack when you do not trust the pack.

Exit codes: 0 intact and as designed; 1 something was changed, is missing or does not fit (each file is named); 2 intact, and some settings
are not as designed.
"""

import hashlib
import json
import os
import sys
import unicodedata
import zipfile

INDEX = "pack.json"


def contents(path):
    """name -> bytes of all files of a zip or a folder."""
    if os.path.isdir(path):
        names = [os.path.join(folder, name) for folder, _, files in os.walk(path) for name in files if "__pycache__" not in folder]
        return {os.path.relpath(name, path).replace(os.sep, "/"): open(name, "rb").read() for name in names}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def digest(value):
    """SHA-256 of plain data as JSON: keys sorted, no blanks."""
    return sha256(json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())


def composed(value):
    """Strings in Unicode's composed form, as the digest of a design takes them."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [composed(item) for item in value]
    if isinstance(value, dict):
        return {composed(name): composed(item) for name, item in value.items()}
    return value


def check_files(files, index):
    """Every file by its hash, none missing and none more."""
    sealed = {name: value for name, value in index.items() if name != "seal"}
    written = json.dumps(index, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    if index.get("seal") != digest(sealed) or files[INDEX] != written.encode():
        yield f"{INDEX}: it was changed: its seal does not fit its content"
    listed = index.get("files", {})
    for name in sorted(set(listed) - set(files)):
        yield f"{name}: it is missing"
    for name in sorted(set(files) - set(listed) - {INDEX}):
        yield f"{name}: it is no part of the pack"
    for name in sorted(set(listed) & set(files)):
        if sha256(files[name]) != listed[name]:
            yield f"{name}: it was changed: its SHA-256 is {sha256(files[name])}, the pack says {listed[name]}"


def check_read_backs(files):
    """The chain of the read-backs."""
    manifest = json.loads(files["manifest.json"])
    chain = sha256(manifest["design_digest"].encode())
    for entry in manifest["entries"]:
        chain = sha256((chain + sha256(files[entry["file"]])).encode())
        if entry["chain"] != chain:
            yield "{}: the chain of read-backs breaks here".format(entry["file"])
            chain = entry["chain"]
    if manifest["chain"] != chain:
        yield "manifest.json: the end of the chain of read-backs does not fit"


def check_design(files):
    """One design: its own digest, that of the plan, of the approval and of the read-backs."""
    design, plan, approval = (json.loads(files[name]) for name in ("design.json", "plan.json", "approval.json"))
    found = digest(composed({name: value for name, value in design.items() if name != "digest"}))
    if design.get("digest") != found:
        yield "design.json: it was changed: its digest is {}, it says {}".format(found, design.get("digest"))
    for name, value in (("plan.json", plan["design_digest"]), ("approval.json", approval["design_digest"])):
        if value != found:
            yield f"{name}: it is of design {value}, not of {found}"
    if json.loads(files["manifest.json"])["design_digest"] != found:
        yield "manifest.json: it is of another design"
    if plan.get("design") != design:
        yield "plan.json: the design inside is not design.json"


def check_receipts(files, index):
    """The chain of the journal: each record carries the hash of the one before it."""
    previous = None
    records = [json.loads(line) for line in files["receipts.jsonl"].decode().splitlines()]
    for number, record in enumerate(records, start=1):
        if record.get("previous") != previous or record.get("n") != number:
            yield f"receipts.jsonl: line {number} does not follow the one before it"
        previous = digest(record)
    if index.get("receipts") != {"count": len(records), "head": previous}:
        yield "receipts.jsonl: its end is not the one that the pack names"


def check_settings(files):
    """(lines that do not fit, settings that are not as designed)."""
    wrong, differing = [], []
    for entry in json.loads(files["manifest.json"])["entries"]:
        found = json.loads(files[entry["file"]])
        for name, field in sorted(found["fields"].items()):
            equal = field["compared"]["designed"] == field["compared"]["read_back"]
            if equal != field["as_designed"]:
                wrong.append("{}: {} is said to be {} as designed".format(entry["file"], name, "" if field["as_designed"] else "not "))
            if not equal:
                differing.append("{}: {} is not as designed".format(found["address"], name))
        if not found["fields"] and not found["as_designed"]:
            differing += ["{}: {}".format(found["address"], sentence) for sentence in found["differences"]]
    return wrong, differing


def verify(path):
    """(lines that do not fit, settings that are not as designed, number of settings)."""
    files = contents(path)
    if INDEX not in files:
        return [f"{INDEX}: it is missing: this is no evidence pack"], [], 0
    wrong, differing, count = [], [], 0
    try:
        index = json.loads(files[INDEX])
    except ValueError as error:
        return [f"{INDEX}: it was changed: it is no JSON: {error}"], [], 0
    try:
        wrong += check_files(files, index)
        for check in (check_read_backs, check_design, lambda all_files: check_receipts(all_files, index)):
            wrong += check(files)
        more, differing = check_settings(files)
        wrong += more
        count = sum(len(json.loads(files[entry["file"]])["fields"]) for entry in json.loads(files["manifest.json"])["entries"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        wrong.append(f"the pack cannot be read to its end: {type(error).__name__}: {error}")
    return wrong, differing, count


def main(arguments):
    path = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    try:
        wrong, differing, count = verify(path)
    except (OSError, zipfile.BadZipFile) as error:
        wrong, differing, count = [f"{path}: {error}"], [], 0
    for line in wrong + differing:
        print(line)
    if wrong:
        print(f"NOT INTACT: {len(wrong)} {'thing does' if len(wrong) == 1 else 'things do'} not fit.")
        return 1
    print(f"Intact. {count} settings were read back, {len(differing)} are not as designed.")
    return 2 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
