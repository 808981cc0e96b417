"""P38: a merge keeps everything and can be undone exactly; over every table that points at a customer."""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest

from tests.cast import NOW, Cast
from tests.journeys.importing import differences, picture
from tests.promises.merging_world import people, places_of, pointing_columns, points_pictured
from zhenke.customers.models import Customer, Merge
from zhenke.customers.operations import add_interaction, change_customer
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.undo_merge import undo_merge
from zhenke.membership.queries.verifying import verify_ledger
from zhenke.staff import SYSTEM

STEPS = int(os.environ.get("ZHENKE_MERGE_STEPS", "150"))
# Where the key of an archive that is gone may stand: the merge itself, keys of deeds and of plans made for it.
TOLD = frozenset(
    {
        "customers_merge.loser_key",
        "customers_merge.moved",
        "customers_merge.kept",
        "staff_auditentry.subject_id",
        "staff_auditentry.facts",
        "care_task.occurrence_key",
    }
)
KEPT_ROWS = (
    "sales_sale",
    "sales_saleline",
    "catalogue_piece",
    "customers_interaction",
    "care_task",
    "grading_gradeoverride",
    "customers_merge",
    "membership_pointslot",
    "membership_pointsentry",
    "membership_pointsleg",
    "membership_pointsproposal",
)
LEDGER = ("membership_pointsaccount", "membership_pointsentry", "membership_pointsleg")


def now_pictured() -> dict[str, Any]:
    """Return every row but the merges and the ledger's entries, which tell of what was undone; of points the sums."""
    rows = {table: rows for table, rows in picture().items() if table != "customers_merge" and table not in LEDGER}
    return {**rows, "points": {key: {"points": points} for key, points in points_pictured().items()}}


def choices(rng: Random) -> dict[str, str]:
    """Choose for some fields whose value wins."""
    fields = ("name", "card_number", "place", "gender", "date:birthday:")
    return {field: rng.choice(["winner", "loser"]) for field in fields if rng.random() < 0.4}


class Books:
    """What must hold after each step: nothing lost, nothing points at who is gone."""

    def __init__(self) -> None:
        self.kept = {table: set(picture()[table]) for table in KEPT_ROWS}

    def check(self) -> None:
        found = picture()
        for table, keys in self.kept.items():
            assert keys <= set(found[table]), f"rows of {table} were lost"
        there = set(found["customers_customer"])
        for field in pointing_columns():
            rows = found[field.model._meta.db_table].values()
            assert {row[field.attname] for row in rows} - {None} <= there, field
        assert list(verify_ledger()) == []


@pytest.mark.merges
@pytest.mark.django_db
class TestMerges:
    def test_the_world_has_rows_in_every_table_that_points_at_a_customer(self, cast: Cast) -> None:
        keys = people(cast, Random(1), 12)
        merge_customers(winner=keys[0], loser=keys[1], choices={}, by=SYSTEM, now=NOW)
        assert [field for field in pointing_columns() if not field.model.objects.exclude(**{field.name: None})] == []

    @pytest.mark.slow
    def test_any_chain_of_merges_is_undone_exactly(self, cast: Cast) -> None:
        rng = Random("P38")
        keys = people(cast, rng, 12)
        books = Books()
        done: list[tuple[Merge, dict[str, Any]]] = []
        merges = undos = 0
        for _ in range(STEPS):
            standing = sorted(Customer.objects.filter(pk__in=keys).values_list("pk", flat=True))
            if done and (len(standing) < 3 or rng.random() < 0.45):
                merge, before = done.pop()
                assert undo_merge(merge=merge, by=SYSTEM, now=NOW).kept == []
                assert differences(before, now_pictured()) == []
                undos += 1
            else:
                winner, loser = rng.sample(standing, 2)
                before = now_pictured()
                merge = merge_customers(winner=winner, loser=loser, choices=choices(rng), by=SYSTEM, now=NOW)
                done.append((merge, before))
                merges += 1
                assert places_of(loser, beside=TOLD) == []
            books.check()
        assert merges > STEPS / 3 and undos > STEPS / 3

    @pytest.mark.slow
    def test_merges_undone_in_any_order_with_edits_between_lose_nothing(self, cast: Cast) -> None:
        rng = Random("P38 edits")
        keys = people(cast, rng, 10)
        books = Books()
        for step in range(STEPS // 5):
            standing = sorted(Customer.objects.filter(pk__in=keys).values_list("pk", flat=True))
            free = [one for one in Merge.objects.filter(state="done").order_by("id") if not is_older(one)]
            draw = rng.random()
            if free and (len(standing) < 3 or draw < 0.35):
                undo_merge(merge=rng.choice(free), by=SYSTEM, now=NOW)
            elif draw < 0.75 and len(standing) > 2:
                winner, loser = rng.sample(standing, 2)
                merge_customers(winner=winner, loser=loser, choices=choices(rng), by=SYSTEM, now=NOW)
            else:
                edit(cast, rng, rng.choice(standing), step)
            books.check()
        for merge in Merge.objects.filter(state="done").order_by("-id"):
            undo_merge(merge=merge, by=SYSTEM, now=NOW)
            books.check()
        assert set(keys) == set(Customer.objects.filter(pk__in=keys).values_list("pk", flat=True))


def is_older(merge: Merge) -> bool:
    """Return whether something was merged into the same archive later."""
    return Merge.objects.filter(winner=merge.winner_id, pk__gt=merge.pk, state="done").exists()


def edit(cast: Cast, rng: Random, key: int, step: int) -> None:
    """Do one of the things that people do to an archive."""
    customer = Customer.objects.get(pk=key)
    what = rng.randrange(3)
    if what == 0:
        change_customer(customer=customer, changes={"name": f"改名{step}"}, by=SYSTEM, now=NOW)
    elif what == 1:
        add_interaction(customer=customer, kind="call", at=NOW, by=cast.mei, shop=cast.shop_a, now=NOW)
    else:
        customer.contact_points.first() and customer.contact_points.first().delete()
