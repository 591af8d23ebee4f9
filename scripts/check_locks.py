"""Are the lock files whole? Every requirement pinned and hashed, every `.in` line satisfied, what is installed together of one mind."""

import re
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?P<rest>.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def pins(path: Path) -> dict[str, tuple[str, bool]]:
    """Name -> (version, has a hash) of each pinned requirement."""
    return {canonicalize_name(m["name"]): (m["version"], "--hash=sha256:" in m["rest"]) for m in PIN.finditer(path.read_text())}


def wishes(path: Path) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def problems() -> list[str]:
    found: list[str] = []
    runtime, development = pins(ROOT / "requirements.txt"), pins(ROOT / "requirements-dev.txt")
    # checkov has an environment of its own, so its versions may differ from ours.
    apart = pins(ROOT / "requirements-checkov.txt")
    for stem, locked in (("requirements", runtime), ("requirements-dev", development), ("requirements-checkov", apart)):
        found += [f"{stem}.txt: {name} has no hash" for name, (_, hashed) in locked.items() if not hashed]
        for wish in wishes(ROOT / f"{stem}.in"):
            version, _ = locked.get(canonicalize_name(wish.name), (None, False))
            if version is None or not wish.specifier.contains(version, prereleases=True):
                found.append(f"{stem}.txt: {wish} of {stem}.in is not satisfied (locked: {version})")
    for name in runtime.keys() & development.keys():
        if runtime[name][0] != development[name][0]:
            found.append(f"requirements-dev.txt: {name} is {development[name][0]}, but {runtime[name][0]} in requirements.txt")
    return found


if __name__ == "__main__":
    if found := problems():
        print("\n".join(found) + "\nRun `make lock`.", file=sys.stderr)
        sys.exit(1)
