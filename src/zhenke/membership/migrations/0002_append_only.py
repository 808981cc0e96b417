"""The database itself refuses to change or delete what the points ledger says."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = ("membership_pointsentry", "membership_pointsleg", "membership_pointslot")
REFUSED = "the points ledger is append-only"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION membership_points_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSED}: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def triggers(vendor: str) -> list[tuple[str, str, str]]:
    """Return (trigger, statement that makes it, statement that takes it away) for a database."""
    found = []
    for table in TABLES:
        for act in ("UPDATE", "DELETE", *(["TRUNCATE"] if vendor == "postgresql" else [])):
            name = f"{table}_no_{act.lower()}"
            if vendor == "postgresql":
                made = (
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION membership_points_refuse()"
                )
                gone = f"DROP TRIGGER IF EXISTS {name} ON {table}"
            else:
                made = (
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSED}: {act} on {table}'); END"
                )
                gone = f"DROP TRIGGER IF EXISTS {name}"
            found.append((name, made, gone))
    return found


def guard(apps: Any, schema_editor: Any) -> None:
    """Make the triggers."""
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        schema_editor.execute(_FUNCTION, params=None)
    for _, made, gone in triggers(connection.vendor):
        schema_editor.execute(gone)
        schema_editor.execute(made)


def unguard(apps: Any, schema_editor: Any) -> None:
    """Take the triggers away, before the tables go."""
    connection = schema_editor.connection
    for _, _, gone in triggers(connection.vendor):
        schema_editor.execute(gone)
    if connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS membership_points_refuse()")


class Migration(migrations.Migration):
    dependencies = [("membership", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
