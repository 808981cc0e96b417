"""Expressions by which a query keeps its own plan, whatever the database's figures say."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Func, IntegerField, Lookup, Value
from django.db.models.sql.compiler import SQLCompiler


class OneOf(Lookup):
    """`IN (SELECT …)` that PostgreSQL works out first and then looks up key by key, instead of making a join of it."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition for this database."""
        column, column_params = self.process_lhs(compiler, connection)
        keys, key_params = self.process_rhs(compiler, connection)
        form = "{} = ANY(ARRAY{})" if connection.vendor == "postgresql" else "{} IN {}"
        return form.format(column, keys), (*column_params, *key_params)


class Unled(Func):
    """A text that may not lead the plan: to PostgreSQL no index knows it, so it is only asked of rows at hand.

    SQLite, which keeps no figures here, leads with the key by itself and then narrows within its index by the text.
    """

    template = "(%(expressions)s || '')"
    output_field = CharField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        """Return the bare column."""
        return compiler.compile(self.get_source_expressions()[0])


class Literal(Value):
    """A whole number written into the statement itself: an index with a condition is not used for a parameter."""

    def __init__(self, number: int) -> None:
        super().__init__(number, output_field=IntegerField())

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the number."""
        return str(int(self.value)), ()
