"""Somebody leaves, or gets another role or shop: what they opened is closed in the same step, and theirs alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.cast import NOW, Cast
from tests.customers.test_exports import ask, ready

from zhenke.basics.errors import NotAllowed
from zhenke.catalogue.models import Piece, PieceShare
from zhenke.catalogue.operations.shares import end_shares, share_piece
from zhenke.catalogue.queries.shares import live_share
from zhenke.customers.models import Export, SignUpLink
from zhenke.customers.operations.exports import claim_export, end_exports_of, finish_export, note_rows
from zhenke.customers.operations.sign_up import end_sign_ups, open_sign_up
from zhenke.customers.queries.sign_up import live_sign_up
from zhenke.customers.rules.exports import ExportLimits
from zhenke.journeys.change_staff_member import change_staff_member
from zhenke.journeys.let_staff_go import let_staff_go
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry, StaffMember
from zhenke.staff.operations import LastOwner, MemberChanges
from zhenke.staff.rules import Role

pytestmark = pytest.mark.django_db


def opened_by(cast: Cast, member: StaffMember) -> tuple[str, str]:
    """Let somebody open one of each: exports in every state, a link to a piece, a sign-up link; return both tokens."""
    piece = Piece.objects.create(customer=cast.mrs_zhou, shop=cast.shop_a, name="戒指", created_at=NOW, updated_at=NOW)
    share, token = share_piece(piece=piece, hours=24, shows=["stones"], by=SYSTEM, now=NOW)
    PieceShare.objects.filter(pk=share.pk).update(made_by=member)
    return token, open_sign_up(advisor=member, hours=12, now=NOW)[1]


def closed(cast: Cast, tokens: tuple[str, str]) -> tuple[bool, bool]:
    return live_share(token=tokens[0], now=NOW) is None, live_sign_up(token=tokens[1], now=NOW) is None


LIMITS = ExportLimits(
    alone_rows_a_day=99, alone_rows_a_month=99, rows_a_day=99, hours=24, copies_a_day=9, copies_a_month=9
)


def demote(cast: Cast, by: StaffMember) -> list[str]:
    return change_staff_member(member=cast.lin, changes=MemberChanges(role=Role.ADVISOR), by=by, now=NOW)


def move(cast: Cast, by: StaffMember) -> list[str]:
    return change_staff_member(member=cast.lin, changes=MemberChanges(shop=cast.shop_b), by=by, now=NOW)


def leave(cast: Cast, by: StaffMember) -> list[str]:
    return let_staff_go(member=cast.lin, by=by, now=NOW)


@pytest.mark.parametrize("act", [leave, demote, move])
class TestWhoGoes:
    def test_leaves_nothing_open(self, cast: Cast, act: Callable[[Cast, StaffMember], list[str]]) -> None:
        hers, others = opened_by(cast, cast.lin), opened_by(cast, cast.mei)
        made, making, waiting = ready(cast.lin), ask(cast.lin, limits=LIMITS), ask(cast.lin, rows=3)
        assert claim_export(export=making, now=NOW) and waiting.state == "waiting"
        kept = ready(cast.zhu)
        assert act(cast, cast.zhu) == [made.file_name]
        states = dict(Export.objects.values_list("pk", "state"))
        assert states == {**dict.fromkeys((made.pk, making.pk, waiting.pk), "withdrawn"), kept.pk: "ready"}
        assert not Export.objects.exclude(pk=kept.pk).exclude(sealed_key="", keys=[]).exists()
        assert (closed(cast, hers), closed(cast, others)) == ((True, True), (False, False))

    def test_ends_an_export_that_is_being_made(self, cast: Cast, act: Callable[[Cast, StaffMember], list[str]]) -> None:
        making = ask(cast.lin)
        assert claim_export(export=making, now=NOW) and note_rows(export=making, done_rows=1, now=NOW)
        act(cast, cast.zhu)
        assert not note_rows(export=making, done_rows=2, now=NOW)
        done = finish_export(export=making, rows=2, file_name="f" * 64, file_key="k", limits=LIMITS, now=NOW)
        assert not done and Export.objects.get().state == "withdrawn"

    def test_twice_writes_nothing(self, cast: Cast, act: Callable[[Cast, StaffMember], list[str]]) -> None:
        opened_by(cast, cast.lin)
        made = ready(cast.lin)
        assert act(cast, cast.zhu) == [made.file_name]
        lines = AuditEntry.objects.count()
        assert act(cast, cast.zhu) == []
        assert AuditEntry.objects.count() == lines

    def test_is_decided_by_those_who_edit_people(
        self, cast: Cast, act: Callable[[Cast, StaffMember], list[str]]
    ) -> None:
        hers = opened_by(cast, cast.lin)
        for stranger in (cast.mei, cast.qiao, cast.ji):
            with pytest.raises(NotAllowed):
                act(cast, stranger)
        assert closed(cast, hers) == (False, False)


class TestWhoStays:
    def test_keeps_everything_when_only_the_name_changes(self, cast: Cast) -> None:
        hers, made = opened_by(cast, cast.lin), ready(cast.lin)
        assert change_staff_member(member=cast.lin, changes=MemberChanges(name="林"), by=cast.zhu, now=NOW) == []
        assert closed(cast, hers) == (False, False)
        assert Export.objects.get(pk=made.pk).state == "ready"

    def test_keeps_everything_when_the_last_owner_may_not_go(self, cast: Cast) -> None:
        link, _ = open_sign_up(advisor=cast.zhu, hours=12, now=NOW)
        with pytest.raises(LastOwner):
            let_staff_go(member=cast.zhu, by=cast.zhu, now=NOW)
        assert SignUpLink.objects.get(pk=link.pk).closed_at is None


class TestEachEnding:
    def test_twice_ends_nothing_more(self, cast: Cast) -> None:
        opened_by(cast, cast.lin)
        ready(cast.lin)
        for count in (1, 0):
            assert end_sign_ups(advisor=cast.lin, by=SYSTEM, now=NOW) == count
            assert end_shares(made_by=cast.lin, by=SYSTEM, now=NOW) == count
            assert len(end_exports_of(asker=cast.lin, by=SYSTEM, now=NOW)) == count
        actions = ["sign_up.closed", "piece.share_closed", "export.withdrawn"]
        assert AuditEntry.objects.filter(action__in=actions).count() == len(actions)

    def test_is_refused_to_who_may_not_edit_people(self, cast: Cast) -> None:
        for ending in (
            lambda: end_sign_ups(advisor=cast.lin, by=cast.mei, now=NOW),
            lambda: end_shares(made_by=cast.lin, by=cast.mei, now=NOW),
            lambda: end_exports_of(asker=cast.lin, by=cast.mei, now=NOW),
        ):
            with pytest.raises(NotAllowed):
                ending()
