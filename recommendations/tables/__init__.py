"""Decision tables: YAML in `recommendations/rules/`, one decision a file, compiled once, proven complete by `manage.py check_rules`."""

from recommendations.tables.loader import load_rule_pack, read_rule_pack, read_table
from recommendations.tables.model import DoubleHit, Hit, NoHit, RulePack, Table, TableError, Trace
from recommendations.tables.trace import trace
from recommendations.tables.verifier import Problem, check, check_table, problems_of

__all__ = [
    "DoubleHit",
    "Hit",
    "NoHit",
    "Problem",
    "RulePack",
    "Table",
    "TableError",
    "Trace",
    "check",
    "check_table",
    "load_rule_pack",
    "problems_of",
    "read_rule_pack",
    "read_table",
    "trace",
]
