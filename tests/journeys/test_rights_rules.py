"""Every column that points at a customer says what becomes of it when she is forgotten."""

from __future__ import annotations

import pytest
from django.db import models
from tests.journeys.test_merge_rules import columns, place, told_by_rooms

from zhenke.customers.models import Customer
from zhenke.journeys.gather_access_pack import NOT_TOLD, TOLD

pytestmark = pytest.mark.one_database


def pointing() -> set[str]:
    """Return every column that points at a customer."""
    return {place(field) for field in columns(models.ForeignKey) if field.related_model is Customer}


class TestErased:
    def test_names_every_column_that_points_at_a_customer(self) -> None:
        rules = [rule for columns in told_by_rooms("erasing", "ERASED") for rule in columns]
        assert len(rules) == len(set(rules))
        assert set(rules) == pointing(), "add a line to ERASED of the room's erasing module, and its code"


class TestTold:
    def test_names_every_column_that_points_at_a_customer_or_why_not(self) -> None:
        assert TOLD.keys() & NOT_TOLD.keys() == set()
        assert {*TOLD, *NOT_TOLD} == pointing(), "tell it in gather_access_pack, or say in NOT_TOLD why not"
