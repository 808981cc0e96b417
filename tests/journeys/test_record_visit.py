"""A visit at the counter becomes a line of the timeline, and what was agreed a follow-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.care.models import Task
from zhenke.catalogue.operations import add_style
from zhenke.catalogue.rules import StyleDraft
from zhenke.customers.models import Interaction, VisitPiece
from zhenke.customers.rules.visits import VisitDraft
from zhenke.journeys.record_visit import RecordedVisit, record_visit
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
AGREED = VisitDraft(agreed="Show the pearl strand", agreed_date=TODAY + timedelta(days=2))


def visit(cast: Cast, draft: VisitDraft = AGREED) -> RecordedVisit:
    return record_visit(
        customer=cast.mrs_zhou,
        draft=draft,
        looked_at=["bg1001", "pearl strand"],
        tried=["BG1001"],
        text="",
        key="desk:1",
        at=NOW,
        shop=cast.shop_a,
        assignee=cast.mei,
        by=cast.mei,
        today=TODAY,
        now=NOW,
    )


class TestRecordVisit:
    def test_names_styles_by_number_and_plans_what_was_agreed(self, cast: Cast) -> None:
        add_style(draft=StyleDraft("BG1001", name="翡翠手镯", category="bangle"), by=SYSTEM, now=NOW)
        recorded = visit(cast)
        pieces = VisitPiece.objects.order_by("position").values_list("style_no", "name", "is_tried")
        assert list(pieces) == [("BG1001", "翡翠手镯", True), ("", "pearl strand", False)]
        assert recorded.task is not None
        assert (recorded.task.due_date, recorded.task.assignee) == (TODAY + timedelta(days=2), cast.mei)
        assert recorded.task.reason == {"note": "Show the pearl strand"}

    def test_plans_nothing_where_nothing_was_agreed(self, cast: Cast) -> None:
        assert visit(cast, VisitDraft()).task is None
        assert not Task.objects.exists()

    def test_twice_is_one_visit_and_one_task(self, cast: Cast) -> None:
        assert visit(cast) == visit(cast, replace(AGREED, agreed="something else"))
        assert (Interaction.objects.count(), Task.objects.count()) == (1, 1)
