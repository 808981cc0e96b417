"""Every column that points at a customer says what becomes of it when she is forgotten."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import models
from tests.architecture.house import DOMAIN_ROOMS, SOURCE
from tests.journeys.test_merge_rules import columns, place

from zhenke.customers.models import Customer
from zhenke.journeys.gather_access_pack import NOT_TOLD, TOLD

pytestmark = pytest.mark.one_database


def pointing() -> set[str]:
    """Return every column that points at a customer."""
    return {place(field) for field in columns(models.ForeignKey) if field.related_model is Customer}


class TestErased:
    def test_names_every_column_that_points_at_a_customer(self) -> None:
        rooms = [room for room in DOMAIN_ROOMS if (SOURCE / room / "operations" / "erasing.py").exists()]
        rules = [rule for room in rooms for rule in import_module(f"zhenke.{room}.operations.erasing").ERASED]
        assert len(rules) == len(set(rules))
        assert set(rules) == pointing(), "add a line to ERASED of the room's erasing module, and its code"


class TestTold:
    def test_names_every_column_that_points_at_a_customer_or_why_not(self) -> None:
        assert TOLD.keys() & NOT_TOLD.keys() == set()
        assert {*TOLD, *NOT_TOLD} == pointing(), "tell it in gather_access_pack, or say in NOT_TOLD why not"
