"""The columns of a grade as plain rows: what the set-based regrade compares, stages and writes, in this order."""

from __future__ import annotations

GRADE_COLUMNS: tuple[tuple[str, str], ...] = (
    ("letter", "varchar(1)"),
    ("computed_letter", "varchar(1)"),
    ("stage", "varchar(1)"),
    ("score", "integer"),
    ("lifecycle", "varchar(8)"),
    ("amount_band", "varchar(6)"),
    ("frequency_band", "varchar(6)"),
    ("last_bought_date", "date"),
    ("frequency", "integer"),
    ("amount_minor", "bigint"),
    ("lifetime_minor", "bigint"),
    ("lifetime_frequency", "integer"),
    ("margin_minor", "bigint"),
    ("margin_permille", "integer"),
    ("engagement", "integer"),
    ("satisfaction", "integer"),
    ("referral", "integer"),
    ("bands", "varchar(7)"),
)
"""Name and type of every column that a regrade computes; scheme, day and revision are added when a row is written."""

CHANGE_COLUMNS: tuple[tuple[str, str], ...] = (
    ("customer_id", "bigint"),
    ("old_revision", "bigint"),
    ("old_letter", "varchar(1)"),
    ("old_stage", "varchar(1)"),
    *GRADE_COLUMNS,
)
"""One row of a change: the customer, what stood before (revision empty = no row yet), and the new values."""
