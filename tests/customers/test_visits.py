"""A visit to the counter: written once with its details, seen as notes and families are, found by words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer, Interaction, Visit, VisitCompanion, VisitPiece
from zhenke.customers.operations import add_visit
from zhenke.customers.operations.visits import load_visits
from zhenke.customers.queries import CustomerUnknown, SeenVisit, interactions_of, visits_of
from zhenke.customers.rules.visits import LaidOut, VisitDraft, VisitWrong, checked_visit, laid_out, words_of
from zhenke.staff.models import AuditEntry, StaffMember

TODAY = date(2026, 11, 22)
DRAFT = VisitDraft(
    pieces=(LaidOut("BG1001", "翡翠手镯", is_tried=True), LaidOut("", "珍珠项链")),
    minutes=25,
    companions_text="妈妈",
    stopped_by=("ask_family", "over_budget"),
    agreed="再看一次珍珠",
    agreed_date=TODAY + timedelta(days=3),
)


def came(cast: Cast, draft: VisitDraft = DRAFT, *, key: str = "desk:1", by: StaffMember | None = None) -> Interaction:
    return add_visit(
        customer=cast.mrs_zhou,
        draft=draft,
        text="看了很久",
        at=NOW,
        by=by or cast.mei,
        shop=cast.shop_a,
        source_key=key,
        today=TODAY,
        now=NOW,
    )


def seen(cast: Cast, viewer: StaffMember, row: Interaction) -> SeenVisit | None:
    return visits_of(viewer=viewer, customer=cast.mrs_zhou, interactions=[row.pk]).get(row.pk)


class TestWordsOf:
    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("", []),
            ("BG1001", ["BG1001"]),
            ("BG1001，珍珠项链、 BG1001;", ["BG1001", "珍珠项链"]),
            ("pearl strand, jade", ["pearl strand", "jade"]),
        ],
    )
    def test_are_cut_at_every_sign_that_people_put_between(self, typed: str, words: list[str]) -> None:
        assert words_of(typed) == words


class TestLaidOut:
    def test_knows_styles_by_number_in_any_case_and_keeps_words(self) -> None:
        pieces = laid_out(looked_at=["bg1001", "珍珠"], tried=["珍珠", "戒指"], names={"BG1001": "翡翠手镯"})
        assert pieces == (LaidOut("BG1001", "翡翠手镯"), LaidOut("", "珍珠", True), LaidOut("", "戒指", True))


class TestCheckedVisit:
    def test_takes_an_empty_one_and_a_full_one(self) -> None:
        assert checked_visit(VisitDraft(), today=TODAY) == VisitDraft()
        assert checked_visit(DRAFT, today=TODAY) == DRAFT

    @pytest.mark.parametrize(
        ("field", "changed"),
        [
            ("pieces", {"pieces": (LaidOut(),)}),
            ("pieces", {"pieces": (LaidOut("", "x" * 121),)}),
            ("pieces", {"pieces": tuple(LaidOut("", str(n)) for n in range(13))}),
            ("minutes", {"minutes": 0}),
            ("minutes", {"minutes": 601}),
            ("companions", {"companions": tuple(range(9))}),
            ("companions_text", {"companions_text": "x" * 121}),
            ("stopped_by", {"stopped_by": ("Too Dear",)}),
            ("agreed", {"agreed": ""}),
            ("agreed_date", {"agreed_date": None}),
            ("agreed_date", {"agreed_date": TODAY - timedelta(days=1)}),
            ("agreed_date", {"agreed_date": TODAY + timedelta(days=731)}),
        ],
    )
    def test_names_the_field_that_is_wrong(self, field: str, changed: dict[str, object]) -> None:
        with pytest.raises(VisitWrong) as refusal:
            checked_visit(replace(DRAFT, **changed), today=TODAY)  # type: ignore[arg-type]
        assert refusal.value.facts == {"field": field}


@pytest.mark.django_db
class TestAddVisit:
    def test_keeps_everything_that_was_said(self, cast: Cast) -> None:
        row = came(cast, replace(DRAFT, companions=(cast.mr_zhou.pk,)))
        told = seen(cast, cast.mei, row)
        assert told is not None
        assert [(one.style_no, one.name, one.is_tried) for one in told.pieces] == [
            ("BG1001", "翡翠手镯", True),
            ("", "珍珠项链", False),
        ]
        assert (told.minutes, told.stopped_by, told.companions) == (25, ["ask_family", "over_budget"], [cast.mr_zhou])
        assert (told.companions_text, told.agreed, told.agreed_date) == ("妈妈", "再看一次珍珠", date(2026, 11, 25))
        assert AuditEntry.objects.get(action="visit_added").facts == {"visit": row.visit.pk, "pieces": 2}

    def test_twice_is_one_visit(self, cast: Cast) -> None:
        assert came(cast) == came(cast, VisitDraft(minutes=5))
        assert (Visit.objects.count(), VisitPiece.objects.count(), Interaction.objects.count()) == (1, 2, 1)
        assert Visit.objects.get().minutes == 25
        assert AuditEntry.objects.filter(action="visit_added").count() == 1

    def test_refuses_companions_out_of_sight_and_oneself_and_writes_nothing(self, cast: Cast) -> None:
        theirs = Customer.objects.create(name="别家", shop=cast.other_brand, created_at=NOW, updated_at=NOW)
        with pytest.raises(CustomerUnknown):
            came(cast, replace(DRAFT, companions=(theirs.pk,)))
        with pytest.raises(VisitWrong):
            came(cast, replace(DRAFT, companions=(cast.mrs_zhou.pk,)))
        assert not Interaction.objects.exists()

    def test_is_for_those_who_look_after_customers(self, cast: Cast) -> None:
        for who in (cast.ji, cast.an):
            with pytest.raises(NotAllowed):
                came(cast, by=who)


@pytest.mark.django_db
class TestLoadVisits:
    def test_gives_details_once(self, cast: Cast) -> None:
        row = Interaction.objects.create(customer=cast.mrs_zhou, kind="visit", at=NOW, source_key="demo:1")
        drafts = [("demo:1", DRAFT), ("demo:2", DRAFT)]
        assert load_visits(drafts=drafts) == 1
        assert load_visits(drafts=drafts) == 0
        assert [one.name for one in row.visit.pieces.order_by("position")] == ["翡翠手镯", "珍珠项链"]


@pytest.mark.django_db
class TestVisitsOf:
    def test_a_stranger_sees_nothing(self, cast: Cast) -> None:
        row = came(cast)
        for who in (cast.qiao, cast.tao, cast.other, cast.an, cast.ji):
            assert seen(cast, who, row) is None
        assert seen(cast, cast.lin, row)

    def test_tells_of_a_companion_out_of_sight_only_that_there_was_one(self, cast: Cast) -> None:
        row = came(cast, replace(DRAFT, companions=(cast.mr_zhou.pk,)))
        Customer.objects.filter(pk=cast.mr_zhou.pk).update(owner=cast.tao)
        told = seen(cast, cast.mei, row)
        assert told is not None
        assert (told.companions, told.unseen) == ([], 1)

    def test_is_on_the_visitors_archive_only(self, cast: Cast) -> None:
        row = came(cast, replace(DRAFT, companions=(cast.mr_zhou.pk,)))
        assert visits_of(viewer=cast.mei, customer=cast.mr_zhou, interactions=[row.pk]) == {}
        assert interactions_of(viewer=cast.mei, customer=cast.mr_zhou) == []

    def test_needs_no_query_for_no_visit(self, cast: Cast, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(0):  # type: ignore[operator]
            assert visits_of(viewer=cast.mei, customer=cast.mrs_zhou, interactions=[]) == {}

    def test_needs_four_queries_for_many(self, cast: Cast, django_assert_max_num_queries: object) -> None:
        draft = replace(DRAFT, companions=(cast.mr_zhou.pk,))
        rows = [came(cast, draft, key=f"desk:{number}").pk for number in range(5)]
        with django_assert_max_num_queries(4):  # type: ignore[operator]
            assert len(visits_of(viewer=cast.mei, customer=cast.mrs_zhou, interactions=rows)) == 5


@pytest.mark.django_db
class TestToldOf:
    @pytest.mark.parametrize(
        ("words", "is_found"),
        [("珍珠", True), ("bg1001", True), ("妈妈", True), ("很久", True), ("再看", True), ("珍珠 很久", True),
         ("珍珠 钻戒", False), ("钻戒", False), ("%", False)],
    )  # fmt: skip
    def test_finds_visits_by_text_pieces_companions_and_next_step(self, cast: Cast, words: str, is_found: bool) -> None:
        row = came(cast)
        found = interactions_of(viewer=cast.mei, customer=cast.mrs_zhou, words=words)
        assert found == ([row] if is_found else [])

    def test_finds_nothing_of_somebody_elses(self, cast: Cast) -> None:
        came(cast)
        assert interactions_of(viewer=cast.mei, customer=cast.mr_zhou, words="珍珠") == []
        assert VisitCompanion.objects.count() == 0
