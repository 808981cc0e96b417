"""Writes of grading: publishing, going back, overrides, the small regrade."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed, NotFound
from zhenke.grading.models import Grade, GradeChange, GradeOverride, Scheme
from zhenke.grading.operations import (
    OverrideWrong,
    end_expired_overrides,
    end_override,
    ensure_first_scheme,
    forget_grades,
    override,
    publish,
    regrade,
    roll_back,
    write_grades,
)
from zhenke.grading.queries import NoScheme, current_scheme, rules_of
from zhenke.grading.rules import DEFAULT_SCHEME, Inputs, Yardstick
from zhenke.grading.rules.rows import CHANGE_COLUMNS
from zhenke.grading.rules.scheme import SchemeWrong
from zhenke.staff.models import AuditEntry

TODAY = date(2026, 11, 22)
BOUGHT = Inputs(
    recency_days=10,
    frequency=1,
    amount_minor=500_000,
    engagement=0,
    referral=0,
    lifetime_minor=500_000,
    lifetime_frequency=1,
    last_bought_date=TODAY - timedelta(days=10),
)
OTHER_RULES = DEFAULT_SCHEME.to_plain() | {"pyramid": {"method": "score", "scores": [100, 50, 20, 10]}}


class TestEnsureFirstScheme:
    def test_publishes_the_defaults_once(self, db: None) -> None:
        first = ensure_first_scheme(NOW)
        assert (first.version, rules_of(first)) == (1, DEFAULT_SCHEME)
        assert ensure_first_scheme(NOW + timedelta(days=1)) == first
        assert Scheme.objects.count() == 1


class TestPublish:
    def test_makes_a_new_version_current_and_audits_it(self, cast: Cast) -> None:
        ensure_first_scheme(NOW)
        scheme = publish(rules=OTHER_RULES, note="小店", by=cast.an, now=NOW)
        assert (scheme.version, current_scheme(), scheme.published_by) == (2, scheme, cast.an)
        entry = AuditEntry.objects.get(action="grading.publish")
        assert (entry.subject_id, entry.facts["version"]) == (scheme.pk, 2)

    def test_publishes_nothing_twice(self, cast: Cast) -> None:
        first = publish(rules=OTHER_RULES, by=cast.an, now=NOW)
        assert publish(rules=OTHER_RULES, by=cast.an, now=NOW) == first
        assert (Scheme.objects.count(), AuditEntry.objects.count()) == (1, 1)

    def test_refuses_rules_that_cannot_grade(self, cast: Cast) -> None:
        with pytest.raises(SchemeWrong):
            publish(rules={"weights": {"amount": 90}}, by=cast.an, now=NOW)
        assert not Scheme.objects.exists()

    def test_is_not_for_those_who_may_only_look(self, cast: Cast) -> None:
        for person in (cast.mei, cast.lin, cast.ji):
            with pytest.raises(NotAllowed):
                publish(rules=OTHER_RULES, by=person, now=NOW)
        assert not Scheme.objects.exists()


class TestRollBack:
    def test_publishes_a_copy_of_the_old_version(self, cast: Cast) -> None:
        first = ensure_first_scheme(NOW)
        publish(rules=OTHER_RULES, by=cast.zhu, now=NOW)
        back = roll_back(version=1, by=cast.zhu, now=NOW)
        assert (back.version, back.copied_from, back.rules) == (3, first, first.rules)
        assert roll_back(version=1, by=cast.zhu, now=NOW) == back
        assert AuditEntry.objects.filter(action="grading.roll_back").count() == 1

    def test_knows_only_published_versions(self, cast: Cast) -> None:
        with pytest.raises(NoScheme):
            roll_back(version=9, by=cast.zhu, now=NOW)


class TestRegrade:
    def test_grades_by_the_starting_yardstick_in_a_fresh_house(self, cast: Cast) -> None:
        grade = regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW)
        # Bands 5, 1, 3 of 20, 15, 30, and 1 of engagement and referral: (4*20 + 2*30) * 2500 / 85
        assert (grade.letter, grade.score, grade.bands) == ("C", 140 * 2500 // 85, "5130101")
        [move] = GradeChange.objects.filter(customer=cast.mrs_zhou)
        assert (move.from_letter, move.to_letter, move.reason, move.on_date) == ("", "C", "sale", TODAY)

    def test_writes_nothing_twice(self, cast: Cast) -> None:
        first = regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW)
        again = regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW)
        assert (again.revision, GradeChange.objects.count()) == (first.revision, 1)

    def test_gathers_the_inputs_itself_and_stages_a_prospect(self, cast: Cast) -> None:
        grade = regrade(customer=cast.mr_zhou, as_of=TODAY, reason="welcome", now=NOW)
        assert (grade.letter, grade.stage, grade.lifecycle) == ("", "E", "prospect")


class TestOverride:
    def test_holds_until_its_last_day(self, cast: Cast) -> None:
        regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW)
        _set_by_hand(cast)
        grade = Grade.objects.get(customer=cast.mrs_zhou)
        assert (grade.letter, grade.computed_letter) == ("A", "C")
        richer = Inputs(**{**_plain(BOUGHT), "frequency": 9})
        grade = regrade(customer=cast.mrs_zhou, inputs=richer, as_of=TODAY, reason="sale", now=NOW)
        assert (grade.letter, grade.computed_letter) == ("A", "B")
        late = TODAY + timedelta(days=31)
        grade = regrade(customer=cast.mrs_zhou, inputs=richer, as_of=late, reason="sale", now=NOW)
        assert (grade.letter, GradeOverride.objects.get().ended_at) == ("B", NOW)

    def test_is_set_once(self, cast: Cast) -> None:
        regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW)
        assert _set_by_hand(cast) == _set_by_hand(cast)
        assert AuditEntry.objects.filter(action="grading.override").count() == 1
        assert GradeChange.objects.filter(reason="override").count() == 1

    def test_replaces_the_one_before(self, cast: Cast) -> None:
        regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW)
        _set_by_hand(cast)
        _set_by_hand(cast, letter="B")
        assert list(GradeOverride.objects.order_by("id").values_list("letter", "ended_at")) == [("A", NOW), ("B", None)]

    @pytest.mark.parametrize(
        ("letter", "reason", "days", "problem"),
        [
            ("F", "x", 30, "letter"),
            ("A", "  ", 30, "reason"),
            ("A", "x", -1, "until_past"),
            ("A", "x", 400, "until_too_far"),
        ],
    )
    def test_refuses_what_cannot_be(self, cast: Cast, letter: str, reason: str, days: int, problem: str) -> None:
        regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW)
        with pytest.raises(OverrideWrong) as wrong:
            _set_by_hand(cast, letter=letter, reason=reason, days=days)
        assert wrong.value.facts["problem"] == problem

    def test_gives_no_letter_to_somebody_who_never_bought(self, cast: Cast) -> None:
        regrade(customer=cast.mrs_zhou, as_of=TODAY, reason="welcome", now=NOW)
        with pytest.raises(OverrideWrong):
            _set_by_hand(cast)

    def test_is_for_managers_of_the_shop_only(self, cast: Cast) -> None:
        regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW)
        for person, refusal in ((cast.mei, NotAllowed), (cast.tao, NotFound), (cast.other, NotFound)):
            with pytest.raises(refusal):
                override(
                    customer=cast.mrs_zhou, letter="A", reason="x", until_date=TODAY, by=person, now=NOW, today=TODAY
                )
        assert not GradeOverride.objects.exists()


class TestEndOverride:
    def test_gives_the_computed_letter_back_once(self, cast: Cast) -> None:
        regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW)
        _set_by_hand(cast)
        for _ in range(2):
            assert end_override(customer=cast.mrs_zhou, by=cast.lin, now=NOW, today=TODAY).letter == "C"
        assert AuditEntry.objects.filter(action="grading.end_override").count() == 1


class TestEndExpiredOverrides:
    def test_ends_what_has_run_out_and_nothing_else(self, cast: Cast) -> None:
        regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW)
        _set_by_hand(cast)
        last = TODAY + timedelta(days=30)
        assert end_expired_overrides(today=last, now=NOW) == 0
        assert end_expired_overrides(today=last + timedelta(days=1), now=NOW) == 1
        assert end_expired_overrides(today=last + timedelta(days=1), now=NOW) == 0
        assert Grade.objects.get(customer=cast.mrs_zhou).letter == "C"


class TestForgetGrades:
    def test_removes_all_that_hangs_on_the_archive(self, cast: Cast) -> None:
        regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW)
        _set_by_hand(cast)
        assert forget_grades(customer_ids=[cast.mrs_zhou.pk]) == 1
        assert forget_grades(customer_ids=[cast.mrs_zhou.pk]) == 0
        cast.mrs_zhou.delete()


class TestWriteGrades:
    def test_leaves_alone_what_was_written_since_it_was_read(self, cast: Cast) -> None:
        scheme = ensure_first_scheme(NOW)
        read = regrade(customer=cast.mrs_zhou, inputs=BOUGHT, as_of=TODAY, reason="sale", now=NOW).revision
        richer = Inputs(**{**_plain(BOUGHT), "frequency": 9})
        newer = regrade(customer=cast.mrs_zhou, inputs=richer, as_of=TODAY, reason="sale", now=NOW)
        rows = [_row(cast.mrs_zhou.pk, read), _row(cast.mr_zhou.pk, None), _row(1, None)]
        found = write_grades(
            batches=[rows], scheme=scheme, yardstick=Yardstick(), figures={}, as_of=TODAY, reason="night", now=NOW
        )
        assert (found.changed, found.moved, found.overtaken) == (1, 1, 2)
        assert Grade.objects.get(customer=cast.mrs_zhou).revision == newer.revision
        assert Grade.objects.get(customer=cast.mr_zhou).letter == "E"


def _row(customer_id: int, revision: int | None) -> tuple[object, ...]:
    values: dict[str, object] = dict.fromkeys(
        [name for name, kind in CHANGE_COLUMNS if kind.startswith("varchar")], ""
    ) | {"customer_id": customer_id, "old_revision": revision, "letter": "E", "computed_letter": "E"}
    nullable = {"last_bought_date", "margin_minor", "margin_permille", "engagement", "satisfaction", "referral"}
    return tuple(values.get(name, None if name in nullable else 0) for name, _ in CHANGE_COLUMNS)


def _plain(inputs: Inputs) -> dict[str, object]:
    return {name: getattr(inputs, name) for name in Inputs.__dataclass_fields__}


def _set_by_hand(cast: Cast, letter: str = "A", reason: str = "老主顾", days: int = 30) -> GradeOverride:
    return override(
        customer=cast.mrs_zhou,
        letter=letter,
        reason=reason,
        until_date=TODAY + timedelta(days=days),
        by=cast.lin,
        now=NOW,
        today=TODAY,
    )
