"""How well an archive is known: the rules as data, each field with its day, and one tap to confirm it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast

from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import NotAllowed
from zhenke.basics.ids import first_id_at, made_at, new_id
from zhenke.customers.models import Customer, FreshnessRules, Trait
from zhenke.customers.operations import add_contact, add_date, change_customer, set_trait
from zhenke.customers.operations.archive import FieldWrong
from zhenke.customers.operations.freshness import FieldNotKnown, confirm_field, load_default_freshness
from zhenke.customers.operations.freshness_rules import (
    AskingWrong,
    NoFreshness,
    publish_freshness,
    roll_back_freshness,
)
from zhenke.customers.queries import CustomerUnknown
from zhenke.customers.queries.freshness import FieldState, freshness_of, freshness_rules, freshness_versions
from zhenke.customers.rules.freshness import (
    FieldRule,
    FreshnessInvalid,
    Known,
    State,
    newest,
    rules_for,
    rules_from_plain,
    state_of,
)
from zhenke.customers.rules.records import Count, share, weighted
from zhenke.doors.defaults.freshness import FRESHNESS_RULES
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry, StaffMember

TODAY = date(2026, 11, 22)


class TestRulesFromPlain:
    def test_takes_the_starting_rules(self) -> None:
        assert len(rules_from_plain(FRESHNESS_RULES)) == len(FRESHNESS_RULES)

    @pytest.mark.parametrize(
        "row",
        [
            {"field": "shoe_size", "letters": "A", "days": 1},
            {"field": "phone", "letters": "AX", "days": 1},
            {"field": "phone", "letters": "", "days": 1},
            {"field": "phone", "letters": "A", "days": 0},
            {"field": "phone", "letters": "A", "days": True},
            {"field": "phone", "letters": "A", "days": 1.5},
            {"field": "phone", "letters": "A"},
        ],
    )
    def test_refuses_what_is_no_rule(self, row: dict[str, object]) -> None:
        with pytest.raises(FreshnessInvalid):
            rules_from_plain([row])

    def test_refuses_a_field_twice(self) -> None:
        with pytest.raises(FreshnessInvalid):
            rules_from_plain([FRESHNESS_RULES[0], FRESHNESS_RULES[0]])


class TestRulesFor:
    def test_asks_the_best_for_most_and_the_ungraded_for_what_everybody_is_asked(self) -> None:
        rules = rules_from_plain(FRESHNESS_RULES)
        asked = {letter: {rule.field for rule in rules_for(rules, letter=letter)} for letter in ("A", "C", "E", "")}
        assert asked["A"] > asked["C"] > asked["E"] == asked[""] == {"phone"}


class TestStateOf:
    @pytest.mark.parametrize(
        ("known", "days", "state"),
        [
            (None, 30, State.MISSING),
            (None, None, State.MISSING),
            (Known(TODAY - timedelta(days=30)), 30, State.KNOWN),
            (Known(TODAY - timedelta(days=31)), 30, State.STALE),
            (Known(), 30, State.STALE),
            (Known(), None, State.KNOWN),
        ],
    )
    def test_counts_from_the_day_it_was_confirmed(self, known: Known | None, days: int | None, state: State) -> None:
        assert state_of(FieldRule("phone", "A", days), known=known, today=TODAY) == state


class TestNewest:
    def test_is_the_last_day_and_none_for_nothing(self) -> None:
        old, new = Known(date(2020, 1, 1)), Known(date(2026, 1, 1))
        assert newest([old, None, new, Known()]) == new
        assert newest([None]) is None


class TestMadeAt:
    def test_is_now_for_a_new_key(self) -> None:
        assert abs(made_at(new_id()) - datetime.now(UTC)) < timedelta(seconds=60)


@pytest.fixture
def rules(cast: Cast) -> None:
    load_default_freshness(fields=FRESHNESS_RULES, a_day=2, again_days=90, by=SYSTEM, now=NOW)


def states(
    cast: Cast, viewer: StaffMember | None = None, *, letter: str = "A", today: date = TODAY
) -> dict[str, FieldState]:
    rows = freshness_of(viewer=viewer or cast.mei, customer=cast.mrs_zhou, letter=letter, today=today)
    return {row.field: row for row in rows}


@pytest.mark.django_db
class TestLoadDefaultFreshness:
    def test_writes_the_first_version_once(self, cast: Cast) -> None:
        assert load_default_freshness(fields=FRESHNESS_RULES, a_day=2, again_days=90, by=SYSTEM, now=NOW)
        assert not load_default_freshness(fields=(), a_day=2, again_days=90, by=SYSTEM, now=NOW)
        assert FreshnessRules.objects.get().version == 1
        assert freshness_rules() == rules_from_plain(FRESHNESS_RULES)


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
class TestFreshnessOf:
    def test_knows_when_by_whom_and_from_where(self, cast: Cast) -> None:
        her = cast.mrs_zhou
        assert {one.state for one in states(cast).values()} == {State.MISSING}
        long_ago = NOW - timedelta(days=800)
        set_trait(customer=her, key="ring_size_hk", text="12", by=cast.lin, now=long_ago, source="desk")
        set_trait(customer=her, key="metal", text="gold", by=cast.mei, now=NOW, source="desk")
        add_date(customer=her, kind="birthday", day=DayOfYear(5, 6), by=cast.mei, now=long_ago)
        add_contact(customer=her, kind="phone", text="13800138000", by=cast.mei, now=NOW)
        change_customer(customer=her, changes={"channel": "phone"}, by=cast.mei, now=NOW)
        her.refresh_from_db()
        told = states(cast)
        assert told["ring_size"] == FieldState("ring_size", State.STALE, date(2024, 9, 13), "林静", "desk")
        assert told["metal"] == FieldState("metal", State.KNOWN, TODAY, "梅雪", "desk")
        assert told["birthday"].state == State.KNOWN
        assert (told["channel"].state, told["channel"].by_name) == (State.KNOWN, "梅雪")
        assert told["phone"].state == State.KNOWN
        assert told["stone"].state == State.MISSING

    def test_asks_less_of_lower_grades(self, cast: Cast) -> None:
        assert set(states(cast, letter="E")) == {"phone"}

    def test_asks_a_company_for_nothing(self, cast: Cast) -> None:
        cast.mrs_zhou.kind = Customer.Kind.COMPANY
        assert states(cast) == {}

    def test_a_stranger_sees_nothing(self, cast: Cast) -> None:
        for who in (cast.qiao, cast.tao, cast.other):
            assert states(cast, who) == {}

    def test_speaks_of_no_contact_or_day_that_the_role_is_not_shown(self, cast: Cast) -> None:
        assert set(states(cast, cast.an)).isdisjoint({"phone", "wechat", "birthday"})

    def test_needs_six_queries_at_most(self, cast: Cast) -> None:
        for key in ("metal", "stone", "budget"):
            set_trait(customer=cast.mrs_zhou, key=key, text="x", by=cast.mei, now=NOW)
        with CaptureQueriesContext(connection) as seen:
            states(cast)
        assert len(seen.captured_queries) <= 6


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
class TestConfirmField:
    LATER = NOW + timedelta(days=800)

    def test_makes_a_stale_field_fresh_again(self, cast: Cast) -> None:
        her = cast.mrs_zhou
        set_trait(customer=her, key="ring_size_hk", text="12", by=cast.lin, now=NOW, source="desk")
        today = self.LATER.date()
        assert states(cast, today=today)["ring_size"].state == State.STALE
        assert confirm_field(customer=her, field="ring_size", by=cast.mei, now=self.LATER)
        her.refresh_from_db()
        told = states(cast, today=today)["ring_size"]
        assert (told.state, told.on_date, told.by_name) == (State.KNOWN, today, "梅雪")
        assert Trait.objects.get(customer=her).text == "12"
        assert AuditEntry.objects.get(action="field_confirmed").facts == {"field": "ring_size"}

    def test_counts_for_more_than_the_day_on_which_it_was_written_down(self, cast: Cast) -> None:
        her, today = cast.mrs_zhou, datetime.now(UTC)
        add_contact(customer=her, kind="phone", text="13800138000", by=cast.mei, now=today)
        confirm_field(customer=her, field="phone", by=cast.mei, now=today)
        her.refresh_from_db()
        told = states(cast, today=today.date())["phone"]
        assert (told.state, told.by_name, told.source) == (State.KNOWN, "梅雪", "asked")

    def test_twice_on_a_day_writes_once(self, cast: Cast) -> None:
        add_contact(customer=cast.mrs_zhou, kind="phone", text="13800138000", by=cast.mei, now=NOW)
        assert confirm_field(customer=cast.mrs_zhou, field="phone", by=cast.mei, now=NOW)
        assert not confirm_field(customer=cast.mrs_zhou, field="phone", by=cast.mei, now=NOW + timedelta(minutes=5))
        assert AuditEntry.objects.filter(action="field_confirmed").count() == 1

    def test_refuses_what_is_not_known_or_is_no_field(self, cast: Cast) -> None:
        with pytest.raises(FieldNotKnown):
            confirm_field(customer=cast.mrs_zhou, field="phone", by=cast.mei, now=NOW)
        with pytest.raises(FieldWrong):
            confirm_field(customer=cast.mrs_zhou, field="<b>", by=cast.mei, now=NOW)
        assert Customer.objects.get(pk=cast.mrs_zhou.pk).confirmed == {}

    def test_is_for_those_who_may_edit_and_see_her(self, cast: Cast) -> None:
        add_contact(customer=cast.mrs_zhou, kind="phone", text="13800138000", by=cast.mei, now=NOW)
        with pytest.raises(NotAllowed):
            confirm_field(customer=cast.mrs_zhou, field="phone", by=cast.ji, now=NOW)
        with pytest.raises(CustomerUnknown):
            confirm_field(customer=cast.mrs_zhou, field="phone", by=cast.qiao, now=NOW)


class TestPublishFreshness:
    def test_makes_a_version_once_and_goes_back_by_another(self, cast: Cast) -> None:
        load_default_freshness(fields=FRESHNESS_RULES, a_day=2, again_days=90, by=SYSTEM, now=NOW)
        fewer = [dict(row) for row in FRESHNESS_RULES[:2]]
        for _ in range(2):
            made = publish_freshness(fields=fewer, a_day=3, again_days=60, by=cast.zhu, now=NOW)
            assert (made.version, made.made_by, FreshnessRules.objects.count()) == (2, cast.zhu, 2)
        for _ in range(2):
            back = roll_back_freshness(version=1, by=cast.zhu, now=NOW)
            assert (back.version, back.a_day, FreshnessRules.objects.count()) == (3, 2, 3)
        assert freshness_rules() == rules_from_plain(FRESHNESS_RULES)
        assert [one.version for one in freshness_versions()] == [3, 2, 1]
        facts = AuditEntry.objects.filter(action="freshness.published").values_list("facts", flat=True)
        assert sorted(fact["version"] for fact in facts) == [2, 3]

    def test_refuses_what_cannot_be(self, cast: Cast) -> None:
        for a_day, again_days in ((21, 90), (-1, 90), (2, 0), (2, 731)):
            with pytest.raises(AskingWrong):
                publish_freshness(fields=[], a_day=a_day, again_days=again_days, by=cast.zhu, now=NOW)
        for weight in (0, 10, True, 1.5):
            with pytest.raises(FreshnessInvalid):
                publish_freshness(
                    fields=[{**FRESHNESS_RULES[0], "weight": weight}], a_day=2, again_days=90, by=cast.zhu, now=NOW
                )
        with pytest.raises(NoFreshness):
            roll_back_freshness(version=7, by=cast.zhu, now=NOW)
        with pytest.raises(NotAllowed):
            publish_freshness(fields=[], a_day=2, again_days=90, by=cast.lin, now=NOW)
        assert not FreshnessRules.objects.exists()


class TestShare:
    @pytest.mark.parametrize(
        ("part", "whole", "told"),
        [(0, 0, None), (0, 3, 0), (2, 3, 67), (3, 3, 100), (999, 1_000, 99), (9_999, 10_000, 99)],
    )
    def test_is_whole_per_cent_and_never_all_of_less(self, part: int, whole: int, told: int | None) -> None:
        assert share(part, whole) == told


class TestWeighted:
    def test_counts_a_heavy_field_as_often_as_its_weight_says(self) -> None:
        count = Count(2, {"phone": (2, 2, 1), "stone": (1, 0, 0)}) + Count(1, {"phone": (1, 0, 0)})
        assert count == Count(3, {"phone": (3, 2, 1), "stone": (1, 0, 0)})
        assert weighted(count, [FieldRule("phone", "A", None, 3), FieldRule("stone", "A", None)]) == (10, 6, 3)


class TestFirstIdAt:
    def test_lies_between_the_keys_of_before_and_after(self) -> None:
        key = new_id()
        assert first_id_at(made_at(key)) <= key < first_id_at(made_at(key) + timedelta(milliseconds=1))
        assert first_id_at(datetime(2019, 1, 1, tzinfo=UTC)) == 0
