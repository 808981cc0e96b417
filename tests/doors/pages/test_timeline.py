"""One stream of everything that happened in every room: in order, each once, within the viewer's sight and a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.cast import NOW
from tests.doors.pages.world import World, text_of
from zhenke.care.operations import add_task
from zhenke.care.queries import TRACES
from zhenke.catalogue.models import Inspection, Piece, PieceOwner
from zhenke.customers.models import Customer, Interaction, Merge
from zhenke.customers.operations import add_contact, add_interaction, add_link, add_visit, reveal_contact
from zhenke.customers.queries import contacts_of, customer_for
from zhenke.customers.rules.visits import LaidOut, VisitDraft
from zhenke.doors.stream.entry import Asked, Entry
from zhenke.doors.stream.timeline import KINDS, SIZE, timeline_of
from zhenke.grading.models import GradeChange, Scheme
from zhenke.membership.operations import earn
from zhenke.membership.rules import Cause
from zhenke.sales.models import SaleLine
from zhenke.staff.models import StaffMember

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
TODAY = NOW.date()
MOST_QUERIES = 20


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def live(world: World, times: int = 1) -> Customer:
    """Let something of every kind happen to Mrs Zhou, so many times, on days of its own."""
    cast = world.cast
    her, mei = cast.mrs_zhou, cast.mei
    contact = contacts_of(viewer=mei, customer=her)[0].id
    scheme = Scheme.objects.order_by("-id").first()
    piece = Piece.objects.filter(customer=her).first() or Piece.objects.create(
        customer=her, shop=cast.shop_a, name="翡翠手镯", created_at=NOW, updated_at=NOW
    )
    for number in reversed(range(times)):  # the audit trail grows with time
        at = NOW - timedelta(days=number, hours=2)
        day = at.date()
        add_interaction(customer=her, kind="note", at=at, by=mei, shop=None, text=f"note {number}", now=NOW)
        add_visit(
            customer=her,
            draft=VisitDraft(pieces=(LaidOut("", f"strand {number}"),), companions=(cast.mr_zhou.pk,)),
            text="",
            at=at + timedelta(minutes=1),
            by=mei,
            shop=None,
            source_key=f"desk:{number}",
            today=TODAY,
            now=NOW,
        )
        add_task(
            customer=her,
            assignee=mei,
            due_date=TODAY + timedelta(days=3),
            note=f"promise {number}",
            key=str(number),
            by=mei,
            today=TODAY,
            now=at + timedelta(minutes=2),
        )
        reveal_contact(viewer=mei, contact=contact, reason="call", now=at + timedelta(minutes=3))
        Inspection.objects.create(
            piece=piece, on_date=day, by=mei, next_date=day, seen=f"prongs {number}", created_at=at
        )
        PieceOwner.objects.create(
            piece=piece, from_customer=cast.mr_zhou, to_customer=her, how="gift", on_date=day, by=mei, created_at=at
        )
        GradeChange.objects.create(
            customer=her, on_date=day, from_letter="C", to_letter="B", score=1, reason="sale", scheme=scheme
        )
        other = Customer.objects.create(name=f"亲友{number}", shop=cast.shop_a, owner=mei, created_at=at, updated_at=at)
        add_link(customer=her, other=other, kind="friend", by=mei, now=at + timedelta(minutes=4))
        earn(
            customer=her, points=50 + number, cause=Cause("test", str(number)), on_date=day, pending_days=0, months=24,
            by=mei, now=at + timedelta(minutes=6),
        )  # fmt: skip
        Merge.objects.create(winner=her, loser_key=number + 1, at=at + timedelta(minutes=5), by=mei)
    return customer_for(viewer=mei, id=her.pk)


def whole(viewer: StaffMember, customer: Customer, **asked: str) -> list[Entry]:
    """Return all pages as one list; every page but the last is full."""
    entries: list[Entry] = []
    after = ""
    for _ in range(40):
        page = timeline_of(viewer=viewer, customer=customer, now=NOW, after=after, **asked)
        entries += page.entries
        after = page.after
        if not after:
            return entries
        assert len(page.entries) == SIZE
    raise AssertionError("no end")


class TestTimelineOf:
    def test_tells_of_every_room_in_one_order(self, world: World) -> None:
        entries = whole(world.cast.zhu, live(world))
        assert {entry.kind for entry in entries} == {
            "sale", "note", "visit", "task", "piece", "points", "grade", "archive"
        }  # fmt: skip
        assert [(one.at, one.id) for one in entries] == sorted(((one.at, one.id) for one in entries), reverse=True)

    def test_shows_each_once_over_many_pages(self, world: World) -> None:
        her = live(world, times=23)
        entries = whole(world.cast.zhu, her)
        assert len({(one.kind, one.id) for one in entries}) == len(entries)
        for kind, least in (("note", 23), ("visit", 23), ("task", 23), ("piece", 46), ("points", 23), ("grade", 23)):
            assert sum(one.kind == kind for one in entries) >= least, kind
        # Links, merges (the newest 20) and looks at contacts.
        assert sum(one.kind == "archive" for one in entries) == 23 + 20 + 23

    @pytest.mark.parametrize("kind", KINDS)
    def test_of_one_kind_is_what_the_whole_has_of_it(self, world: World, kind: str) -> None:
        her = live(world, times=12)
        viewer = world.cast.zhu
        only = whole(viewer, her, kind=kind)
        assert only == [one for one in whole(viewer, her) if one.kind == kind]

    def test_finds_words_in_what_has_words(self, world: World) -> None:
        her, mei = live(world), world.cast.mei
        for words, kinds in (("promise", {"task"}), ("strand", {"visit"}), ("翡翠", {"sale", "piece"})):
            assert {one.kind for one in whole(mei, her, words=words)} == kinds, words

    def test_looks_at_contacts_are_for_who_reads_the_audit_trail(self, world: World) -> None:
        her = live(world)
        for who, is_told in ((world.cast.zhu, True), (world.cast.ji, True), (world.cast.mei, False)):
            assert any("Shown whole" in one.title for one in whole(who, her)) == is_told

    def test_masks_and_hides_by_the_table_of_sight(self, world: World) -> None:
        her = live(world)
        marketing = whole(world.cast.an, her)
        assert {one.kind for one in marketing} <= {"grade", "archive"}
        auditor = whole(world.cast.ji, her)
        assert {one.kind for one in auditor} == {"sale", "piece", "points", "grade", "archive"}
        told = " ".join(one.title + one.text for one in (*marketing, *auditor))
        for secret in ("note 0", "promise 0", "strand 0", "prongs 0", "亲友", "周建国"):
            assert secret not in told

    def test_a_stranger_sees_nothing(self, world: World) -> None:
        her = live(world)
        for who in (world.cast.qiao, world.cast.tao, world.cast.other):
            assert whole(who, her) == []

    def test_names_nobody_out_of_sight(self, world: World) -> None:
        her, cast = live(world), world.cast
        Customer.objects.filter(pk=cast.mr_zhou.pk).update(owner=cast.tao)
        told = [one.title for one in whole(cast.mei, her) if one.kind == "piece"]
        assert any("another customer" in title for title in told)
        assert not any("周建国" in title for title in told)

    def test_a_gift_that_is_only_meant_for_her_is_its_owners_to_tell(self, world: World) -> None:
        cast = world.cast
        secret = Piece.objects.create(
            customer=cast.mr_zhou, wearer=cast.mrs_zhou, shop=cast.shop_a, name="星月藏心戒",
            secret_until_date=TODAY + timedelta(days=9), created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        Inspection.objects.create(piece=secret, on_date=TODAY, next_date=TODAY, created_at=NOW)
        hers = whole(cast.mei, customer_for(viewer=cast.mei, id=cast.mrs_zhou.pk))
        assert not any("星月" in one.title for one in hers)
        his = whole(cast.mei, customer_for(viewer=cast.mei, id=cast.mr_zhou.pk))
        assert any("星月" in one.title for one in his)

    def test_keeps_its_budget_however_much_happened(self, world: World) -> None:
        viewer = world.cast.zhu
        her = live(world, times=2)
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as seen:
                timeline_of(viewer=viewer, customer=her, now=NOW)
            counts.append(len(seen.captured_queries))
            for number in range(15):
                add_contact(customer=her, kind="phone", text=f"1390000{number:04d}", by=world.cast.mei, now=NOW)
                add_interaction(customer=her, kind="visit", at=NOW, by=world.cast.mei, shop=None, text="x", now=NOW)
        assert counts[0] == counts[1] <= MOST_QUERIES

    def test_is_the_same_with_and_without_its_traces(self, world: World) -> None:
        viewer = world.cast.zhu
        for her in (live(world), world.cast.mr_zhou):
            asked = customer_for(viewer=viewer, id=her.pk, along=TRACES)
            plain = customer_for(viewer=viewer, id=her.pk)
            assert whole(viewer, asked) == whole(viewer, plain)

    def test_asks_nothing_of_a_room_that_knows_nothing_of_her(self, world: World) -> None:
        viewer = world.cast.zhu
        Interaction.objects.filter(customer=world.cast.mr_zhou).delete()
        him = customer_for(viewer=viewer, id=world.cast.mr_zhou.pk, along=TRACES)
        with CaptureQueriesContext(connection) as seen:
            entries = timeline_of(viewer=viewer, customer=him, now=NOW).entries
        assert [one.kind for one in entries] == ["grade"]
        # His first grade, and who looked at his contacts: the trail is asked by those who may read it.
        assert len(seen.captured_queries) == 2, [one["sql"] for one in seen.captured_queries]

    @pytest.mark.parametrize("trace", sorted(TRACES))
    def test_a_trace_is_there_after_what_leaves_it(self, world: World, trace: str) -> None:
        her = live(world)
        SaleLine.objects.filter(sale__customer=her).update(gift_for=her)  # whoever gave it: the trace asks not
        assert getattr(customer_for(viewer=world.cast.zhu, id=her.pk, along=TRACES), trace)

    def test_is_on_the_page_with_its_chips(self, world: World, desk: Desk) -> None:
        her = live(world)
        page = text_of(desk("mei"), f"/customers/{her.pk}/")
        for words in ("Promises", "Archive", "Grade: C → B", "Linked: 亲友0, Friend", "Looked at 翡翠手镯"):
            assert words in page, words


class TestAsked:
    @pytest.mark.parametrize(
        ("hour", "expected"), [(11, date(2026, 11, 22)), (12, date(2026, 11, 22)), (13, date(2026, 11, 23))]
    )
    def test_a_line_before_noon_has_not_seen_the_day_itself(self, world: World, hour: int, expected: date) -> None:
        her = customer_for(viewer=world.cast.mei, id=world.cast.mrs_zhou.pk)
        asked = Asked(world.cast.mei, her, NOW, None, "", 1)
        noon = asked.noon(date(2026, 11, 22))
        mark = (noon + timedelta(hours=hour - 12), 7)
        told = Asked(world.cast.mei, her, NOW, mark, "", 1).before_day()
        assert told == (expected, 7 if hour == 12 else 0)
        # Exactly the rows whose noon is older than the mark.
        for day, key in ((date(2026, 11, 21), 9), (date(2026, 11, 22), 5), (date(2026, 11, 22), 9)):
            assert ((asked.noon(day), key) < mark) == ((day, key) < told)
