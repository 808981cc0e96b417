"""The night's figures equal a slow model that reads archive by archive, and claims are neither lost nor doubled."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import pytest

from tests.cast import NOW, Cast
from zhenke.basics.days import DayOfYear
from zhenke.customers.models import Claim, Customer, FreshnessRules
from zhenke.customers.operations import add_contact, add_customer, add_date, change_customer, set_trait
from zhenke.customers.operations.choosing import choose_value, undo_choice
from zhenke.customers.operations.claims import note_claims
from zhenke.customers.operations.freshness import FieldNotKnown, confirm_field
from zhenke.customers.operations.loading import LoadRow, load_customers
from zhenke.customers.queries.claims import conflicts_of, opened_claim, standing_of
from zhenke.customers.queries.freshness import freshness_of
from zhenke.customers.rules.claims import DAY, TRAIT, Said, day_text
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.customers.rules.freshness import FIELDS, FieldRule, State, rules_from_plain
from zhenke.customers.rules.intake import Written
from zhenke.customers.rules.records import Count, claim_fields
from zhenke.grading.models import Grade, Scheme
from zhenke.grading.operations.schemes import ensure_first_scheme
from zhenke.grading.queries.records import count_records
from zhenke.staff import SYSTEM

TODAY = date(2026, 11, 22)
SEEDS = range(6)
BIRTHDAY, SIZE = f"{DAY}birthday", f"{TRAIT}ring_size"
WATCHED = ("region", BIRTHDAY, SIZE)


def random_rules(rng: Random) -> list[dict[str, object]]:
    fields = rng.sample(FIELDS, rng.randrange(3, 9))
    return [
        {
            "field": field,
            "letters": "".join(rng.sample("ABCDE", rng.randrange(1, 6))),
            "days": rng.choice([None, 1, 30, 365]),
            "weight": rng.randrange(1, 10),
        }
        for field in fields
    ]


def random_world(cast: Cast, rng: Random) -> None:
    """People of every kind, letter and shop, known since different days, in two time zones."""
    ensure_first_scheme(NOW)
    scheme = Scheme.objects.get(is_current=True)
    cast.shop_b.time_zone = "America/New_York"
    cast.shop_b.save(update_fields=["time_zone"])
    for number in range(rng.randrange(8, 25)):
        shop, owner = rng.choice([(cast.shop_a, cast.mei), (cast.shop_b, cast.qiao), (cast.shop_a, None)])
        draft = CustomerDraft(name=f"客{number}", shop=shop, owner=owner, kind=rng.choice(["person"] * 4 + ["company"]))
        who = add_customer(draft=draft, by=SYSTEM, now=NOW)
        Customer.objects.filter(pk=who.pk).update(importance=rng.choice([1, 1, 1, 2, 3]))
        who.refresh_from_db()
        if rng.random() < 0.7:
            letter = rng.choice(["", "A", "B", "C", "D", "E"])
            Grade.objects.create(
                customer=who, scheme=scheme, letter=letter, stage="" if letter else "C", as_of_date=TODAY
            )
        _things(who, rng)


def _things(who: Customer, rng: Random) -> None:
    def some() -> bool:
        return rng.random() < 0.6

    at = NOW - timedelta(days=rng.choice([0, 1, 2, 29, 30, 31, 364, 365, 366]), hours=rng.randrange(24))
    if some():
        add_contact(customer=who, kind="phone", text=f"138{rng.randrange(10**8):08d}", by=SYSTEM, now=at)
    if some():
        add_date(customer=who, kind="birthday", day=DayOfYear(5, 3), by=SYSTEM, now=at, label=rng.choice(["", "她"]))
    for key, text in (("ring_size", "14"), ("bracelet_mm", "160"), ("metal", "pt"), ("stone", "jade"), ("motif", "龙")):
        if some():
            set_trait(customer=who, key=key, text=text, by=SYSTEM, now=at)
    if some():
        change_customer(customer=who, changes={"region": "深圳", "channel": "wechat"}, by=SYSTEM, now=at)
    _confirmed_and_disputed(who, rng, at)


def _confirmed_and_disputed(who: Customer, rng: Random, at: datetime) -> None:
    for field in rng.sample(FIELDS, 3):
        try:
            confirm_field(customer=who, field=field, by=SYSTEM, now=at + timedelta(days=rng.choice([0, 1])))
        except FieldNotKnown:
            continue
    for field in ("region", f"{DAY}birthday", f"{TRAIT}metal"):
        if rng.random() < 0.2:
            note_claims(customer_id=who.pk, said=[Said(field, "别的", "import", TODAY)], now=NOW)


def slow_counts(rules: tuple[FieldRule, ...], today: date) -> dict[tuple[int, int | None], tuple[Count, int]]:
    """Read every archive as its own page does, and add up."""
    found: dict[tuple[int, int | None], tuple[Count, int]] = {}
    for who in Customer.objects.filter(kind="person").exclude(importance=3).select_related("shop"):
        grade = Grade.objects.filter(customer=who).first()
        states = freshness_of(viewer=SYSTEM, customer=who, letter=grade.letter if grade else "", today=today)
        disputed = set(Claim.objects.filter(customer=who, decision="").values_list("field", flat=True))
        fields = {rule.field: (0, 0, 0) for rule in rules}
        for one in states:
            is_right = one.state == State.KNOWN and disputed.isdisjoint(claim_fields(one.field))
            fields[one.field] = (1, int(one.state != State.MISSING), int(is_right))
        gap = int(any(one.state != State.KNOWN for one in states))
        count, gaps = found.get((who.shop_id, who.owner_id), (Count(0), 0))
        found[(who.shop_id, who.owner_id)] = (count + Count(1, fields), gaps + gap)
    return found


class TestCountRecords:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_counts_as_reading_archive_by_archive_does(self, cast: Cast, seed: int) -> None:
        rng = Random(seed)
        plain = random_rules(rng)
        FreshnessRules.objects.create(version=1, fields=plain, a_day=2, again_days=90, made_at=NOW)
        random_world(cast, rng)
        rules = rules_from_plain(plain)
        rows = count_records(viewer=SYSTEM, rules=rules, today=TODAY)
        quick = {(row.shop, row.owner): (row.count, row.gaps) for row in rows}
        assert quick == slow_counts(rules, TODAY)
        assert quick


class TestClaims:
    """Whatever is said in whatever order: what another source had said is standing or kept, and kept once."""

    @pytest.mark.parametrize("seed", SEEDS)
    def test_are_neither_lost_nor_doubled(self, cast: Cast, seed: int) -> None:
        rng = Random(seed)
        draft = CustomerDraft(name="周丽", card_number="C1", shop=cast.shop_a, owner=cast.mei)
        who = add_customer(draft=draft, by=SYSTEM, now=NOW)
        for step in range(40):
            self._step(cast, who, rng, NOW + timedelta(days=step))
            rows = [(row.field, row.source, opened_claim(row)) for row in Claim.objects.filter(customer=who)]
            assert len(rows) == len(set(rows))
            for one in conflicts_of(viewer=SYSTEM, customer=Customer.objects.get(pk=who.pk)):
                assert one.stands.text not in {other.text for other in one.others}

    def _step(self, cast: Cast, who: Customer, rng: Random, now: datetime) -> None:
        who.refresh_from_db()
        values, marks = standing_of(who, WATCHED)
        day, hand = DayOfYear(5, rng.randrange(1, 4), year=1990), rng.choice([cast.mei, cast.lin])
        told = {"region": rng.choice(["深圳", "香港", "广州"]), BIRTHDAY: day_text(day), SIZE: rng.choice(["12", "14"])}
        act = rng.randrange(6)
        if act == 0:
            change_customer(customer=who, changes={"region": told["region"]}, by=hand, now=now)
        elif act == 1:
            add_date(customer=who, kind="birthday", day=day, by=hand, now=now, source="desk")
        elif act == 2:
            set_trait(customer=who, key="ring_size", text=told[SIZE], by=hand, now=now, source="desk")
        elif act == 3:
            row = LoadRow(
                1,
                cast.shop_a.pk,
                None,
                {"region": told["region"]},
                "C1",
                dates=(("birthday", day),),
                traits=(("ring_size", told[SIZE]),),
            )
            load_customers(rows=[row], by=cast.lin, now=now, written=Written())
        elif act == 4:
            self._choose(who, rng, now)
        else:
            confirm_each(who, now)
        who.refresh_from_db()
        after, kept = (
            standing_of(who, WATCHED)[0],
            {(r.field, opened_claim(r)) for r in Claim.objects.filter(customer=who)},
        )
        for field, text in values.items():
            on_date, by, source = marks.get(field, (None, None, ""))
            is_own = by == hand.pk or (by is None and source == "desk") if act < 3 else source == "import"
            if on_date is not None and not is_own:
                assert after[field] == text or (field, text) in kept, (act, field)
        if act == 3:
            assert all(after[field] == text or (field, text) in kept for field, text in told.items())

    def _choose(self, who: Customer, rng: Random, now: datetime) -> None:
        found = conflicts_of(viewer=SYSTEM, customer=Customer.objects.get(pk=who.pk))
        if found:
            one = rng.choice(found)
            claim = rng.choice(one.others).claim
            before = (one.stands.text, sorted(other.text for other in one.others))
            made = choose_value(customer=who, claim=claim or 0, takes=rng.random() < 0.5, by=SYSTEM, now=now)
            if rng.random() < 0.5:
                assert undo_choice(customer=who, claim=made.claim, by=SYSTEM, now=now)
                again = {
                    row.field: row for row in conflicts_of(viewer=SYSTEM, customer=Customer.objects.get(pk=who.pk))
                }
                told = again[one.field]
                assert (told.stands.text, sorted(other.text for other in told.others)) == before


def confirm_each(who: Customer, now: datetime) -> None:
    for field in ("region", "birthday", "ring_size"):
        try:
            confirm_field(customer=who, field=field, by=SYSTEM, now=now)
        except FieldNotKnown:
            continue
