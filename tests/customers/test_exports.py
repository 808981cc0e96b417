"""Exports: who may have which columns of whom, when a second person must agree, and what leaves a mark."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.cipher import SealBroken
from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Export, HandedCopy
from zhenke.customers.operations import add_contact
from zhenke.customers.operations.exports import (
    ExportGone,
    ExportNotOpen,
    ask_export,
    claim_export,
    decide_export,
    end_exports,
    fail_export,
    fetch_export,
    finish_export,
    may_decide,
    note_rows,
    reseal_exports,
    withdraw_export,
)
from zhenke.customers.operations.rights import record_pack
from zhenke.customers.queries.exports import (
    ExportUnknown,
    export_for,
    export_with_watermark,
    exported_customers,
    exports,
    exports_by_key,
    keys_to_export,
    rows_so_far,
)
from zhenke.customers.queries.reveals import alarms_of_day, copied_on
from zhenke.customers.rules.exports import (
    COLUMNS,
    CopiesUsedUp,
    ExportLimits,
    ExportTooLarge,
    ExportWrong,
    NobodyToExport,
    is_last_copy,
    offered_columns,
    why_second,
)
from zhenke.customers.rules.filters import CustomerFilters
from zhenke.customers.rules.sight import SIGHT
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry, StaffMember, Viewer
from zhenke.staff.rules import May, Role

LIMITS = ExportLimits(
    alone_rows_a_day=3, alone_rows_a_month=5, rows_a_day=8, hours=24, copies_a_day=2, copies_a_month=3
)


def ask(by: StaffMember, rows: int = 1, *, now: datetime = NOW, **changes: Any) -> Export:
    """Ask for a file of so many customers, whoever they are."""
    given: dict[str, Any] = {
        "keys": list(range(1, rows + 1)),
        "columns": ["name", "shop"],
        "purpose": "invitations",
        "told": "",
        "format": "csv",
        "language": "en",
        "limits": LIMITS,
    }
    return ask_export(by=by, now=now, **(given | changes))


def ready(by: StaffMember) -> Export:
    """Return an export of this person whose file is made."""
    export = ask(by)
    assert claim_export(export=export, now=NOW)
    assert finish_export(export=export, rows=1, file_name="f" * 64, file_key="key of the file", limits=LIMITS, now=NOW)
    export.refresh_from_db()
    return export


class TestOfferedColumns:
    @pytest.mark.parametrize("role", [role.value for role in Role])
    def test_never_hold_family_gifts_or_pieces_and_nothing_a_role_is_not_shown(self, role: str) -> None:
        offered = offered_columns(SIGHT[role])
        assert {one.group for one in offered}.isdisjoint({"family", "pieces", "notes", "traits_level_4"})
        assert all(SIGHT[role].of(one.group) not in ("nothing", "band") for one in offered)

    def test_are_none_for_who_sees_only_crowds(self) -> None:
        assert offered_columns(SIGHT["marketing"]) == ()

    def test_are_all_for_the_owner(self) -> None:
        assert offered_columns(SIGHT["owner"]) == COLUMNS


class TestWhySecond:
    @pytest.mark.parametrize(
        ("columns", "rows", "day", "month", "why"),
        [
            (["name"], 3, 0, 0, ""),
            (["name"], 4, 0, 0, "rows"),
            (["name"], 1, 3, 3, "rows"),
            (["name"], 2, 0, 4, "rows_a_month"),
            (["name", "address"], 1, 0, 0, "sensitive"),
        ],
    )
    def test_counts_small_exports_together(self, columns: list[str], rows: int, day: int, month: int, why: str) -> None:
        assert why_second(columns=columns, rows=rows, rows_a_day=day, rows_a_month=month, limits=LIMITS) == why


class TestIsLastCopy:
    @pytest.mark.parametrize(("day", "month", "last"), [(0, 0, False), (1, 1, True), (0, 2, True), (1, 2, True)])
    def test_says_when_there_is_none_after_it(self, day: int, month: int, last: bool) -> None:
        assert is_last_copy(copies_a_day=day, copies_a_month=month, limits=LIMITS) is last

    @pytest.mark.parametrize(("day", "month"), [(2, 2), (0, 3), (5, 9)])
    def test_refuses_the_next(self, day: int, month: int) -> None:
        with pytest.raises(CopiesUsedUp) as refusal:
            is_last_copy(copies_a_day=day, copies_a_month=month, limits=LIMITS)
        assert refusal.value.facts == {"a_day": 2, "a_month": 3}


@pytest.mark.django_db
class TestRecordPack:
    def hand(self, cast: Cast, by: Viewer, now: datetime = NOW) -> None:
        record_pack(customer=cast.mrs_zhou, checked="id_card", limits=LIMITS, by=by, now=now)

    def test_counts_each_person_and_the_last_is_told(self, cast: Cast) -> None:
        self.hand(cast, cast.lin)
        assert alarms_of_day(viewer=cast.zhu, on_date=NOW.date()) == []
        self.hand(cast, cast.lin)
        with pytest.raises(CopiesUsedUp):
            self.hand(cast, cast.lin)
        self.hand(cast, cast.hua)
        alarm = AuditEntry.objects.get(action="copies.alarm")
        assert (alarm.subject_id, alarm.facts) == (cast.lin.pk, {"copies_a_day": 2, "copies_a_month": 2})
        assert AuditEntry.objects.filter(action="customer.copied").count() == 3
        for viewer, names in ((cast.zhu, ["林静"]), (cast.lin, []), (cast.mei, []), (cast.other, [])):
            assert alarms_of_day(viewer=viewer, on_date=NOW.date()) == names
        for viewer, counts in ((cast.zhu, [2, 1]), (cast.lin, [2]), (cast.mei, []), (cast.other, [])):
            assert [one[1] for one in copied_on(viewer=viewer, on_date=NOW.date())] == counts

    def test_counts_24_hours_and_30_days(self, cast: Cast) -> None:
        self.hand(cast, cast.lin)
        self.hand(cast, cast.lin, NOW + timedelta(hours=23))
        with pytest.raises(CopiesUsedUp):
            self.hand(cast, cast.lin, NOW + timedelta(hours=23, minutes=59))
        self.hand(cast, cast.lin, NOW + timedelta(hours=25))
        with pytest.raises(CopiesUsedUp):
            self.hand(cast, cast.lin, NOW + timedelta(days=29))
        self.hand(cast, cast.lin, NOW + timedelta(days=31))

    def test_is_a_row_of_exports_too(self, cast: Cast) -> None:
        for _ in range(2):
            self.hand(cast, cast.lin)
        assert ask(cast.lin, 1).why_second == ""
        assert ask(cast.lin, 1).why_second == "rows"

    def test_of_her_own_on_the_member_site_counts_for_nobody(self, cast: Cast) -> None:
        for _ in range(5):
            self.hand(cast, SYSTEM)
        assert not HandedCopy.objects.exists()


@pytest.mark.django_db
class TestAskExport:
    def test_small_ones_are_made_at_once_and_many_of_them_are_not(self, cast: Cast) -> None:
        states = [(ask(cast.lin, 2).state, ask(cast.lin, 1).state, ask(cast.lin, 1).state)]
        assert states == [("queued", "queued", "waiting")]
        assert rows_so_far(by=cast.lin, now=NOW) == (4, 4)
        tomorrow = NOW + timedelta(days=1, seconds=1)
        assert ask(cast.lin, 1, now=tomorrow).why_second == ""
        assert ask(cast.lin, 1, now=tomorrow).why_second == "rows_a_month"

    def test_twice_is_two_that_both_count(self, cast: Cast) -> None:
        assert ask(cast.lin).pk != ask(cast.lin).pk
        assert rows_so_far(by=cast.lin, now=NOW) == (2, 2)

    def test_a_day_has_an_end(self, cast: Cast) -> None:
        ask(cast.lin, 6)
        with pytest.raises(ExportTooLarge, match="3 customers are more than the 2"):
            ask(cast.lin, 3)

    def test_refused_ones_do_not_count(self, cast: Cast) -> None:
        waiting = ask(cast.lin, 6)
        decide_export(export=waiting, agree=False, reason="too many", by=cast.zhu, now=NOW)
        withdraw_export(export=ask(cast.lin, 6), by=cast.lin, now=NOW)
        assert rows_so_far(by=cast.lin, now=NOW) == (0, 0)

    @pytest.mark.parametrize("name", ["mei", "tao", "an", "shu", "ji"])
    def test_is_for_owners_and_managers(self, cast: Cast, name: str) -> None:
        with pytest.raises(NotAllowed):
            ask(getattr(cast, name))
        assert not Export.objects.exists()

    @pytest.mark.parametrize(
        "changes",
        [{"purpose": " x "}, {"purpose": "y" * 201}, {"columns": []}, {"columns": ["notes"]}, {"format": "pdf"}],
    )
    def test_refuses_what_is_not_offered_or_says_no_purpose(self, cast: Cast, changes: dict[str, Any]) -> None:
        with pytest.raises(ExportWrong):
            ask(cast.zhu, **changes)

    def test_refuses_an_empty_list(self, cast: Cast) -> None:
        with pytest.raises(NobodyToExport):
            ask(cast.zhu, keys=[])


@pytest.mark.django_db
class TestDecideExport:
    def test_needs_somebody_else_of_another_shop_or_an_owner(self, cast: Cast) -> None:
        export = ask(cast.lin, 4)
        twin = StaffMember.objects.create(
            username="twin", name="双", role="shop_manager", shop=cast.shop_a, created_at=NOW
        )
        for person in (cast.lin, twin, cast.mei, cast.ji):
            assert not may_decide(export=export, by=person)
            with pytest.raises(NotAllowed):
                decide_export(export=export, agree=True, reason="fine", by=person, now=NOW)
        for person in (cast.hua, cast.zhu):
            assert may_decide(export=export, by=person)
        assert decide_export(export=export, agree=True, reason="fine", by=cast.hua, now=NOW).state == "queued"

    def test_twice_is_refused(self, cast: Cast) -> None:
        export = ask(cast.lin, 4)
        decide_export(export=export, agree=True, reason="fine", by=cast.hua, now=NOW)
        with pytest.raises(ExportNotOpen):
            decide_export(export=export, agree=False, reason="not fine", by=cast.zhu, now=NOW)

    def test_needs_a_reason(self, cast: Cast) -> None:
        with pytest.raises(ExportWrong):
            decide_export(export=ask(cast.lin, 4), agree=True, reason=" ", by=cast.hua, now=NOW)


@pytest.mark.django_db
class TestClaimExport:
    def test_twice_is_false_until_the_worker_is_dead(self, cast: Cast) -> None:
        export = ask(cast.lin)
        assert claim_export(export=export, now=NOW)
        assert not claim_export(export=export, now=NOW + timedelta(minutes=2))
        note_rows(export=export, done_rows=1, now=NOW + timedelta(minutes=2))
        assert not claim_export(export=export, now=NOW + timedelta(minutes=4))
        assert claim_export(export=export, now=NOW + timedelta(minutes=6))

    def test_what_waits_for_a_person_is_not_made(self, cast: Cast) -> None:
        assert not claim_export(export=ask(cast.lin, 4), now=NOW)

    def test_one_that_was_taken_back_meanwhile_is_not_finished(self, cast: Cast) -> None:
        export = ask(cast.lin)
        claim_export(export=export, now=NOW)
        withdraw_export(export=export, by=cast.lin, now=NOW)
        assert not finish_export(export=export, rows=1, file_name="f" * 64, file_key="k", limits=LIMITS, now=NOW)
        fail_export(export=export)
        export.refresh_from_db()
        assert export.state == "withdrawn"


@pytest.mark.django_db
class TestFetchExport:
    def test_gives_the_key_to_who_asked_and_each_time_leaves_a_mark(self, cast: Cast) -> None:
        export = ready(cast.lin)
        assert "key of the file" not in export.sealed_key
        assert [fetch_export(export=export, by=cast.lin, now=NOW) for _ in range(2)] == ["key of the file"] * 2
        export.refresh_from_db()
        assert export.downloads == 2
        actions = AuditEntry.objects.filter(action__startswith="export.").order_by("position")
        assert [entry.action for entry in actions] == [
            "export.asked",
            "export.made",
            "export.downloaded",
            "export.downloaded",
        ]

    def test_gives_it_to_nobody_else(self, cast: Cast) -> None:
        export = ready(cast.lin)
        for person in (cast.zhu, cast.hua, cast.mei):
            with pytest.raises(NotAllowed):
                fetch_export(export=export, by=person, now=NOW)

    def test_gives_it_no_longer_than_a_day(self, cast: Cast) -> None:
        export = ready(cast.lin)
        fetch_export(export=export, by=cast.lin, now=NOW + timedelta(hours=23))
        with pytest.raises(ExportGone):
            fetch_export(export=export, by=cast.lin, now=NOW + timedelta(hours=24))

    def test_gives_it_not_to_who_may_no_longer_export(self, cast: Cast) -> None:
        export = ready(cast.lin)
        cast.lin.role = "advisor"
        with pytest.raises(NotAllowed):
            fetch_export(export=export, by=cast.lin, now=NOW)

    def test_a_key_moved_to_another_row_does_not_open(self, cast: Cast) -> None:
        mine, other = ready(cast.hua), ready(cast.lin)
        Export.objects.filter(pk=mine.pk).update(sealed_key=other.sealed_key)
        with pytest.raises(SealBroken):
            fetch_export(export=mine, by=cast.hua, now=NOW)


@pytest.mark.django_db
class TestWithdrawExport:
    def test_takes_the_key_at_once_and_twice_is_refused(self, cast: Cast) -> None:
        export = ready(cast.lin)
        assert withdraw_export(export=export, by=cast.lin, now=NOW) == "f" * 64
        with pytest.raises(ExportGone):
            fetch_export(export=export, by=cast.lin, now=NOW)
        export.refresh_from_db()
        assert export.sealed_key == ""
        with pytest.raises(ExportNotOpen):
            withdraw_export(export=export, by=cast.lin, now=NOW)

    def test_is_for_who_asked_or_agreed_and_who_is_responsible_for_them(self, cast: Cast) -> None:
        above, below = ready(cast.hua), ready(cast.lin)
        for export, stranger in ((above, cast.lin), (below, cast.other), (below, cast.mei)):
            with pytest.raises(NotAllowed):
                withdraw_export(export=export, by=stranger, now=NOW)
        for export in (above, below):
            withdraw_export(export=export, by=cast.zhu, now=NOW)
        export = ask(cast.zhu, 4)
        decide_export(export=export, agree=True, reason="fine", by=cast.hua, now=NOW)
        withdraw_export(export=export, by=cast.hua, now=NOW)


@pytest.mark.django_db
class TestEndExports:
    def test_takes_the_keys_of_the_day_before_and_twice_takes_none(self, cast: Cast) -> None:
        export = ready(cast.lin)
        assert end_exports(now=NOW + timedelta(hours=23)) == []
        assert end_exports(now=NOW + timedelta(hours=24)) == ["f" * 64]
        assert end_exports(now=NOW + timedelta(hours=24)) == []
        export.refresh_from_db()
        assert (export.state, export.sealed_key, export.keys) == ("expired", "", [])


@pytest.mark.django_db
class TestResealExports:
    def test_twice_changes_nothing(self, cast: Cast) -> None:
        export = ready(cast.lin)
        assert reseal_exports(after=0) == (export.pk, 0)
        assert reseal_exports(after=export.pk) == (None, 0)
        assert exports_by_key(viewer=SYSTEM) == {"k1": 1}
        assert exports_by_key(viewer=cast.zhu) == {}


@pytest.mark.django_db
class TestExports:
    def test_show_ones_own_those_below_and_what_waits_in_the_brand(self, cast: Cast) -> None:
        mine, above = ready(cast.lin), ready(cast.hua)
        waiting = ask(cast.zhu, 4)

        def seen(who: StaffMember) -> set[int]:
            return set(exports(viewer=who).values_list("pk", flat=True))

        assert seen(cast.lin) == {mine.pk, waiting.pk}
        assert seen(cast.hua) == {mine.pk, above.pk, waiting.pk}
        assert seen(cast.zhu) == {mine.pk, above.pk, waiting.pk}

    def test_a_stranger_sees_nothing(self, cast: Cast) -> None:
        export = ask(cast.lin, 4)
        for stranger in (cast.other, cast.mei, cast.an, cast.ji):
            assert not exports(viewer=stranger).exists()
            with pytest.raises(ExportUnknown):
                export_for(viewer=stranger, id=export.pk)
            assert export_with_watermark(viewer=stranger, code=export.watermark) is None
        assert export_with_watermark(viewer=SYSTEM, code=export.watermark) == export


@pytest.mark.django_db
class TestExportedCustomers:
    def test_hold_what_the_viewer_sees_masked_where_it_is_masked(self, cast: Cast) -> None:
        add_contact(customer=cast.mrs_zhou, kind="phone", text="13800138000", by=cast.mei, now=NOW)
        codes = [one.code for one in COLUMNS]
        [row] = exported_customers(viewer=cast.lin, keys=[cast.mrs_zhou.pk], columns=codes).values()
        assert (row["name"], row["phone"], row["advisor"]) == ("周丽华", "138****8000", "梅雪")

    def test_a_stranger_is_given_nothing(self, cast: Cast) -> None:
        keys = [cast.mrs_zhou.pk, cast.mr_zhou.pk]
        for stranger in (cast.qiao, cast.other, cast.tao):
            assert exported_customers(viewer=stranger, keys=keys, columns=["name"]) == {}

    def test_hold_no_column_of_who_sees_only_crowds(self, cast: Cast) -> None:
        found = exported_customers(viewer=cast.an, keys=[cast.mrs_zhou.pk], columns=["name", "phone", "spent"])
        assert found == {cast.mrs_zhou.pk: {}}


@pytest.mark.django_db
class TestKeysToExport:
    def test_are_those_of_the_list_and_no_filter_sees_through_a_mask(self, cast: Cast) -> None:
        every = keys_to_export(viewer=cast.lin, filters=CustomerFilters(), within=None, most=10)
        assert every == sorted([cast.mrs_zhou.pk, cast.mr_zhou.pk])
        assert len(keys_to_export(viewer=cast.lin, filters=CustomerFilters(), within=None, most=1)) == 2
        men = keys_to_export(viewer=cast.lin, filters=CustomerFilters(gender="m"), within=None, most=10)
        assert men == [cast.mr_zhou.pk]
        days = replace(CustomerFilters(), birthday_from=NOW.date(), birthday_to=NOW.date())
        with pytest.raises(NotAllowed):
            keys_to_export(viewer=cast.ji, filters=days, within=None, most=10)

    def test_a_stranger_finds_nobody(self, cast: Cast) -> None:
        assert keys_to_export(viewer=cast.other, filters=CustomerFilters(), within=None, most=10) == []


def test_the_act_belongs_to_owners_and_managers(cast: Cast) -> None:
    assert [one for one in ("zhu", "hua", "lin", "mei", "an", "shu", "ji") if getattr(cast, one).may(May.EXPORT)] == [
        "zhu",
        "hua",
        "lin",
    ]
