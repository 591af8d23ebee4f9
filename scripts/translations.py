"""Compiles the translations of documents: `python scripts/translations.py`. Both files are in the repository: no gettext is needed."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "reports" / "locale"


def compiled(path: Path) -> bytes:
    """The .mo of a .po file; the same texts give the same bytes."""
    return bytes(polib.pofile(str(path)).to_binary())


def main() -> None:
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        path.with_suffix(".mo").write_bytes(compiled(path))
        print(path.with_suffix(".mo").relative_to(LOCALE))


if __name__ == "__main__":
    main()
