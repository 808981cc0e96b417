"""Every column that points at a customer has its rule for a merge, wherever it stands."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from tests.architecture.house import DOMAIN_ROOMS, SOURCE

from zhenke.basics.merging import Pointer
from zhenke.care.operations.merging import REPOINTED
from zhenke.customers.models import Customer
from zhenke.customers.rules.merging import PAST

pytestmark = pytest.mark.one_database
# Whole-number columns that are no key of a customer: counts, money, positions, codes.
NO_KEYS = ("_minor", "revision", "position", "points", "up_seconds")
# Rules of a room's own that never take a row out: what points at these stays right.
KEPT = {"membership_pointsaccount"}


def every_pointer() -> list[Pointer]:
    """Return the rules of all rooms."""
    return [rule for rules in told_by_rooms("merging", "POINTERS") for rule in rules]


def told_by_rooms(stem: str, name: str) -> list[Any]:
    """Return what the modules of this stem, `merging.py`, `merging_tiers.py`, say under a name, in all rooms."""
    paths = [path for room in DOMAIN_ROOMS for path in sorted((SOURCE / room / "operations").glob(f"{stem}*.py"))]
    modules = [import_module(f"zhenke.{path.parts[-3]}.operations.{path.stem}") for path in paths]
    return [getattr(module, name) for module in modules if hasattr(module, name)]


def columns(kind: type[models.Field[Any, Any]]) -> list[models.Field[Any, Any]]:
    """Return our columns of one kind."""
    every = (model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in DOMAIN_ROOMS)
    return [field for model in every for field in model._meta.concrete_fields if isinstance(field, kind)]


def place(field: models.Field[Any, Any]) -> str:
    """Return table and column."""
    return f"{field.model._meta.db_table}.{field.column}"


def ruleless(rules: list[Pointer]) -> set[str]:
    """Return the columns that point at a customer and have no rule."""
    known = {f"{rule.table}.{rule.column}" for rule in rules}
    pointing = {place(field) for field in columns(models.ForeignKey) if field.related_model is Customer}
    return pointing - known


class TestPointers:
    def test_every_column_that_points_at_a_customer_has_one(self) -> None:
        assert ruleless(every_pointer()) == set(), "add a line to POINTERS of the room's merging module"

    def test_each_is_about_a_column_that_is_there_and_stands_once(self) -> None:
        rules = [f"{rule.table}.{rule.column}" for rule in every_pointer()]
        assert len(rules) == len(set(rules))
        assert set(rules) == {place(field) for field in columns(models.ForeignKey) if field.related_model is Customer}

    def test_a_missing_one_is_found(self) -> None:
        rules = every_pointer()
        for rule in rules:
            others = [one for one in rules if one is not rule]
            assert ruleless(others) == {f"{rule.table}.{rule.column}"}

    def test_uniqueness_with_the_pointer_is_known(self) -> None:
        for rule in every_pointer():
            field = next(field for field in columns(models.ForeignKey) if place(field) == f"{rule.table}.{rule.column}")
            for constraint in field.model._meta.constraints:
                if isinstance(constraint, models.UniqueConstraint) and field.name in constraint.fields:
                    others = {
                        field.model._meta.get_field(name).column for name in constraint.fields if name != field.name
                    }
                    assert rule.own or set(rule.once) == others, f"{rule.table} may break {constraint.name}"


class TestOtherColumns:
    def test_no_plain_number_holds_the_key_of_a_customer_unnoticed(self) -> None:
        numbers = [
            place(field)
            for field in columns(models.BigIntegerField)
            if not field.primary_key and not field.column.endswith(NO_KEYS)
        ]
        assert sorted(numbers) == sorted(PAST), "a key of a customer? Give it a rule, or say in PAST that it is history"

    def test_what_points_at_rows_that_may_be_taken_out_is_repointed(self) -> None:
        taken = {rule.table for rule in every_pointer() if rule.once or rule.own} - KEPT
        for field in columns(models.ForeignKey):
            table = field.related_model._meta.db_table
            if table in taken and field.related_model is not Customer:
                assert REPOINTED.get(table) == place(field), f"{place(field)} may point at a row that a merge takes out"
