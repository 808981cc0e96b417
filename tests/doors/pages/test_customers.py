"""The list of customers and the search, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, PHONE, World, queries_of, text_of
from zhenke.care.models import Task
from zhenke.customers.models import Customer, CustomerTag, ListTally, SavedView
from zhenke.customers.operations.words import write_terms
from zhenke.doors.pages.customers.narrowed import STEP
from zhenke.grading.models import Grade

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
LIST = {**HTMX, "HX-Target": "customers-list"}


class TestCustomersPage:
    def test_shows_only_who_is_in_sight(self, world: World, desk: Desk) -> None:
        assert "周丽华" in text_of(desk("mei"), "/customers/")
        assert "周丽华" in text_of(desk("lin"), "/customers/")
        for who in ("qiao", "tao", "other"):
            assert "周丽华" not in text_of(desk(who), "/customers/")

    def test_masks_names_for_marketing(self, world: World, desk: Desk) -> None:
        page = text_of(desk("an"), "/customers/")
        assert "周丽华" not in page
        assert "周**" in page

    def test_reads_its_filters_as_a_sentence(self, world: World, desk: Desk) -> None:
        letter = Grade.objects.get(customer=world.cast.mrs_zhou).letter
        page = text_of(desk("mei"), f"/customers/?grade={letter}&grade=E&likes=jadeite")
        assert f"Grade {letter} or E" in page
        assert "likes Jadeite" in page
        assert "周丽华" in page
        assert "周建国" not in page

    @pytest.mark.parametrize(
        ("query", "has_her", "has_him"),
        [
            ("lifecycle=active", True, False),
            ("open=on", True, False),
            ("birthday=30", True, False),
            ("birthday=7", False, False),
            ("quiet=90", False, True),
            ("source=online", False, False),
            ("nonsense=1&grade=Q", True, True),
        ],
    )
    def test_each_filter_keeps_who_it_means(
        self, world: World, desk: Desk, query: str, has_her: bool, has_him: bool
    ) -> None:
        page = text_of(desk("mei"), f"/customers/?{query}", headers=LIST)
        assert ("周丽华" in page, "周建国" in page) == (has_her, has_him)

    def test_lets_the_manager_keep_one_advisors_customers(self, world: World, desk: Desk) -> None:
        lin = desk("lin")
        assert "周丽华" in text_of(lin, f"/customers/?owner={world.cast.mei.pk}", headers=LIST)
        assert "周丽华" not in text_of(lin, "/customers/?owner=none", headers=LIST)

    def test_goes_on_page_by_page_and_shows_each_once(self, world: World, desk: Desk) -> None:
        for number in range(85):
            Customer.objects.create(
                name=f"客{number:03d}号",
                shop=world.cast.shop_a,
                owner=world.cast.mei,
                created_at=NOW,
                updated_at=NOW,
            )
        mei, address, seen = desk("mei"), "/customers/?order=newest", []
        for _ in range(4):
            page = text_of(mei, address, headers={**HTMX, "HX-Target": "pager"})
            seen += [part[:3] for part in page.split(">客")[1:]]
            if 'id="pager"' not in page:
                break
            address = "/customers/" + page.split('id="pager"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
        assert sorted(seen) == sorted(f"{number:03d}" for number in range(85))

    @pytest.mark.parametrize("who", ["mei", "lin", "zhu"])
    def test_keeps_its_budget_of_sql(self, world: World, desk: Desk, who: str) -> None:
        # Two of them say who asks. Unfiltered the kept lists are read too.
        for query, budget in (("", 7), ("?grade=A&grade=B&grade=C&grade=D&grade=E", 6), ("?likes=jadeite&open=on", 6)):
            queries = queries_of(desk(who), f"/customers/{query}")
            assert len(queries) <= budget, "\n".join([query, *queries])

    def test_counts_rows_of_narrowed_lists_in_steps_and_a_list_once_a_day(self, world: World, desk: Desk) -> None:
        Customer.objects.bulk_create(
            Customer(name=f"客{n:03d}", owner=world.cast.mei, shop=world.cast.shop_a, region=f"区{n % 2}",
                     created_at=NOW, updated_at=NOW)
            for n in range(100)
        )  # fmt: skip
        mei, lists = desk("mei"), [f"/customers/?region=区{n % 2}&order={order}" for n, order in enumerate(
            ("name", "newest", "updated", "updated", "newest", "name"))]  # fmt: skip
        for address in (*lists[:4], *lists[:4], "/customers/"):
            mei.get(address)
        assert not ListTally.objects.exists()
        for address in lists:
            mei.get(address, headers=LIST)
        assert ListTally.objects.get(member=world.cast.mei).rows == STEP

    def test_says_what_to_change_when_nobody_fits(self, world: World, desk: Desk) -> None:
        assert "Nobody fits all of these" in text_of(desk("mei"), "/customers/?source=online")


class TestKeptLists:
    def test_are_kept_opened_and_forgotten(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        given = {"name": "爱翡翠", "likes": "jadeite", "order": "name"}
        for _ in range(2):
            assert mei.post("/customers/keep/", given, headers=HTMX).status_code == 204
        assert SavedView.objects.count() == 1
        assert 'href="?likes=jadeite&amp;order=name"' in text_of(mei, "/customers/")
        view = SavedView.objects.get()
        desk("tao").post("/customers/forget/", {"view": view.pk}, headers=HTMX)
        assert SavedView.objects.count() == 1
        mei.post("/customers/forget/", {"view": view.pk}, headers=HTMX)
        assert SavedView.objects.count() == 0

    def test_without_a_name_are_refused_in_the_sheet(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post("/customers/keep/", {"name": " ", "likes": "jadeite"}, headers=HTMX)
        assert answer.status_code == 422
        assert "Give the list a name" in answer.content.decode()


class TestChosen:
    def test_are_tagged_once_and_only_in_sight(self, world: World, desk: Desk) -> None:
        chosen = [world.cast.mrs_zhou.pk, world.cast.mr_zhou.pk]
        assert desk("qiao").post("/customers/tag/", {"chosen": chosen, "name": "偷看"}, headers=HTMX).status_code == 204
        assert not CustomerTag.objects.exists()
        mei = desk("mei")
        for _ in range(2):
            mei.post("/customers/tag/", {"chosen": chosen, "name": "常来"}, headers=HTMX)
        assert CustomerTag.objects.filter(tag__name="常来").count() == 2

    def test_go_to_a_colleague_with_their_follow_ups(self, world: World, desk: Desk) -> None:
        given = {"chosen": [world.cast.mrs_zhou.pk], "owner": world.cast.tao.pk}
        assert desk("mei").post("/customers/give/", given).status_code == 403
        for _ in range(2):
            assert desk("lin").post("/customers/give/", given, headers=HTMX).status_code == 204
        world.cast.mrs_zhou.refresh_from_db()
        assert world.cast.mrs_zhou.owner == world.cast.tao
        assert not Task.objects.filter(state="open").exclude(assignee=world.cast.tao).exists()

    def test_offers_the_acts_only_to_those_who_may(self, world: World, desk: Desk) -> None:
        assert "/customers/give/" in text_of(desk("lin"), "/customers/")
        assert "/customers/give/" not in text_of(desk("mei"), "/customers/")
        assert "data-bulk" not in text_of(desk("ji"), "/customers/")


class TestSearch:
    @pytest.mark.parametrize("typed", ["周", "zhoulihua", "zlh", PHONE, "8000", "ZK000001"])
    def test_finds_a_customer_by_every_usual_spelling(self, world: World, desk: Desk, typed: str) -> None:
        for customer in (world.cast.mrs_zhou, world.cast.mr_zhou):
            write_terms(customer)
        page = text_of(desk("mei"), "/search/", data={"q": typed}, headers=HTMX)
        assert f"/customers/{world.cast.mrs_zhou.pk}/" in page
        assert "周丽华" not in text_of(desk("qiao"), "/search/", data={"q": typed}, headers=HTMX)

    def test_finds_receipts_and_places(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        assert f"/sales/{world.sale.pk}/" in text_of(mei, "/search/", data={"q": "A-0001"}, headers=HTMX)
        assert "/sales/new/" in text_of(mei, "/search/", data={"q": "record"}, headers=HTMX)
        assert f"/sales/{world.sale.pk}/" not in text_of(desk("qiao"), "/search/", data={"q": "A-0001"}, headers=HTMX)

    def test_without_scripts_is_a_page(self, world: World, desk: Desk) -> None:
        assert "Nothing found for" in text_of(desk("mei"), "/search/", data={"q": "谁也不是"})
