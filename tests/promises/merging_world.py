"""People with rows in every table that points at a customer, and what must hold of them whatever is merged."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Sum

from tests.cast import NOW, Cast
from tests.journeys.importing import ROOMS
from zhenke.basics.days import DayOfYear
from zhenke.care.models import CarePlan, Occasion, Task
from zhenke.care.operations import load_default_plans
from zhenke.catalogue.models import Piece, PieceOwner
from zhenke.customers.models import (
    Claim,
    ConsentEntry,
    Customer,
    CustomerLink,
    CustomerTeam,
    DuplicatePair,
    ErasureRequest,
    FormerKey,
    Interaction,
    LegalHold,
    LookPermit,
    MemberPasskey,
    MemberSession,
    ProtectedView,
    SignInCode,
    Visit,
    VisitCompanion,
    VisitPiece,
)
from zhenke.customers.operations import (
    add_customer,
    add_date,
    add_interaction,
    add_tag,
    set_trait,
)
from zhenke.customers.operations.claims import note_claims
from zhenke.customers.rules.claims import Said
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.customers.rules.household import KINDS
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS
from zhenke.doors.defaults.programme import PROGRAMME_RULES
from zhenke.grading.models import GradeOverride
from zhenke.grading.operations import regrade
from zhenke.membership.models import Coupon, CouponKind, PointsLeg, PointsProposal, Redemption, Reward, RightUse
from zhenke.membership.operations import earn, open_programme, reverse_earned, spend
from zhenke.membership.operations.rules import load_first_rules
from zhenke.membership.operations.tiers import review_members
from zhenke.membership.queries import balance_of
from zhenke.membership.rules import Cause
from zhenke.messaging.models import Attempt, Message
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff import SYSTEM

TODAY = date(2026, 11, 22)
NAMES = ("周丽", "周莉", "王伟", "王玮", "李静", "Li Jing")


def people(cast: Cast, rng: Random, count: int) -> list[int]:
    """Open archives with something of everything, much of it alike, and return their keys."""
    load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW)
    keys: list[int] = []
    for number in range(count):
        keys.append(_person(cast, rng, number, keys))
    for key in keys:
        regrade(customer=Customer.objects.get(pk=key), as_of=TODAY, reason="sale", now=NOW)
        if rng.random() < 0.4:
            GradeOverride.objects.create(
                customer_id=key,
                letter="A",
                reason="朋友",
                until_date=TODAY + timedelta(days=90),
                by=cast.lin,
                made_at=NOW,
            )
    for first, second in ((a, b) for a in sorted(keys) for b in sorted(keys) if a < b):
        if rng.random() < 0.3:
            state = rng.choice(["open", "open", "not_same"])
            DuplicatePair.objects.create(
                first_id=first,
                second_id=second,
                probability_permille=950,
                evidence=["phone"],
                state=state,
                found_at=NOW,
            )
    _belongings(cast, rng, keys)
    _claims(cast, rng, keys)
    _visits(rng, keys)
    _teams(cast, rng, keys)
    _points(cast, rng, keys)
    _messages(rng, keys)
    _tiers(cast, rng, keys)
    _rewards(cast, rng, keys)
    return keys


def _tiers(cast: Cast, rng: Random, keys: list[int]) -> None:
    """Let most be members, and give some of them rights."""
    load_first_rules(rules=PROGRAMME_RULES, now=NOW)
    members = [key for key in keys if rng.random() < 0.8]
    review_members(customer_ids=members, on=TODAY, reason="night", now=NOW)
    for number, key in enumerate(members):
        if rng.random() < 0.6:
            RightUse.objects.create(
                customer_id=key, right="cleaning", tier="member", shop=cast.shop_a, by=cast.mei, at=NOW, on_date=TODAY,
                cause=f"m:{number}",
            )  # fmt: skip


def _rewards(cast: Cast, rng: Random, keys: list[int]) -> None:
    """Let some have put rewards aside, fetched some, called some off."""
    kit = Reward.objects.create(
        key="kit", kind="goods", name="kit", name_zh="套装", points=10, cost_minor=1, first_date=TODAY, made_at=NOW
    )
    free = CouponKind.objects.create(
        key="free", name="f", name_zh="f", terms={"kind": "fixed", "off_minor": 1}, first_date=TODAY, last_date=TODAY,
        made_at=NOW,
    )  # fmt: skip
    for number, key in enumerate(keys):
        if rng.random() < 0.5:
            Coupon.objects.create(
                kind=free, customer_id=key, terms=free.terms, cause=f"m:{number}", first_date=TODAY, last_date=TODAY,
                issued_at=NOW,
            )  # fmt: skip
        for state in rng.sample(["reserved", "handed_over", "cancelled"], rng.randrange(3)):
            Redemption.objects.create(
                reward=kit, customer_id=key, points=10, cost_minor=1, state=state, cause=f"m:{number}:{state}",
                shop=cast.shop_a, by=cast.mei, at=NOW, on_date=TODAY, until_date=TODAY,
            )  # fmt: skip


def _points(cast: Cast, rng: Random, keys: list[int]) -> None:
    """Give some points to spend, some that wait, some debts, and proposals."""
    for key in keys:
        customer = Customer.objects.get(pk=key)
        for number in range(rng.randrange(3)):
            waits = rng.choice([0, 15])
            cause = Cause("sale_line", f"{keys.index(key)}.{number}")
            earn(
                customer=customer, points=rng.randrange(1, 500), cause=cause,
                on_date=TODAY, pending_days=waits, months=24, by=SYSTEM, now=NOW,
            )  # fmt: skip
        there = balance_of(viewer=SYSTEM, customer=customer, on_date=TODAY).spendable
        if there and rng.random() < 0.6:
            spend(
                customer=customer, points=there, cause=Cause("sale", str(keys.index(key))), on_date=TODAY, by=SYSTEM,
                now=NOW,
            )  # fmt: skip
            reverse_earned(
                earned=Cause("sale_line", f"{keys.index(key)}.0"), cause=Cause("return_line", str(keys.index(key))),
                share_back=Fraction(1, 2), on_date=TODAY, by=SYSTEM, now=NOW,
            )  # fmt: skip
        if rng.random() < 0.4:
            PointsProposal.objects.create(
                programme=open_programme(now=NOW), customer=customer, cause_id=f"p{keys.index(key)}", points=600,
                months=24, reason="goodwill", asked_by=cast.lin, asked_at=NOW,
            )  # fmt: skip


def points_pictured() -> dict[str, int]:
    """Return what everybody has and owes, lot by lot: what a merge and its undo must leave as it was."""
    sums = PointsLeg.objects.values_list("account__customer", "account__kind", "lot").annotate(left=Sum("points"))
    return {f"{customer} {kind} {lot}": int(left) for customer, kind, lot, left in sums if left and customer}


def _messages(rng: Random, keys: list[int]) -> None:
    """Let messages of the same causes wait for some and have gone to others."""
    for key in keys:
        for cause in range(2):
            state = rng.choice(["queued", "sent", "held_unknown", "skipped"])
            made = Message.objects.create(
                source_key=f"{key}:{cause}"[::-1], customer_id=key, purpose="care", kind="care", template_key="note",
                cause_kind="plan", cause_id=cause, state=state, due_at=NOW, use_by=NOW, queued_at=NOW,
            )  # fmt: skip
            if state == "sent":
                Attempt.objects.create(message=made, number=1, channel="sms", began_at=NOW)


def _claims(cast: Cast, rng: Random, keys: list[int]) -> None:
    """Let sources say of some what others say too, some of it decided."""
    for key in keys:
        said = [
            Said("region", rng.choice(["深圳", "香港"]), source, TODAY, cast.mei.pk) for source in ("import", "api")
        ]
        note_claims(customer_id=key, said=rng.sample(said, rng.randrange(3)), now=NOW)
        if rng.random() < 0.3:
            Claim.objects.filter(customer=key).update(decision="refused", decided_at=NOW)


def _teams(cast: Cast, rng: Random, keys: list[int]) -> None:
    """Make some important, give some a team, and let somebody look at them."""
    for key in keys:
        Customer.objects.filter(pk=key).update(importance=rng.choice([1, 1, 2, 3]))
        if rng.random() < 0.5:
            member = rng.choice([cast.mei, cast.qiao])
            CustomerTeam.objects.create(customer_id=key, member=member, part="stylist", from_date=TODAY)
        if rng.random() < 0.2:
            until = TODAY + timedelta(days=rng.randrange(900))
            LegalHold.objects.create(customer_id=key, reason="案号", until_date=until, made_at=NOW, lifted_at=NOW)
        if rng.random() < 0.5:
            ProtectedView.objects.create(customer_id=key, by=cast.lin, at=NOW, place="profile")
        if rng.random() < 0.5:
            _member_site(key)
        if rng.random() < 0.5:
            LookPermit.objects.create(
                asked_by=cast.lin, shop=cast.shop_a, customer_id=key, group="address", reason="call",
                subject_id=keys.index(key) + 1, asked_at=NOW, until=NOW + timedelta(hours=24),
            )  # fmt: skip


def _member_site(key: int) -> None:
    """Let somebody sign in to the member site, and ask there to be forgotten."""
    SignInCode.objects.create(
        try_hash=f"{key:064x}", contact_index="", network_index="", customer_id=key, code_hash="", asked_at=NOW
    )
    MemberSession.objects.create(
        customer_id=key, token_hash=f"{key:064x}", device_hash="", contact_index="", opened_at=NOW, expires_at=NOW,
        free_from_at=NOW, proved_at=NOW,
    )  # fmt: skip
    MemberPasskey.objects.create(
        customer_id=key, credential_hash=f"{key:064x}", public_part="", use_position=0, made_at=NOW
    )
    ErasureRequest.objects.create(customer_id=key, asked_at=NOW, due_date=TODAY)


def _visits(rng: Random, keys: list[int]) -> None:
    """Say of some visits who came along."""
    for interaction in Interaction.objects.filter(customer__in=keys, kind="visit").order_by("at", "id"):
        if rng.random() < 0.5:
            visit = Visit.objects.create(interaction=interaction, minutes=rng.randrange(5, 60))
            VisitPiece.objects.create(visit=visit, position=1, name="戒指", is_tried=True)
            others = [key for key in keys if key != interaction.customer_id]
            for key in rng.sample(others, 2):
                VisitCompanion.objects.create(visit=visit, customer_id=key)


def _belongings(cast: Cast, rng: Random, keys: list[int]) -> None:
    """Link people, let them buy pieces for each other and hand some on."""
    for first, second in ((a, b) for a in sorted(keys) for b in sorted(keys) if a < b):
        if rng.random() < 0.3:
            dropped = NOW if rng.random() < 0.3 else None
            kind = rng.choice(sorted(KINDS))
            CustomerLink.objects.create(
                first_id=first, second_id=second, kind=kind, made_at=NOW, made_by=cast.mei, dropped_at=dropped
            )
    for number, sale in enumerate(Sale.objects.filter(customer__in=keys).order_by("source_key")):
        wearer = rng.choice([None, *(key for key in keys if key != sale.customer_id)])
        until = TODAY + timedelta(days=20) if wearer and rng.random() < 0.5 else None
        SaleLine.objects.create(
            sale=sale, line_key="1", amount_minor=90_000, gift_for_id=wearer, secret_until_date=until
        )  # fmt: skip
        piece = Piece.objects.create(
            customer=sale.customer, wearer_id=wearer, secret_until_date=until, shop=cast.shop_a, name=f"戒指{number}",
            created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        if rng.random() < 0.5:
            PieceOwner.objects.create(
                piece=piece, from_customer_id=rng.choice(keys), to_customer=sale.customer, how="gift", on_date=TODAY,
                created_at=NOW,
            )  # fmt: skip


def _person(cast: Cast, rng: Random, number: int, others: list[int]) -> int:
    draft = CustomerDraft(
        name=rng.choice(NAMES),
        card_number=f"C{number:03d}" if rng.random() < 0.7 else None,
        source_key=f"pos:{number}" if rng.random() < 0.5 else None,
        phones=tuple(f"138001380{rng.randrange(10, 16)}" for _ in range(rng.randrange(3))),
        wechat_ids=(f"wechat{rng.randrange(4)}",) if rng.random() < 0.5 else (),
        notes=rng.choice(["", "爱喝龙井", "记得寄卡"]),
        caution=rng.choice(["", "镍过敏"]),
        shop=rng.choice([cast.shop_a, cast.shop_b]),
        owner=rng.choice([None, cast.mei, cast.qiao]),
        referrer_key=str(rng.choice(others)) if others and rng.random() < 0.5 else "",
    )
    customer = add_customer(draft=draft, by=SYSTEM, now=NOW)
    for kind in ("birthday", "wedding"):
        if rng.random() < 0.6:
            add_date(customer=customer, kind=kind, day=DayOfYear(12, rng.choice([3, 3, 4])), by=SYSTEM, now=NOW)
    for key, text in (("metal", "18k_white"), ("ring_size", str(rng.randrange(11, 14)))):
        set_trait(customer=customer, key=key, text=text, by=cast.mei, now=NOW)
    add_tag(customer=customer, name=rng.choice(["老客", "新客"]), by=cast.mei)
    FormerKey.objects.create(customer=customer, kind="card_number", text=f"OLD{number:03d}")
    for purpose, channel in (("care", "wechat"), ("marketing", "sms")):
        ConsentEntry.objects.create(
            customer=customer, purpose=purpose, channel=channel, state=rng.choice(["given", "withdrawn"]),
            at=NOW - timedelta(days=number), proof="paper",
        )  # fmt: skip
    for visit in range(rng.randrange(1, 4)):
        add_interaction(
            customer=customer, kind="visit", at=NOW - timedelta(days=visit), by=cast.mei, shop=cast.shop_a, now=NOW
        )
        Sale.objects.create(
            source_key=f"s:{number}:{visit}", customer=customer, shop=cast.shop_a, advisor=cast.mei,
            amount_minor=90_000, sold_at=NOW - timedelta(days=visit), sold_date=TODAY - timedelta(days=visit),
            created_at=NOW,
        )  # fmt: skip
    _care(cast, rng, customer)
    return customer.pk


def _care(cast: Cast, rng: Random, customer: Customer) -> None:
    plan = CarePlan.objects.filter(trigger="date").first()
    for day in customer.dates.all():
        for year in (2025, 2026):
            occasion = Occasion.objects.create(
                customer=customer, customer_date=day, kind=day.kind, year_key=f"solar:{year}",
                on_date=date(year, day.month, day.day),
            )  # fmt: skip
            state = "open" if year == 2026 else "done"
            _task(cast, customer, f"occasion:{occasion.pk}", plan=plan, occasion=occasion, step="birthday", state=state)
    since = CarePlan.objects.filter(trigger="since").first()
    _task(cast, customer, f"since:{customer.pk}", plan=since, step="cadence", state=rng.choice(["open", "done"]))
    _task(cast, customer, f"hand:{customer.pk}", step="by_hand", state="open")


def _task(cast: Cast, customer: Customer, key: str, **known: Any) -> None:
    Task.objects.create(
        occurrence_key=key, customer=customer, shop=cast.shop_a, assignee=cast.mei, due_date=TODAY,
        last_date=TODAY + timedelta(days=3), created_at=NOW, **known,
    )  # fmt: skip


def pointing_columns() -> list[models.Field[Any, Any]]:
    """Return every column of ours that points at a customer."""
    return [
        field
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is Customer
    ]


def places_of(key: int, *, beside: frozenset[str]) -> list[str]:
    """Return where in the whole database a key stands, also inside JSON and text, but for the named columns."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in ROOMS:
            continue
        for row in model.objects.values():
            for field in model._meta.concrete_fields:
                name = f"{model._meta.db_table}.{field.column}"
                if name not in beside and str(key) in json.dumps(row[field.attname], default=str):
                    found.append(name)
    return sorted(set(found))
