"""Membership over HTTP: the overview, the rules with their preview, the member's card, why a receipt earned."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW, Cast
from tests.doors.pages.world import HTMX, queries_of, text_of
from tests.membership.world import buys, gold, open_house, ring
from zhenke.basics.days import local_date
from zhenke.doors.jobs.tiers import review_task
from zhenke.membership.models import Membership, ProgrammeRules, RightUse
from zhenke.membership.operations import earn
from zhenke.membership.rules import Cause
from zhenke.sales.models import Sale
from zhenke.staff import SYSTEM

Desk = Callable[[str], Client]
RULES = "/membership/rules/"
TODAY = local_date(NOW, "Asia/Shanghai")


@pytest.fixture
def sale(cast: Cast) -> Sale:
    """Mrs Zhou has gold by one receipt of a ring and gold by gram."""
    open_house()
    return buys(cast, ring(30_000_00), gold(3_000_00))


def her(cast: Cast, more: str = "") -> str:
    return f"/customers/{cast.mrs_zhou.pk}/membership/{more}"


class TestOverview:
    def test_is_for_those_who_may_see_it(self, sale: Sale, desk: Desk) -> None:
        assert desk("mei").get("/membership/").status_code == 403
        for who in ("lin", "ji", "zhu", "an"):
            assert "Rules of the programme" in text_of(desk(who), "/membership/")
        assert "1 of 1 member stands above Member" in text_of(desk("lin"), "/membership/")

    def test_shows_marketing_no_count_below_ten(self, sale: Sale, desk: Desk) -> None:
        assert "1 of 1" not in text_of(desk("an"), "/membership/")

    def test_teaches_when_there_is_nothing(self, cast: Cast, desk: Desk) -> None:
        assert "No programme yet" in text_of(desk("zhu"), "/membership/")
        assert desk("zhu").get(RULES).status_code == 302
        open_house()
        assert "Nobody is a member yet" in text_of(desk("zhu"), "/membership/")

    def test_stays_within_its_queries(self, sale: Sale, desk: Desk) -> None:
        for who in ("lin", "zhu"):
            assert len(queries_of(desk(who), "/membership/")) <= 30


class TestRules:
    def test_previews_on_last_years_sales(self, sale: Sale, desk: Desk) -> None:
        page = text_of(desk("zhu"), f"{RULES}preview/?fixed-points=2", headers=HTMX)
        assert "<html" not in page
        assert "dearer a year; 1 would win, 0 would lose" in page
        assert "another rate for set pieces" in page
        assert "Three to five tiers" in text_of(
            desk("zhu"), f"{RULES}preview/?tier-0-name=A&tier-0-threshold=5", headers=HTMX
        )

    def test_publishes_a_version_and_goes_back(self, sale: Sale, desk: Desk) -> None:
        assert desk("lin").post(f"{RULES}publish/", {"fixed-points": "2"}).status_code == 403
        desk("zhu").post(f"{RULES}publish/", {"fixed-points": "2", "note": "double"})
        assert ProgrammeRules.objects.get(is_current=True).rules["earning"]["fixed"]["points"] == 2
        page = text_of(desk("zhu"), RULES)
        assert "Version 2" in page
        assert "double" in page
        desk("zhu").post(f"{RULES}versions/1/roll-back/")
        assert ProgrammeRules.objects.get(is_current=True).version == 3

    def test_keeps_what_a_form_does_not_name_and_takes_a_new_right(self, sale: Sale, desk: Desk) -> None:
        before = ProgrammeRules.objects.get(is_current=True).rules
        page = {f"right-{place}-name": right["name"] for place, right in enumerate(before["rights"])}
        page |= {f"right-{place}-name_zh": right["name_zh"] for place, right in enumerate(before["rights"])}
        new = len(before["rights"])
        page |= {f"right-{new}-name": "Tea", f"right-{new}-kind": "service", f"right-{new}-gold": "6"}
        desk("zhu").post(f"{RULES}publish/", page)
        after = ProgrammeRules.objects.get(is_current=True).rules
        assert after["rights"][:-1] == before["rights"]
        assert (after["rights"][-1]["key"], after["rights"][-1]["tiers"]) == ("tea", {"gold": 6})
        assert (after["tiers"], after["earning"]) == (before["tiers"], before["earning"])

    def test_refuses_what_cannot_hold_and_says_why(self, sale: Sale, desk: Desk) -> None:
        answer = desk("zhu").post(f"{RULES}publish/", {"window_months": "0"})
        assert answer.status_code == 422
        assert "The window is 1 to 120 whole months." in answer.content.decode()
        assert ProgrammeRules.objects.count() == 1

    def test_judges_the_tiers_by_other_rules(self, sale: Sale, desk: Desk) -> None:
        desk("zhu").post(f"{RULES}publish/", {"gram_part": "1"})
        review_task.call()
        held = Membership.objects.get()
        assert ProgrammeRules.objects.get(pk=held.rules_id).version == 2

    def test_stays_within_its_queries(self, sale: Sale, desk: Desk) -> None:
        assert len(queries_of(desk("zhu"), RULES)) <= 16

    def test_says_how_points_pay_who_agrees_and_when_she_is_told(self, sale: Sale, desk: Desk) -> None:
        assert 'value="60, 30, 7"' in text_of(desk("zhu"), RULES)
        given = {"most_percent": "25", "hold_minutes": "5", "by_gram": "yes"}
        desk("zhu").post(f"{RULES}publish/", given | {"second_person_from": "900", "ending_days": "14, 45"})
        after = ProgrammeRules.objects.get(is_current=True).rules
        assert after["spending"] == {"most_percent": 25, "hold_minutes": 5, "by_gram": True}
        assert (after["by_hand"], after["notices"]) == ({"second_person_from": 900}, {"ending_days": [45, 14]})
        answer = desk("zhu").post(f"{RULES}publish/", {"ending_days": "soon"})
        assert answer.status_code == 422
        assert "each 1 to 365 days before points end" in answer.content.decode()


class TestCard:
    def test_shows_tier_points_and_rights(self, cast: Cast, sale: Sale, desk: Desk) -> None:
        page = text_of(desk("mei"), her(cast), headers=HTMX)
        for words in ("Gold", "31,000 more are waiting", "more for Platinum", "1 left this year", "10% off"):
            assert words in page
        assert desk("qiao").get(her(cast)).status_code == 404
        assert desk("an").get(her(cast)).status_code == 403

    def test_gives_a_right_with_one_tap_and_takes_it_back(self, cast: Cast, sale: Sale, desk: Desk) -> None:
        for _ in range(2):
            desk("mei").post(her(cast, "given/"), {"right": "polish", "key": "one"})
        use = RightUse.objects.get()
        assert "given this year" in text_of(desk("mei"), her(cast))
        assert (
            "as often as her tier"
            in desk("mei")
            .post(her(cast, "given/"), {"right": "polish", "key": "two"}, headers=HTMX)
            .headers["HX-Trigger"]
        )
        assert desk("qiao").post(her(cast, f"given/{use.pk}/undo/")).status_code == 404
        desk("mei").post(her(cast, f"given/{use.pk}/undo/"))
        assert "1 left this year" in text_of(desk("mei"), her(cast))

    def test_stays_within_its_queries(self, cast: Cast, sale: Sale, desk: Desk) -> None:
        assert len(queries_of(desk("mei"), her(cast))) <= 18


class TestStanding:
    def test_stands_under_the_buyer_at_the_counter_and_at_the_reception(
        self, cast: Cast, sale: Sale, desk: Desk
    ) -> None:
        earn(
            customer=cast.mrs_zhou, points=12_000, cause=Cause("by_hand", "start"), on_date=TODAY, pending_days=0,
            months=24, by=SYSTEM, now=NOW,
        )  # fmt: skip
        said = "12,000 points, worth ¥120 · up to 10 % of set pieces"
        counter = f"/sales/new/?customer={cast.mrs_zhou.pk}"
        assert said in text_of(desk("mei"), counter)
        assert said in text_of(desk("mei"), f"/sales/new/buyers/?customer={cast.mrs_zhou.pk}", headers=HTMX)
        assert said in text_of(desk("mei"), f"/reception/{cast.mrs_zhou.pk}/")
        assert said not in text_of(desk("qiao"), counter)
        assert len(queries_of(desk("mei"), counter)) <= 17


class TestWhy:
    def test_stands_on_the_receipt_line_by_line(self, sale: Sale, desk: Desk) -> None:
        page = text_of(desk("mei"), f"/sales/{sale.pk}/")
        assert "Why 31,000 points?" in page
        assert "1 point per ¥3 (gold and platinum by gram)" in page

    def test_says_nothing_where_nothing_was_earned(self, cast: Cast, desk: Desk) -> None:
        open_house()
        ProgrammeRules.objects.update(is_current=False)
        plain = buys(cast, ring(1_000_00))
        assert "why-points" not in text_of(desk("mei"), f"/sales/{plain.pk}/")


class TestPaidWithPoints:
    @pytest.fixture
    def paid(self, cast: Cast) -> Sale:
        """Mrs Zhou pays ¥100 of two rings with 10,000 points."""
        open_house()
        earn(
            customer=cast.mrs_zhou, points=12_000, cause=Cause("by_hand", "start"), on_date=TODAY, pending_days=0,
            months=24, by=SYSTEM, now=NOW,
        )  # fmt: skip
        return buys(cast, ring(2_000_00, quantity=2), points=10_000)

    def test_stands_on_the_receipt(self, paid: Sale, desk: Desk) -> None:
        assert "10,000 points paid ¥100 of it, ¥1,900 in money." in text_of(desk("mei"), f"/sales/{paid.pk}/")

    def test_comes_back_as_points_and_the_rest_in_money(self, paid: Sale, desk: Desk) -> None:
        mei = desk("mei")
        sheet = text_of(mei, f"/sales/{paid.pk}/return/", headers=HTMX)
        assert "only the rest is paid back in money" in sheet
        line = paid.lines.get()
        mei.post(f"/sales/{paid.pk}/return/", {"key": "r1", f"{line.pk}-quantity": "1"}, headers=HTMX)
        back = Sale.objects.get(kind="return")
        page = text_of(mei, f"/sales/{back.pk}/")
        assert "pay back ¥950, 5,000 points are hers again" in page
        assert "5,000 points that had paid a part are hers again." in page

    def test_is_worth_what_it_was_when_it_was_paid(self, paid: Sale, desk: Desk) -> None:
        desk("zhu").post(f"{RULES}publish/", {"value_points": "50"})
        assert "10,000 points paid ¥100 of it" in text_of(desk("mei"), f"/sales/{paid.pk}/")
