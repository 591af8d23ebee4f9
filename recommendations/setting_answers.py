"""Answers behind a setting that are no input of its own table: gates on the way to it, and what its words and quantities are made from.

`design.json` lists them with each setting; `tests/recommendations/test_trace.py` holds the lists against what the engine really reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

WAY = ("wl_kind", "wl_where", "wl_log_backup")
LIVES = ("wl_retain", "wl_class", "cmp_retention_tbl", "wl_expire")
PLACES = ("sec_separate_acct", "wl_xacct", "aws_accounts", "wl_account")
# A class has to open within what the RTO leaves beside staff and steps.
OPENED = ("wl_latency", "wl_rto", "wl_steps", "ops_hours")
SEARCHED = (*OPENED, "wl_size", "wl_objs", "wl_obj_size", "wl_change", "wl_growth", "wl_reduce", "aws_primary")
CLASSES = ("wl_access", "wl_avail", "wl_reproduce", "wl_obj_size", "bud_restore_cost")
# What the rules of a backup plan are laid out from: its copies, their window, and how often copies elsewhere have to follow.
VAULTS = (
    *(
        "wl_retain",
        "wl_kind",
        "wl_where",
        "wl_db_host",
        "wl_reproduce",
        "wl_freq",
        "wl_rpo",
        "wl_region_rpo",
        "wl_class",
        "cmp_retention_tbl",
    ),
    *("wl_window", "wl_window_custom", "aws_window", "wl_size", "rec_disrupt", "aws_dr", "cmp_residency", "wl_xregion"),
    *("sec_separate_acct", "wl_xacct", "aws_accounts", "wl_account"),
)
BESIDES: Mapping[str, tuple[str, ...]] = {
    "storage_class": (*LIVES, *SEARCHED, "wl_versions_keep", "cmp_immutable", "wl_immut", "bud_restore_size", *WAY),
    "versioning": ("wl_versions_keep", *LIVES, *SEARCHED, "wl_reproduce", *WAY),
    "object_lock": (*LIVES, "wl_versions_keep", "wl_versions", *WAY),
    "logging": WAY,
    "inventory": ("cmp_residency", "wl_reproduce", *WAY),
    "existing_objects": ("wl_bucket", "rec_disrupt", "aws_dr", "wl_xregion"),
    "archive_tiers": (*LIVES, *SEARCHED, *CLASSES, "wl_versions_keep", "cmp_immutable", "wl_immut", "bud_restore_size", *WAY),
    "replication": ("aws_primary", *PLACES, "wl_region_rto", "wl_size", "wl_objs", "wl_obj_size", "wl_growth", *LIVES, *WAY),
    "dlm": ("wl_retain", "wl_window", "wl_window_custom", "aws_window", "wl_tags", "wl_multi_vol", *WAY),
    "fast_restore": ("aws_primary", "wl_reproduce", *WAY),
    "snapshot_archive": ("wl_reproduce", *WAY),
    "backup_plan": ("wl_tags", *VAULTS),
    "vault_lock": VAULTS,
    "database_path": ("wl_kind", "wl_where", "wl_db_host"),
    # Of the whole engagement.
    "residency": ("aws_primary",),
    "keys": ("sec_key_rotation", "sec_key_rotation_days", "aws_dr", "cmp_residency"),
    "trail": ("sec_log_keep", "cmp_regimes"),
}
# The copy of snapshots and recovery points has no classes of its own.
PLAIN_COPY = ("wl_kind", "wl_where", "aws_primary", *PLACES)
KEYS = ("sec_key_owner", "sec_key_account", "sec_key_rotation", "sec_key_rotation_days", "wl_class", "cmp_retention_tbl", *PLACES)


def with_besides(table: str, value: object, answers: Iterable[str], in_bucket: bool) -> list[str]:
    """The answers of a setting, each once: those of its rule, then those beside it. `value` is that of the setting."""
    if table == "encryption":
        return list(dict.fromkeys([*answers, *(KEYS if value == "customer-key" else ())]))
    more = PLAIN_COPY if table == "replication" and (not in_bucket or value == "none") else BESIDES.get(table, ())
    return list(dict.fromkeys([*answers, *more]))
