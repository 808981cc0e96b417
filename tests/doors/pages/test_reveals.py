"""The limit of whole contacts on the screens: the warning, the refusal, the alarm, and the owner's page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.customers.models import ContactPoint, RevealQuota
from zhenke.customers.operations.reveals import set_quotas
from zhenke.customers.rules.reveals import STARTING

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


def call(world: World, desk: Desk) -> tuple[int, str]:
    answer = desk("mei").post(f"/customers/{world.cast.mrs_zhou.pk}/call/", headers=HTMX)
    return answer.status_code, answer.content.decode()


class TestTheLimit:
    def test_is_told_at_80_percent_and_then_refuses(self, world: World, desk: Desk) -> None:
        set_quotas(quotas={("advisor", 1): 5}, by=world.cast.zhu, now=NOW)
        told = [call(world, desk) for _ in range(6)]
        assert [status for status, _ in told] == [200] * 5 + [422]
        assert ["more may be shown" in text for _, text in told] == [False] * 3 + [True] * 2 + [False]
        assert "1 more may be shown to you today." in told[3][1]
        assert "13800138000" not in told[5][1].replace(" ", "")
        assert "which is the limit" in told[5][1]
        contact = ContactPoint.objects.get(customer=world.cast.mrs_zhou)
        address = f"/customers/{world.cast.mrs_zhou.pk}/reveal/"
        answer = desk("mei").post(address, {"contact": contact.pk, "reason": "call"}, headers=HTMX)
        assert answer.status_code == 422
        assert "which is the limit" in answer.content.decode()

    def test_reaching_it_is_told_to_those_who_lead(self, world: World, desk: Desk) -> None:
        set_quotas(quotas={("advisor", 1): 1}, by=world.cast.zhu, now=NOW)
        assert "Shown very much today" not in text_of(desk("lin"), "/")
        call(world, desk)
        for who in ("lin", "zhu", "hua"):
            assert "Shown very much today: 梅雪." in text_of(desk(who), "/")
        assert "Shown very much today" not in text_of(desk("mei"), "/")


class TestThePage:
    def test_lists_who_was_shown_what(self, world: World, desk: Desk) -> None:
        assert "Nobody was shown a whole contact today" in text_of(desk("lin"), "/reveals/")
        call(world, desk)
        for who in ("lin", "zhu"):
            assert "水贝店 · Ordinary 1 of 30" in text_of(desk(who), "/reveals/")
        assert len(queries_of(desk("zhu"), "/reveals/")) <= 7

    def test_the_owner_alone_sets_limits(self, world: World, desk: Desk) -> None:
        page = text_of(desk("zhu"), "/reveals/")
        assert 'name="advisor-1" value="30"' in page
        assert "advisor-1" not in text_of(desk("lin"), "/reveals/")
        given = {f"{role}-{one}": "7" for role in STARTING for one in (1, 2, 3)}
        assert desk("lin").post("/reveals/", given).status_code == 403
        assert desk("zhu").post("/reveals/", {**given, "advisor-1": "-1"}).status_code == 422
        assert not RevealQuota.objects.exists()
        assert desk("zhu").post("/reveals/", given).status_code == 302
        assert set(RevealQuota.objects.values_list("a_day", flat=True)) == {7}
