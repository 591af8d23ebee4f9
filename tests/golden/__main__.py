"""Writes the golden designs anew: `python -m tests.golden`. Read the difference before it is committed."""

from pathlib import Path

from assessment.engagement import read_engagement
from recommendations.evaluate import evaluate

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    for example in sorted((ROOT / "examples").glob("*.yaml")):
        target = ROOT / "tests" / "golden" / f"{example.stem}.design.json"
        target.write_text(evaluate(read_engagement(example.read_bytes())).text())
        print(target.relative_to(ROOT))


if __name__ == "__main__":
    main()
