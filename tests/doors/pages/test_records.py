"""How well customers are known over HTTP: own against the shop, crowds only, lists to go on with, side by side."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import NOW, Cast
from tests.doors.pages.test_board import chart
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.customers.models import Claim, Customer, FreshnessRules, RecordCount
from zhenke.customers.operations import add_customer, change_customer
from zhenke.customers.operations.claims import note_claims
from zhenke.customers.operations.freshness import load_default_freshness
from zhenke.customers.operations.loading import LoadRow, load_customers
from zhenke.customers.operations.records import keep_counts
from zhenke.customers.queries.records import record_figures
from zhenke.customers.rules.claims import Said
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.customers.rules.freshness import rules_from_plain
from zhenke.customers.rules.intake import Written
from zhenke.customers.rules.records import Count
from zhenke.doors.defaults.freshness import FRESHNESS_RULES
from zhenke.journeys.count_records import count_records
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
TODAY = NOW.date()
RULES = rules_from_plain(FRESHNESS_RULES)


@pytest.fixture
def counted(world: World) -> World:
    """Twelve more customers of Mei's, eleven of Qiao's, counted tonight and a week ago."""
    load_default_freshness(fields=FRESHNESS_RULES, a_day=2, again_days=90, by=SYSTEM, now=NOW)
    cast = world.cast
    for number in range(12):
        phones = (f"1390000{number:04d}",) if number % 3 else ()
        draft = CustomerDraft(name=f"客{number}", phones=phones, shop=cast.shop_a, owner=cast.mei)
        add_customer(draft=draft, by=SYSTEM, now=NOW)
    for number in range(11):
        add_customer(draft=CustomerDraft(name=f"人{number}", shop=cast.shop_b, owner=cast.qiao), by=SYSTEM, now=NOW)
    count_records(today=TODAY)
    before = [
        (row.shop_id, row.owner_id, Count(row.people, {"phone": (10, 5, 4)})) for row in RecordCount.objects.all()
    ]
    keep_counts(rows=before, rules=RULES, on_date=TODAY - timedelta(weeks=1), by=SYSTEM)
    return world


def differ(cast: Cast) -> int:
    """Let a file say otherwise than Mei wrote; return the claim."""
    change_customer(customer=cast.mrs_zhou, changes={"region": "深圳"}, by=cast.mei, now=NOW)
    row = LoadRow(1, cast.shop_a.pk, None, {"region": "香港"}, "ZK000001")
    load_customers(rows=[row], by=cast.lin, now=NOW, written=Written())
    return int(Claim.objects.get().pk)


class TestCountRecords:
    def test_counts_one_day_once(self, counted: World) -> None:
        rows = RecordCount.objects.filter(on_date=TODAY)
        before = list(rows.values_list("shop", "owner", "people", "asked", "filled", "accurate", "fields"))
        assert count_records(today=TODAY) == sum(row[2] for row in before) == 25
        assert sorted(
            map(str, rows.values_list("shop", "owner", "people", "asked", "filled", "accurate", "fields"))
        ) == (sorted(map(str, before)))

    def test_lets_go_of_what_no_trend_shows(self, counted: World) -> None:
        count_records(today=TODAY + timedelta(days=200))
        assert not RecordCount.objects.filter(on_date__lte=TODAY).exists()


class TestRecordFigures:
    def test_a_stranger_sees_nothing(self, counted: World) -> None:
        cast = counted.cast
        assert record_figures(viewer=cast.other) is None
        assert record_figures(viewer=cast.tao) is None
        found = record_figures(viewer=cast.qiao)
        assert found and found.whole.people == 11
        cast.lin.is_active = False
        assert record_figures(viewer=cast.lin) is None

    def test_does_not_count_who_is_protected(self, counted: World) -> None:
        Customer.objects.filter(pk=counted.cast.mrs_zhou.pk).update(importance=3)
        count_records(today=TODAY)
        for who, people in (("mei", 13), ("lin", 13), ("zhu", 24)):
            found = record_figures(viewer=getattr(counted.cast, who))
            assert found and found.whole.people == people

    def test_tells_nothing_of_fewer_than_ten_people_to_who_sees_several_shops(self, counted: World) -> None:
        cast = counted.cast
        add_customer(draft=CustomerDraft(name="独", shop=cast.shop_a), by=SYSTEM, now=NOW)
        count_records(today=TODAY)
        for who in (cast.hua, cast.zhu, cast.an, cast.ji):
            found = record_figures(viewer=who, shop=cast.shop_a)
            assert found
            [alone] = [one for one in found.groups if one.is_nobodys]
            assert (alone.known.people, alone.known.filled) == (0, None)
        mine = record_figures(viewer=cast.lin)
        assert mine and [one.known.people for one in mine.groups if one.is_nobodys] == [1]


class TestRecordsPage:
    def test_shows_an_advisor_her_own_figure_against_the_shop(self, counted: World, desk: Desk) -> None:
        page = text_of(desk("mei"), "/records/")
        assert "Your customers" in page and re.search(r"shop \d+ %", page)
        assert "By advisor" not in page and "乔木" not in page
        assert "lacks=phone" in page
        assert "5 customers" in page  # Mr Zhou among them

    def test_shows_a_manager_the_advisors_and_the_weeks(self, counted: World, desk: Desk) -> None:
        page = text_of(desk("lin"), "/records/")
        assert "By advisor" in page and f"/customers/?owner={counted.cast.mei.pk}" in page
        assert "乔木" not in page and "points" in page
        assert len(chart(page, "records-trend")["series"][0]["values"]) == 2  # type: ignore[index]

    def test_shows_head_office_all_shops(self, counted: World, desk: Desk) -> None:
        page = text_of(desk("zhu"), "/records/")
        assert "By shop" in page and f"?shop={counted.cast.shop_b.pk}" in page
        assert "Groups of fewer than ten people have no figures." in page
        assert "乔木" in text_of(desk("zhu"), f"/records/?shop={counted.cast.shop_b.pk}")

    def test_knows_no_shop_of_somebody_else(self, counted: World, desk: Desk) -> None:
        for wanted in (counted.cast.shop_b.pk, counted.cast.other_brand.pk, 1, "x"):
            assert desk("lin").get(f"/records/?shop={wanted}").status_code == 404

    def test_says_what_comes_while_nothing_is_counted(self, world: World, desk: Desk) -> None:
        assert "Nothing is counted yet" in text_of(desk("mei"), "/records/")

    def test_leads_marketing_to_no_list_of_people(self, counted: World, desk: Desk) -> None:
        page = text_of(desk("an"), "/records/")
        assert "lacks=" not in page and "values on which sources differ" not in page

    @pytest.mark.parametrize("who", ["mei", "lin", "zhu", "an"])
    def test_asks_at_most_fourteen_queries(self, counted: World, desk: Desk, who: str) -> None:
        assert len(queries_of(desk(who), "/records/")) <= 14

    def test_a_tap_lists_those_who_lack_the_field(self, counted: World, desk: Desk) -> None:
        page = text_of(desk("mei"), "/customers/?lacks=phone")
        assert "not known yet: Phone" in page
        assert "客0" in page and "客1<" not in page
        for field in ("birthday", "ring_size", "channel"):
            assert "客1" in text_of(desk("mei"), f"/customers/?lacks={field}")
        assert "not known yet" not in text_of(desk("mei"), "/customers/?lacks=shoe")


class TestClaimsSheet:
    def test_is_told_of_in_one_quiet_line(self, counted: World, desk: Desk) -> None:
        cast = counted.cast
        her = f"/customers/{cast.mrs_zhou.pk}/"
        assert "Two sources differ" not in text_of(desk("mei"), f"{her}known/", headers=HTMX)
        differ(cast)
        assert "Two sources differ: Region" in text_of(desk("mei"), f"{her}known/", headers=HTMX)
        page = text_of(desk("mei"), f"{her}claims/", headers=HTMX)
        assert "香港" in page and "深圳" in page and "imported file" in page and "梅雪" in page

    def test_one_tap_chooses_and_can_be_taken_back(self, counted: World, desk: Desk) -> None:
        cast, claim = counted.cast, differ(counted.cast)
        address = f"/customers/{cast.mrs_zhou.pk}/claims/"
        said = {"claim": str(claim), "takes": "yes"}
        answer = desk("mei").post(address, said, headers=HTMX)
        toast = json.loads(answer.headers["HX-Trigger"])["toast"]
        assert (answer.status_code, toast["text"]) == (204, "Decided: Region.")
        assert Customer.objects.get(pk=cast.mrs_zhou.pk).region == "深圳"
        assert "decided before" in desk("mei").post(address, said, headers=HTMX).headers["HX-Trigger"]
        desk("mei").post(toast["undo_url"], headers=HTMX)
        assert Customer.objects.get(pk=cast.mrs_zhou.pk).region == "香港"
        assert "All sources agree" not in text_of(desk("mei"), address)

    @pytest.mark.parametrize(("key", "status"), [("", 422), ("x", 422), ("1", 404), ("9" * 30, 422)])
    def test_knows_no_claim_that_is_not_there(self, counted: World, desk: Desk, key: str, status: int) -> None:
        address = f"/customers/{counted.cast.mrs_zhou.pk}/claims/"
        assert desk("mei").post(address, {"claim": key}).status_code == status

    def test_does_not_exist_for_a_stranger(self, counted: World, desk: Desk) -> None:
        differ(counted.cast)
        for who in ("qiao", "tao", "other"):
            assert desk(who).get(f"/customers/{counted.cast.mrs_zhou.pk}/claims/").status_code == 404


class TestConflictsPage:
    def test_lists_whom_to_look_at(self, counted: World, desk: Desk) -> None:
        assert "All sources agree" in text_of(desk("lin"), "/records/conflicts/")
        differ(counted.cast)
        page = text_of(desk("lin"), "/records/conflicts/")
        assert "周丽华" in page and "Region" in page and "香港" not in page
        assert "1 value on which sources differ" in text_of(desk("lin"), "/records/")
        assert "周丽华" not in text_of(desk("qiao"), "/records/conflicts/")
        assert len(queries_of(desk("lin"), "/records/conflicts/")) <= 6

    def test_goes_page_by_page_and_takes_no_key_of_anything_for_a_place(self, counted: World, desk: Desk) -> None:
        cast, lin = counted.cast, desk("lin")
        said = [Said("region", "香港", "import", NOW.date(), None)]
        for number in range(23):
            draft = CustomerDraft(name=f"客{number}号", region="深圳", shop=cast.shop_a, owner=cast.mei)
            note_claims(customer_id=add_customer(draft=draft, by=SYSTEM, now=NOW).pk, said=said, now=NOW)
        first = text_of(lin, "/records/conflicts/")
        [mark] = re.findall(r'hx-get="[^"]*after=(~[0-9]+)"', first)
        rest = text_of(lin, f"/records/conflicts/?after={mark}", headers={**HTMX, "HX-Target": "pager"})
        names = [re.findall(r"客[0-9]+号", page) for page in (first, rest)]
        assert len(set(names[0])) == 20 and len(set(names[1])) == 3 and not set(names[0]) & set(names[1])
        plain = text_of(lin, f"/records/conflicts/?after={mark.removeprefix('~')}")
        assert set(re.findall(r"客[0-9]+号", plain)) == set(names[0])


class TestSettingsFreshness:
    def form(self, **changes: object) -> dict[str, object]:
        given: dict[str, object] = {"a_day": 2, "again_days": 90}
        for rule in RULES:
            given |= {f"{rule.field}-letters": list(rule.letters), f"{rule.field}-weight": rule.weight}
            given[f"{rule.field}-months"] = round(rule.days / 30.4375) if rule.days else ""
        return given | changes

    def test_publishes_a_version_and_goes_back_by_its_undo(self, counted: World, desk: Desk) -> None:
        zhu = desk("zhu")
        answer = zhu.post(
            "/settings/freshness/", self.form(**{"region-letters": ["A"], "region-weight": 4}), headers=HTMX
        )
        toast = json.loads(answer.headers["HX-Trigger"])["toast"]
        rules = {rule.field: rule for rule in rules_from_plain(FreshnessRules.objects.get(version=2).fields)}
        assert (rules["region"].weight, rules["region"].days, rules["phone"].weight) == (4, None, 3)
        zhu.post(toast["undo_url"], headers=HTMX)
        assert FreshnessRules.objects.get(version=3).fields == [
            {"weight": 1, **row} for row in FreshnessRules.objects.get(version=1).fields
        ]
        zhu.post("/settings/freshness/versions/1/back/", headers=HTMX)
        assert FreshnessRules.objects.count() == 3

    def test_says_beforehand_how_many_small_tasks_it_makes(self, counted: World, desk: Desk) -> None:
        def preview(**changes: object) -> str:
            return text_of(desk("zhu"), "/settings/freshness/", data=self.form(**changes), headers=HTMX)

        assert "At most 4 small tasks a night" in preview()
        assert "At most 0 small tasks a night" in preview(a_day=0)
        assert "something cannot be so" in preview(a_day="x")
        assert FreshnessRules.objects.count() == 1

    @pytest.mark.parametrize("wrong", [{"a_day": 99}, {"phone-months": 0}, {"phone-weight": 10}, {"again_days": ""}])
    def test_refuses_what_cannot_be(self, counted: World, desk: Desk, wrong: dict[str, object]) -> None:
        assert desk("zhu").post("/settings/freshness/", self.form(**wrong)).status_code == 422
        assert FreshnessRules.objects.count() == 1

    def test_is_for_head_office(self, counted: World, desk: Desk) -> None:
        for who in ("mei", "lin", "an"):
            assert desk(who).get("/settings/freshness/").status_code == 403
        assert "Version 1" in text_of(desk("zhu"), "/settings/freshness/")
        assert desk("zhu").post("/settings/freshness/versions/9/back/").status_code == 404
