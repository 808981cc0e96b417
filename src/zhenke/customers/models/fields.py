"""Columns whose order is the order of code points on every database."""

from __future__ import annotations

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class CodeOrderField(models.CharField):
    """Text compared byte by byte, so that a prefix is one range of an index and a list has one order everywhere.

    SQLite does so by itself; on PostgreSQL the column gets the collation "C", whatever the database's own is.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        """Return the column's type with the collation of this database."""
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else None
        return parameters
