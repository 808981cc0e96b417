"""Notes that name colleagues and keep photos: all or nothing, seen by whom they are for, gone with the customer."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks
from tests.basics.test_pictures import SECRET, bomb, photo
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed, NotFound
from zhenke.basics.pictures import NotAPicture, PictureTooLarge
from zhenke.customers.models import Customer, CustomerTeam, Interaction, Mention, NotePhoto
from zhenke.customers.operations import add_interaction, add_visit, change_customer, drop_interaction
from zhenke.customers.operations.note_photos import (
    MOST_PHOTOS,
    TooManyNotePhotos,
    drawn_anew,
    drop_note_photo,
    drop_stray_photos,
    kept_or_gone,
)
from zhenke.customers.operations.notes import (
    NamedCannotSee,
    NoteStays,
    TooManyNamed,
    add_note,
    drop_note,
    mark_seen,
    mark_unseen,
)
from zhenke.customers.queries import interactions_of, visible, visits_of
from zhenke.customers.queries.notes import (
    Attached,
    MentionUnknown,
    NotePhotoUnknown,
    attached_to,
    may_be_named,
    mention_for,
    mentions_for,
    note_photo_file,
    note_photo_folder,
    note_photo_for,
    those_who_see,
)
from zhenke.customers.rules.importance import Importance
from zhenke.customers.rules.notes import PaperNumberInNote
from zhenke.customers.rules.sight import sight_of
from zhenke.customers.rules.visits import VisitDraft
from zhenke.journeys.forget_customer import forget_customer
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.record_visit import record_visit
from zhenke.journeys.undo_merge import undo_merge
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry, StaffMember

TODAY = NOW.date()
HEALTH = "怀孕三个月，手镯要能打开"
Commits = DjangoCaptureOnCommitCallbacks


def small(colour: tuple[int, int, int] = (9, 9, 9)) -> bytes:
    """Return a small photo of one colour."""
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def noted(
    cast: Cast, text: str = "请看", *, key: str = "desk:1", by: StaffMember | None = None, **more: object
) -> Interaction:
    """Write a note of Mei's on Mrs Zhou."""
    facts: dict[str, object] = {"customer": cast.mrs_zhou, "kind": "note", "shop": cast.shop_a, "at": NOW, "now": NOW}
    return add_note(**facts | {"text": text, "source_key": key, "by": by or cast.mei} | more)  # type: ignore[arg-type]


def files() -> set[str]:
    """Return the names of the files of photos."""
    return {path.name for path in note_photo_folder().glob("*")} if note_photo_folder().is_dir() else set()


def lines(viewer: StaffMember) -> list[str]:
    """Return the words of the lines that name somebody."""
    return [mention.interaction.text for mention in mentions_for(viewer=viewer)]


@pytest.fixture(autouse=True)
def empty_folder(settings: object, tmp_path: Path) -> None:
    """Give each test a folder of its own."""
    settings.HOME = tmp_path  # type: ignore[attr-defined]


class TestThoseWhoSee:
    def everybody(self, customer: Customer, level: int) -> set[StaffMember]:
        readers = [
            one
            for one in StaffMember.objects.select_related("shop")
            if sight_of(one.role).notes and (level < 4 or sight_of(one.role).sensitive_notes)
        ]
        return {one for one in readers if visible(viewer=one).filter(pk=customer.pk).exists()}

    @pytest.mark.parametrize("level", [3, 4])
    @pytest.mark.parametrize("importance", Importance)
    def test_are_those_for_whom_she_is_visible(self, cast: Cast, level: int, importance: Importance) -> None:
        her = cast.mrs_zhou
        her.importance, her.cover = importance, cast.qiao
        her.save()
        CustomerTeam.objects.create(customer=her, member=cast.shu, part="service", from_date=TODAY)
        StaffMember.objects.filter(pk=cast.hua.pk).update(is_active=False)
        assert set(StaffMember.objects.filter(those_who_see(her, level=level))) == self.everybody(her, level)

    def test_would_be_caught_if_they_forgot_the_protected(self, cast: Cast) -> None:
        her = cast.mrs_zhou
        everyday = set(StaffMember.objects.filter(those_who_see(her, level=3)))
        Customer.objects.filter(pk=her.pk).update(importance=Importance.PROTECTED)
        assert everyday != self.everybody(her, 3)


class TestMayBeNamed:
    def test_are_colleagues_in_sight_who_may_see_her(self, cast: Cast) -> None:
        def names(who: str) -> set[str]:
            return {one.username for one in may_be_named(viewer=getattr(cast, who), customer=cast.mrs_zhou)}

        assert names("mei") == {"lin", "shu"}  # Tao sees her not, Hua is out of Mei's sight
        assert names("hua") == {"mei", "lin", "shu"}
        assert names("zhu") == {"mei", "lin", "shu", "hua"}
        assert names("other") == set()


class TestAddNote:
    def test_names_whom_it_picks_and_whom_it_calls(self, cast: Cast) -> None:
        noted(cast, "@舒云 修好了给她电话", named=[cast.lin.pk, cast.mei.pk])
        assert set(Mention.objects.values_list("member__username", "by__username")) == {("lin", "mei"), ("shu", "mei")}
        assert lines(cast.lin) == lines(cast.shu) == ["@舒云 修好了给她电话"]
        assert lines(cast.mei) == lines(cast.tao) == []

    def test_adds_nothing_the_second_time(self, cast: Cast) -> None:
        first = noted(cast, named=[cast.lin.pk], photos=[small()])
        mark_seen(mention=Mention.objects.get(), by=cast.lin, now=NOW)
        again = noted(cast, named=[cast.lin.pk, cast.shu.pk], photos=[small(), small((1, 2, 3))])
        assert first.pk == again.pk
        assert (Mention.objects.count(), NotePhoto.objects.count(), len(files())) == (1, 1, 2)
        assert lines(cast.lin) == []

    @pytest.mark.parametrize("who", ["tao"])
    def test_refuses_to_name_who_may_not_see_her_and_says_whom(self, cast: Cast, who: str) -> None:
        person = getattr(cast, who)
        for how in ({"named": [person.pk]}, {"text": f"@{person.name} 看看"}):
            with pytest.raises(NamedCannotSee, match=person.name):
                noted(cast, **how, photos=[small()])  # type: ignore[arg-type]
        assert (Interaction.objects.count(), NotePhoto.objects.count(), files()) == (0, 0, set())

    def test_knows_nobody_out_of_sight(self, cast: Cast) -> None:
        for person in (cast.qiao, cast.other):
            with pytest.raises(NotFound):
                noted(cast, named=[person.pk])
        noted(cast, "@乔木 不在这家店")  # her name is not known here: plain words
        assert Mention.objects.count() == 0

    def test_refuses_a_crowd(self, cast: Cast) -> None:
        crowd = [
            StaffMember.objects.create(
                username=f"s{n}", name=f"服务{n}", role="service", shop=cast.shop_a, created_at=NOW
            )
            for n in range(9)
        ]
        with pytest.raises(TooManyNamed):
            noted(cast, named=[one.pk for one in crowd])
        assert Interaction.objects.count() == 0

    def test_lifts_words_of_health_and_names_then_only_those_who_may_read_them(self, cast: Cast) -> None:
        assert noted(cast, HEALTH, named=[cast.lin.pk]).level == 4
        with pytest.raises(NamedCannotSee, match="舒云"):
            noted(cast, HEALTH, key="desk:2", named=[cast.shu.pk])

    def test_refuses_a_number_of_a_paper_before_anything_is_written(self, cast: Cast) -> None:
        with pytest.raises(PaperNumberInNote):
            noted(cast, "11010519491231002X", photos=[small()])
        assert (Interaction.objects.count(), files()) == (0, set())

    def test_refuses_one_in_remarks_and_cautions_too(self, cast: Cast) -> None:
        for field in ("notes", "caution"):
            with pytest.raises(PaperNumberInNote):
                change_customer(customer=cast.mrs_zhou, changes={field: "11010519491231002X"}, by=cast.mei, now=NOW)
        assert change_customer(customer=cast.mrs_zhou, changes={"notes": "爱喝龙井"}, by=cast.mei, now=NOW).notes

    def test_is_for_those_who_may_write(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            noted(cast, by=cast.ji, photos=[small()])
        assert files() == set()


class TestPhotos:
    def test_are_kept_without_place_or_camera(self, cast: Cast) -> None:
        row = noted(cast, photos=[photo(), photo(), photo(kind="WEBP")])
        kept = list(NotePhoto.objects.filter(interaction=row).order_by("pk"))
        assert len(kept) == 2  # the same file once
        for one in kept:
            for is_small in (False, True):
                path = note_photo_file(photo=one, is_small=is_small)
                jpeg = path.read_bytes()
                assert SECRET not in jpeg and b"Exif" not in jpeg
                assert not Image.open(BytesIO(jpeg)).getexif()
                assert path.stat().st_mode & 0o077 == 0
            assert len(one.file_name) >= 32
        assert AuditEntry.objects.filter(action="customer.note_photos").count() == 1

    @pytest.mark.parametrize(
        ("raw", "refusal"),
        [
            (b"", NotAPicture),
            (b"<svg onload='alert(1)'/>", NotAPicture),
            (b"GIF89a" + bytes(64), NotAPicture),
            (b"\xff\xd8\xff\xe0" + bytes(400), NotAPicture),
            (photo()[:900], NotAPicture),
            (b"%PDF-1.7 /JS (app.alert(1))", NotAPicture),
            (bomb(20_000), PictureTooLarge),
            (bytes(13 << 20), PictureTooLarge),
        ],
    )
    def test_of_no_kind_leave_nothing_behind(self, cast: Cast, raw: bytes, refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            noted(cast, photos=[small(), raw])
        assert (Interaction.objects.count(), NotePhoto.objects.count(), files()) == (0, 0, set())

    def test_are_half_a_dozen_at_most(self, cast: Cast) -> None:
        with pytest.raises(TooManyNotePhotos):
            noted(cast, photos=[small((n, n, n)) for n in range(MOST_PHOTOS + 1)])
        noted(cast, photos=[small((n, n, n)) for n in range(MOST_PHOTOS)])
        assert len(files()) == 2 * MOST_PHOTOS

    def test_go_with_a_visit_that_fails_after_them(self, cast: Cast) -> None:
        facts = {"customer": cast.mrs_zhou, "looked_at": [], "tried": [], "text": "", "at": NOW, "shop": cast.shop_a}
        facts |= {"assignee": cast.mei, "by": cast.mei, "today": TODAY, "now": NOW, "photos": [small()]}
        unfit = VisitDraft(agreed="x", agreed_date=TODAY + timedelta(days=9), companions=(1,))
        with pytest.raises(NotFound):
            record_visit(**facts, key="desk:1", draft=unfit)
        drawn = drawn_anew([small()])
        with pytest.raises(ZeroDivisionError), kept_or_gone(drawn):
            add_visit(
                customer=cast.mrs_zhou, draft=VisitDraft(), text="", at=NOW, by=cast.mei, shop=None,
                source_key="desk:2", today=TODAY, now=NOW, photos=drawn,
            )  # fmt: skip
            assert len(files()) == 2
            raise ZeroDivisionError
        assert files() == set()
        visit = record_visit(**facts, key="desk:3", draft=VisitDraft(), named=[cast.lin.pk]).visit
        assert (len(files()), Mention.objects.get().interaction_id) == (2, visit.pk)

    def test_are_dropped_once_with_their_files(self, cast: Cast, django_capture_on_commit_callbacks: Commits) -> None:
        noted(cast, photos=[small()])
        found = NotePhoto.objects.select_related("interaction").get()
        with pytest.raises(NotAllowed):
            drop_note_photo(photo=found, by=cast.ji, now=NOW)
        with django_capture_on_commit_callbacks(execute=True):
            assert drop_note_photo(photo=NotePhoto.objects.select_related("interaction").get(), by=cast.mei, now=NOW)
        assert files() == set()
        assert not drop_note_photo(photo=found, by=cast.mei, now=NOW)

    def test_that_no_note_knows_go_after_a_day(self, cast: Cast) -> None:
        noted(cast, photos=[small()])
        for name, days in (("stray", 2), ("fresh", 0)):
            path = note_photo_folder() / f"{name}.jpg"
            path.write_bytes(b"x")
            moment = (NOW - timedelta(days=days)).timestamp()
            os.utime(path, (moment, moment))
        for path in note_photo_folder().iterdir():
            if path.name != "fresh.jpg":
                os.utime(path, ((NOW - timedelta(days=2)).timestamp(),) * 2)
        assert (drop_stray_photos(now=NOW), drop_stray_photos(now=NOW)) == (1, 0)
        assert len(files()) == 3


class TestMarkSeen:
    def test_puts_the_line_away_once_and_back(self, cast: Cast) -> None:
        noted(cast, named=[cast.lin.pk])
        [line] = mentions_for(viewer=cast.lin)
        assert mark_seen(mention=line, by=cast.lin, now=NOW)
        assert not mark_seen(mention=line, by=cast.lin, now=NOW + timedelta(hours=1))
        assert Mention.objects.get().seen_at == NOW
        assert lines(cast.lin) == []
        assert mark_unseen(mention=line, by=cast.lin)
        assert not mark_unseen(mention=line, by=cast.lin)
        assert lines(cast.lin) == ["请看"]

    def test_is_nobody_elses(self, cast: Cast) -> None:
        noted(cast, named=[cast.lin.pk])
        for stranger in (cast.mei, cast.shu, cast.zhu, cast.qiao, cast.other):
            with pytest.raises(MentionUnknown):
                mark_seen(mention=Mention.objects.get(), by=stranger, now=NOW)
        assert Mention.objects.get().seen_at is None


class TestMentionsFor:
    def test_are_gone_while_she_may_not_see_the_customer(self, cast: Cast) -> None:
        her = cast.mrs_zhou
        her.cover = cast.tao
        her.save()
        noted(cast, named=[cast.tao.pk, cast.lin.pk])
        assert lines(cast.tao) == lines(cast.lin) == ["请看"]
        Customer.objects.filter(pk=her.pk).update(cover=None)  # nobody's cover any more
        assert lines(cast.tao) == []
        with pytest.raises(MentionUnknown):
            mention_for(viewer=cast.tao, id=Mention.objects.get(member=cast.tao).pk)
        Customer.objects.filter(pk=her.pk).update(importance=Importance.PROTECTED)
        assert lines(cast.lin) == []
        CustomerTeam.objects.create(customer=her, member=cast.lin, part="service", from_date=TODAY)
        assert lines(cast.lin) == ["请看"]
        Customer.objects.filter(pk=her.pk).update(shop=cast.shop_b)  # moved to another shop
        assert lines(cast.lin) == []
        assert mentions_for(viewer=SYSTEM) == []

    def test_leave_out_words_that_she_may_not_read_any_more(self, cast: Cast) -> None:
        noted(cast, HEALTH, named=[cast.lin.pk])
        assert lines(cast.lin) == [HEALTH]
        cast.lin.role = "service"
        assert lines(cast.lin) == []
        cast.lin.role = "auditor"
        assert lines(cast.lin) == []

    def test_are_one_question(self, cast: Cast, django_assert_num_queries: object) -> None:
        noted(cast, named=[cast.lin.pk])
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert [str(line.interaction.customer) for line in mentions_for(viewer=cast.lin)]


class TestWordsOfLevelFour:
    def test_are_kept_from_those_who_do_not_lead(self, cast: Cast) -> None:
        noted(cast, HEALTH, named=[cast.lin.pk], photos=[small()])
        her, found = cast.mrs_zhou, NotePhoto.objects.get()
        for who, is_open in (("mei", False), ("shu", False), ("lin", True), ("hua", True), ("zhu", True)):
            viewer = getattr(cast, who)
            rows = interactions_of(viewer=viewer, customer=her)
            assert [(row.text, row.is_closed) for row in rows] == [(HEALTH if is_open else "", not is_open)]
            assert bool(interactions_of(viewer=viewer, customer=her, words="怀孕")) is is_open
            assert bool(attached_to(viewer=viewer, customer=her, interactions=rows)) is is_open
            if is_open:
                assert note_photo_for(viewer=viewer, customer=her, id=found.pk) == found
            else:
                with pytest.raises(NotePhotoUnknown):
                    note_photo_for(viewer=viewer, customer=her, id=found.pk)

    def test_of_a_visit_close_all_its_free_words(self, cast: Cast) -> None:
        draft = VisitDraft(minutes=20, companions_text="刚做完化疗的妈妈", agreed="送到家里", agreed_date=TODAY)
        facts = {"customer": cast.mrs_zhou, "by": cast.mei, "shop": None, "at": NOW, "today": TODAY, "now": NOW}
        row = add_visit(**facts, draft=draft, text="看了很久", source_key="desk:1")
        told = {
            who: visits_of(viewer=getattr(cast, who), customer=cast.mrs_zhou, interactions=[row.pk])[row.pk]
            for who in ("mei", "lin")
        }
        assert (told["mei"].companions_text, told["mei"].agreed, told["mei"].minutes) == ("", "", 20)
        assert (told["lin"].companions_text, told["lin"].agreed) == ("刚做完化疗的妈妈", "送到家里")


class TestAttachedTo:
    def test_tells_photos_and_names_to_who_reads_the_note_alone(self, cast: Cast) -> None:
        row = noted(cast, named=[cast.lin.pk, cast.shu.pk], photos=[small()])
        mark_seen(mention=Mention.objects.get(member=cast.shu), by=cast.shu, now=NOW)
        found = NotePhoto.objects.get()
        want = {row.pk: Attached((found.pk,), ((cast.lin, False), (cast.shu, True)))}
        her = cast.mrs_zhou
        for viewer in (cast.mei, cast.lin, cast.zhu):
            assert attached_to(viewer=viewer, customer=her, interactions=[row]) == want
            assert note_photo_for(viewer=viewer, customer=her, id=found.pk) == found
        for stranger in (cast.tao, cast.qiao, cast.an, cast.ji, cast.other):
            assert attached_to(viewer=stranger, customer=her, interactions=[row]) == {}
            with pytest.raises(NotePhotoUnknown):
                note_photo_for(viewer=stranger, customer=her, id=found.pk)
        with pytest.raises(NotePhotoUnknown):
            note_photo_for(viewer=cast.mei, customer=cast.mr_zhou, id=found.pk)

    def test_asks_nothing_where_nothing_hangs(self, cast: Cast, django_assert_num_queries: object) -> None:
        add_interaction(customer=cast.mrs_zhou, kind="note", at=NOW, by=cast.mei, shop=None, text="x", now=NOW)
        rows = interactions_of(viewer=cast.mei, customer=cast.mrs_zhou)
        with django_assert_num_queries(0):  # type: ignore[operator]
            assert attached_to(viewer=cast.mei, customer=cast.mrs_zhou, interactions=rows) == {}


class TestDropNote:
    def test_takes_ones_own_back_with_all_that_hangs_on_it(
        self, cast: Cast, django_capture_on_commit_callbacks: Commits
    ) -> None:
        row = noted(cast, named=[cast.lin.pk], photos=[small()])
        with django_capture_on_commit_callbacks(execute=True):
            assert drop_note(note=row, by=cast.mei, now=NOW + timedelta(minutes=59))
        assert (Interaction.objects.count(), Mention.objects.count(), files()) == (0, 0, set())
        row.pk = row.pk or 1
        assert not drop_note(note=row, by=cast.mei, now=NOW)

    def test_leaves_what_is_anothers_old_or_a_visit(
        self, cast: Cast, django_capture_on_commit_callbacks: Commits
    ) -> None:
        row = noted(cast, photos=[small()])
        facts = {"customer": cast.mrs_zhou, "by": cast.mei, "shop": None, "at": NOW, "today": TODAY, "now": NOW}
        visit = add_visit(**facts, draft=VisitDraft(minutes=9), text="", source_key="desk:2")
        tries = ((row, cast.lin, NOW), (row, cast.mei, NOW + timedelta(hours=2)), (visit, cast.mei, NOW))
        with django_capture_on_commit_callbacks(execute=True):
            for note, by, now in tries:
                with pytest.raises(NoteStays):
                    drop_note(note=note, by=by, now=now)
        assert (Interaction.objects.count(), len(files())) == (2, 2)

    def test_so_does_a_contact_that_is_taken_back(
        self, cast: Cast, django_capture_on_commit_callbacks: Commits
    ) -> None:
        noted(cast, key="task:1", kind="call", photos=[small()])
        with django_capture_on_commit_callbacks(execute=True):
            assert drop_interaction(customer=cast.mrs_zhou, source_key="task:1", by=cast.mei)
        assert files() == set()


class TestAWholeLife:
    def test_erases_names_rows_and_the_bytes_of_files(
        self, cast: Cast, django_capture_on_commit_callbacks: Commits
    ) -> None:
        noted(cast, named=[cast.lin.pk], photos=[photo()])
        noted(cast, key="desk:2", customer=cast.mr_zhou, photos=[small()])
        hers = NotePhoto.objects.get(interaction__customer=cast.mrs_zhou)
        with django_capture_on_commit_callbacks(execute=True):
            forgotten = forget_customer(customer_id=cast.mrs_zhou.pk, by=cast.zhu, now=NOW)
        assert forgotten.counts["note_photos"] == 1
        assert not any(hers.file_name in name for name in files())
        assert (len(files()), NotePhoto.objects.count(), Mention.objects.count()) == (2, 1, 0)

    def test_goes_over_to_the_archive_that_stays_and_back(self, cast: Cast) -> None:
        her, him = cast.mrs_zhou, cast.mr_zhou
        row = noted(cast, named=[cast.lin.pk], photos=[small()])
        merge = merge_customers(winner=him.pk, loser=her.pk, choices={}, by=cast.mei, now=NOW)
        found = NotePhoto.objects.get()
        assert mentions_for(viewer=cast.lin)[0].interaction.customer_id == him.pk
        assert note_photo_for(viewer=cast.mei, customer=him, id=found.pk) == found
        undo_merge(merge=merge, by=cast.mei, now=NOW)
        assert mentions_for(viewer=cast.lin)[0].interaction.customer_id == her.pk
        assert list(attached_to(viewer=cast.mei, customer=her, interactions=[row])) == [row.pk]
        assert len(files()) == 2
