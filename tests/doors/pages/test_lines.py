"""Lines that are put together without a template: what comes from outside stays text, and each act has its address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from zhenke.doors.pages.customers.markup import customer_lines
from zhenke.doors.pages.customers.rows import ListRow
from zhenke.doors.pages.today.markup import brief_lines, full_lines
from zhenke.doors.pages.today.rows import ItemRow

TODAY = date(2026, 11, 22)
EVIL = "<b>{x}</b>\"'%s"
SAFE = "&lt;b&gt;{x}&lt;/b&gt;&quot;&#x27;%s"
ITEM = ItemRow(5, 7, EVIL, None, EVIL, date(2026, 11, 20), True, EVIL, EVIL, "say-due-7", 2)
CUSTOMER = ListRow(5, EVIL, EVIL, None, EVIL, (EVIL,), EVIL, EVIL, EVIL, EVIL)


class TestFullLines:
    def test_shows_what_comes_from_outside_as_text(self) -> None:
        line = full_lines([ITEM], today=TODAY, is_due=False)
        assert "<b>" not in line
        assert line.count(SAFE) == 6  # name, step, why, script twice, the label of "later"

    def test_offers_to_close_a_task_and_to_plan_for_a_bare_occasion(self) -> None:
        assert 'hx-get="/tasks/7/done/"' in full_lines([ITEM], today=TODAY, is_due=False)
        bare = full_lines([replace(ITEM, task_id=None)], today=TODAY, is_due=False)
        assert "/tasks/" not in bare
        assert 'hx-get="/customers/5/task/"' in bare

    def test_marks_what_is_late_before_what_is_due(self) -> None:
        assert "is-soon" not in full_lines([ITEM], today=TODAY, is_due=True)
        assert "is-soon" in full_lines([replace(ITEM, is_late=False)], today=TODAY, is_due=True)


class TestBriefLines:
    def test_shows_what_comes_from_outside_as_text(self) -> None:
        line = brief_lines([ITEM], today=TODAY)
        assert "<b>" not in line
        assert line.count(SAFE) == 6  # name, step, why, script, two labels


class TestCustomerLines:
    def test_shows_what_comes_from_outside_as_text(self) -> None:
        line = customer_lines([CUSTOMER], may_choose=True, shows_owner=True)
        assert "<b>" not in line
        assert line.count(SAFE) == 9

    def test_shows_tick_and_owner_only_where_they_belong(self) -> None:
        line = customer_lines([CUSTOMER], may_choose=False, shows_owner=False)
        assert "checkbox" not in line
        assert line.count(SAFE) == 7
