"""Possible duplicates: the list, side by side, merge, not the same, undo; and what an old address answers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.cast import NOW, Cast
from tests.doors.pages.world import HTMX, World, queries_of
from zhenke.basics.days import DayOfYear
from zhenke.customers.models import Customer, DuplicatePair, Merge
from zhenke.customers.operations import add_contact, add_date
from zhenke.customers.operations.duplicates import PairDraft, keep_pairs, mark_not_same, reopen_pair
from zhenke.customers.queries.duplicates import PairUnknown, open_pair_count, open_pairs, pair_for
from zhenke.customers.queries.merges import MergeUnknown, merge_for, merges_of
from zhenke.journeys.merge_customers import merge_customers
from zhenke.staff import SYSTEM

Desk = Callable[[str], Client]


def told_by(page: HttpResponse) -> str:
    """Return the words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def twin(cast: Cast, **known: object) -> Customer:
    """Open another archive of Mrs Zhou."""
    given = {"name": "周莉华", "pinyin": "zhoulihua", "owner": cast.mei, "card_number": "ZK000009", "notes": "爱喝龙井"}
    return Customer.objects.create(**{**given, "shop": cast.shop_a, "created_at": NOW, "updated_at": NOW, **known})


def paired(cast: Cast, other: Customer | None = None, permille: int = 995) -> DuplicatePair:
    """Keep a pair of Mrs Zhou with another archive."""
    first, second = sorted((cast.mrs_zhou.pk, (other or twin(cast)).pk))
    keep_pairs(pairs=[PairDraft(first, second, permille, ("pinyin", "phone_typo", "gender"))], now=NOW)
    return DuplicatePair.objects.get(first=first, second=second)


@pytest.mark.django_db
class TestDuplicatesPage:
    def test_lists_pairs_with_what_agrees(self, world: World, desk: Desk) -> None:
        pair = paired(world.cast)
        page = desk("mei").get("/customers/duplicates/")
        told = told_by(page)
        assert "周丽华" in told and "周莉华" in told and "phone one digit apart" in told and "Almost certain" in told
        assert "1 pair to look at" in told
        assert f"/customers/duplicates/{pair.pk}/" in page.content.decode()

    def test_is_fetched_anew_as_a_fragment(self, world: World, desk: Desk) -> None:
        paired(world.cast)
        part = desk("mei").get("/customers/duplicates/", headers={**HTMX, "HX-Target": "pairs"}).content.decode()
        assert "周莉华" in part and "<html" not in part

    def test_shows_nothing_of_which_one_is_out_of_sight(self, world: World, desk: Desk) -> None:
        pair = paired(world.cast, twin(world.cast, owner=world.cast.tao))
        for who, sees in (("mei", False), ("tao", False), ("lin", True), ("zhu", True), ("qiao", False)):
            assert ("周莉华" in told_by(desk(who).get("/customers/duplicates/"))) is sees, who
            assert (desk(who).get(f"/customers/duplicates/{pair.pk}/").status_code == 200) is sees, who

    def test_goes_page_by_page_without_a_gap(self, world: World, desk: Desk) -> None:
        for number in range(25):
            paired(
                world.cast,
                twin(world.cast, card_number=f"T{number}", name=f"周客{number:02d}"),
                permille=900 + number % 5,
            )
        first = desk("lin").get("/customers/duplicates/")
        assert "25 pairs" in told_by(first)
        page = open_pairs(viewer=world.cast.lin, size=20)
        rest = desk("lin").get(f"/customers/duplicates/?after={page.after}", headers={**HTMX, "HX-Target": "pager"})
        assert rest.content.decode().count("list-row") == 5
        assert "layout" not in rest.content.decode()[:200]
        keys = [one.pk for one in page.rows] + [
            one.pk for one in open_pairs(viewer=world.cast.lin, after=page.after).rows
        ]
        assert len(set(keys)) == 25
        assert [one.probability_permille for one in page.rows] == sorted(
            (one.probability_permille for one in page.rows), reverse=True
        )

    def test_a_list_without_pairs_says_what_happens_at_night(self, world: World, desk: Desk) -> None:
        assert "Nobody seems to be here twice" in told_by(desk("mei").get("/customers/duplicates/"))

    @pytest.mark.parametrize("who", ["mei", "lin", "zhu"])
    def test_stays_within_its_queries(self, world: World, desk: Desk, who: str) -> None:
        pair = paired(world.cast)
        for address, budget in (("/customers/duplicates/", 5), (f"/customers/duplicates/{pair.pk}/", 14)):
            queries = queries_of(desk(who), address)
            assert len(queries) <= budget, "\n".join(queries)

    def test_refuses_a_cursor_of_somebody_else(self, world: World, desk: Desk) -> None:
        assert desk("mei").get("/customers/duplicates/?after=x.y").status_code == 422


@pytest.mark.django_db
class TestComparePage:
    def test_marks_what_differs_and_offers_it(self, world: World, desk: Desk) -> None:
        other = twin(world.cast, confirmed={"name": ["2026-03-04", "", "walk_in"]})
        add_contact(customer=other, kind="phone", text="13800138009", by=world.cast.mei, now=NOW)
        add_date(customer=other, kind="birthday", day=DayOfYear(1, 2), by=world.cast.mei, now=NOW)
        page = desk("mei").get(f"/customers/duplicates/{paired(world.cast, other).pk}/")
        told = page.content.decode()
        for field in ("name", "card_number", "date:birthday:"):
            assert f'name="{field}" value="loser"' in told, field
        assert 'name="notes"' not in told  # only one side has notes: nothing to choose
        assert "is-different" in told and "4 Mar 2026, Walked in" in told_by(page)
        assert "138****8009" in told and "13800138009" not in told
        assert told.split('<form class="stack"')[1].split("</form>")[0].count("is-filled") == 1
        assert "Merge into 周丽华 ZK000001" in " ".join(told_by(page).split())

    def test_keeps_the_other_one_if_asked(self, world: World, desk: Desk) -> None:
        pair = paired(world.cast)
        keep = "first" if pair.first_id != world.cast.mrs_zhou.pk else "second"
        told = " ".join(told_by(desk("mei").get(f"/customers/duplicates/{pair.pk}/?keep={keep}")).split())
        assert "Merge into 周莉华 ZK000009" in told

    def test_merges_with_what_was_chosen_and_offers_undo(self, world: World, desk: Desk) -> None:
        pair = paired(world.cast)
        keep = "first" if pair.first_id == world.cast.mrs_zhou.pk else "second"
        mei = desk("mei")
        answer = mei.post(
            f"/customers/duplicates/{pair.pk}/", {"keep": keep, "name": "loser", "nonsense": "x"}, follow=True
        )
        assert answer.redirect_chain[-1][0] == f"/customers/{world.cast.mrs_zhou.pk}/"
        merge = Merge.objects.get()
        assert f"/customers/merges/{merge.pk}/undo/" in answer.content.decode()
        assert Customer.objects.get(pk=world.cast.mrs_zhou.pk).name == "周莉华"
        undone = mei.post(f"/customers/merges/{merge.pk}/undo/", headers=HTMX)
        assert undone.status_code == 204 and "Two archives again" in undone.headers["HX-Trigger"].encode().decode(
            "unicode_escape"
        )
        assert Customer.objects.get(pk=world.cast.mrs_zhou.pk).name == "周丽华"
        assert DuplicatePair.objects.get().state == "open"

    def test_refuses_a_forged_choice(self, world: World, desk: Desk) -> None:
        pair = paired(world.cast)
        assert desk("mei").post(f"/customers/duplicates/{pair.pk}/", {"name": "mine"}).status_code == 422
        assert Merge.objects.count() == 0

    def test_remembers_two_people_and_can_take_it_back(self, world: World, desk: Desk) -> None:
        pair = paired(world.cast)
        mei = desk("mei")
        mei.post(f"/customers/duplicates/{pair.pk}/not-same/")
        assert "周莉华" not in told_by(mei.get("/customers/duplicates/")).replace("周莉华 is", "")
        assert keep_pairs(pairs=[PairDraft(pair.first_id, pair.second_id, 999, ())], now=NOW) == 0
        assert DuplicatePair.objects.get().state == "not_same"
        mei.post(f"/customers/duplicates/{pair.pk}/again/")
        assert DuplicatePair.objects.get().state == "open"


@pytest.mark.django_db
class TestOldAddress:
    def test_of_a_profile_leads_to_the_one_that_stays(self, world: World, desk: Desk) -> None:
        other = twin(world.cast)
        merge_customers(winner=world.cast.mrs_zhou.pk, loser=other.pk, choices={}, by=world.cast.mei, now=NOW)
        answer = desk("mei").get(f"/customers/{other.pk}/?tab=dates")
        assert (answer.status_code, answer.headers["Location"]) == (
            301,
            f"/customers/{world.cast.mrs_zhou.pk}/?tab=dates",
        )
        for stranger in ("qiao", "tao"):
            hidden, absent = (desk(stranger).get(f"/customers/{key}/") for key in (other.pk, other.pk + 1))
            assert hidden.status_code == absent.status_code == 404

    def test_the_profile_tells_of_the_merge_and_offers_undo(self, world: World, desk: Desk) -> None:
        other = twin(world.cast)
        merge = merge_customers(winner=world.cast.mrs_zhou.pk, loser=other.pk, choices={}, by=world.cast.mei, now=NOW)
        page = desk("mei").get(f"/customers/{world.cast.mrs_zhou.pk}/")
        assert "Merged from two archives" in told_by(page)
        assert f"/customers/merges/{merge.pk}/undo/" in page.content.decode()
        assert (
            f"/customers/merges/{merge.pk}/undo/"
            not in desk("ji").get(f"/customers/{world.cast.mrs_zhou.pk}/").content.decode()
        )


@pytest.mark.django_db
class TestQueries:
    def test_a_stranger_sees_nothing(self, cast: Cast) -> None:
        pair = paired(cast)
        merge = merge_customers(
            winner=cast.mr_zhou.pk, loser=twin(cast, card_number="T1").pk, choices={}, by=SYSTEM, now=NOW
        )
        for stranger in (cast.qiao, cast.tao, cast.other):
            assert open_pairs(viewer=stranger).rows == []
            assert open_pair_count(viewer=stranger) == 0
            assert merges_of(viewer=stranger, customer=cast.mr_zhou) == []
            with pytest.raises(PairUnknown):
                pair_for(viewer=stranger, id=pair.pk)
            with pytest.raises(MergeUnknown):
                merge_for(viewer=stranger, id=merge.pk)
            with pytest.raises(PairUnknown):
                mark_not_same(pair=pair, by=cast.qiao, now=NOW)

    def test_deciding_twice_writes_once(self, cast: Cast) -> None:
        pair = paired(cast)
        first = mark_not_same(pair=pair, by=cast.mei, now=NOW).decided_at
        assert mark_not_same(pair=pair, by=cast.lin, now=NOW).decided_at == first
        reopen_pair(pair=pair, by=cast.mei, now=NOW)
        assert open_pair_count(viewer=cast.mei) == 1
