"""`manage.py check_rules`: are the decision tables complete, free of overlap and read by the design? No database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts.headless import BadInput, Failed, HeadlessCommand, Result
from assessment.questionnaire import load_questionnaire
from recommendations.compliance import PackError, load_packs
from recommendations.decisions import USED
from recommendations.inputs import CUSTOMER_INPUTS, INPUTS
from recommendations.tables import TableError, check, load_rule_pack, read_rule_pack


class Command(HeadlessCommand):
    help = "Prove that each decision table is complete and without overlap, and that every row, input and output counts."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rules", metavar="FOLDER", help="check the tables of this folder instead of those that ship with Stowplan")

    def run(self, options: dict[str, Any]) -> Result:
        folder = options["rules"]
        if folder is not None and not Path(folder).is_dir():
            raise BadInput(f"{folder}: no folder of that name")
        try:
            pack = read_rule_pack(Path(folder)) if folder else load_rule_pack()
            packs = load_packs()
        except (TableError, PackError) as error:
            raise Failed(str(error), {"problems": [str(error)]}) from error
        given = {table: [*inputs] for table, inputs in {**INPUTS, **CUSTOMER_INPUTS}.items()}
        problems = check(pack, USED, given, load_questionnaire().questions)
        if problems:
            raise Failed(problems, {"problems": problems})
        rows = sum(len(table.rows) for table in pack.tables.values())
        controls = sum(len(one.controls) for one in packs.packs.values())
        counts = {
            "version": pack.version,
            "hash": pack.digest,
            "tables": len(pack.tables),
            "rows": rows,
            "controls": controls,
            "problems": [],
        }
        return Result(f"Rule pack {pack.version}: {len(pack.tables)} tables, {rows} rows, proven complete and without overlap.", counts)
