"""Names of table columns and hints of types, as people read them on screens."""

from assessment.questionnaire import Question

COLUMNS = {
    ("aws_accounts", "role"): "Used for",
    ("aws_tags", "allowed"): "Allowed values",
    ("cmp_retention_tbl", "class"): "Class",
    ("cmp_retention_tbl", "min"): "Keep at least",
    ("cmp_retention_tbl", "max"): "Delete after",
    ("cmp_retention_tbl", "basis"): "Legal basis",
    ("cmp_retention_tbl", "erasure"): "Erasure on request",
    ("ops_alert", "within"): "Answered within",
    ("sec_access", "restore"): "May restore",
    ("sec_access", "delete"): "May delete",
    ("wl_steps", "manual"): "By hand",
    ("cur_cost_split", "monthly"): "Per month",
}
WORDS = {
    "rto": "RTO",
    "rpo": "RPO",
    "mtd": "Tolerable downtime",
    "email": "E-mail",
    "mfa": "MFA",
    "in_organization": "In the organization",
    "role_arn": "Role ARN",
    "external_id": "External ID",
}
HINTS = {
    "duration": "15m, 4h, 35d, 7y",
    "size": "500 GiB, 1.2 TiB",
    "bandwidth": "200 Mbit/s, 1 Gbit/s",
    "tag": "Backup=gold",
}


def column_label(question: Question, field: Question) -> str:
    """The heading of a table's column."""
    return COLUMNS.get((question.id, field.id)) or WORDS.get(field.id) or field.id.replace("_", " ").capitalize()


def hint(question: Question) -> str:
    """Examples of what may be typed; empty where the field explains itself."""
    examples = HINTS.get(question.type, "")
    return f"{examples} or {' or '.join(question.words)}" if examples and question.words else examples


def unit_before(question: Question) -> str:
    """What stands before the field."""
    return "USD" if question.type == "money" else ""


def unit_after(question: Question) -> str:
    """What stands behind the field."""
    sign = "%" if question.type == "percent" else ""
    return " ".join(part for part in (sign, question.unit or "") if part)


def place_label(question: Question, steps: tuple[object, ...]) -> str:
    """Where in a composite answer an error stands: `Row 2, E-mail`."""
    fields = {field.id: column_label(question, field) for field in question.fields}
    rows = {row.value: row.label for row in question.rows}
    parts = []
    for step in steps:
        if isinstance(step, int):
            parts.append(f"Row {step + 1}" if question.type == "table" else f"Entry {step + 1}")
        else:
            parts.append(rows.get(str(step)) or fields.get(str(step)) or str(step).capitalize())
    return ", ".join(parts)
