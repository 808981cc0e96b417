"""A small shop's life for the screens: a style of each price mode, a sale with its follow-ups, a phone, a birthday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from zhenke.basics.days import DayOfYear
from zhenke.care.models import Task
from zhenke.care.operations import expand_occasions, load_default_plans
from zhenke.catalogue.operations import add_style
from zhenke.catalogue.rules import StyleDraft
from zhenke.customers.operations import add_contact, add_date, set_trait
from zhenke.customers.rules import BuyerSlip
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS
from zhenke.grading.operations import regrade
from zhenke.journeys.record_sale import record_sale
from zhenke.sales.models import Sale
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff import SYSTEM

HTMX = {"HX-Request": "true"}
PHONE = "13800138000"


@dataclass(frozen=True)
class World:
    """What Mei has on her hands: one sale to Mrs Zhou six days ago, and the follow-ups it made."""

    cast: Cast
    sale: Sale
    wear_check: Task


def begin(cast: Cast, now: datetime = NOW) -> World:
    """Write the world down as the shop itself would, six days after the sale; her birthday is in eight days."""
    birthday = (now + timedelta(days=8)).date()
    load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=now)
    bangle = StyleDraft("BG1001", name="翡翠手镯", category="bangle", stone="jadeite", tag_price_minor=1_280_000)
    gold = StyleDraft("RG2002", name="足金素圈戒指", category="ring", metal="gold", price_mode="gram", weight_mg=3_500)
    for draft in (bangle, gold):
        add_style(draft=draft, by=SYSTEM, now=now)
    add_contact(customer=cast.mrs_zhou, kind="phone", text=PHONE, by=cast.mei, now=now)
    add_date(
        customer=cast.mrs_zhou,
        kind="birthday",
        day=DayOfYear(birthday.month, min(birthday.day, 28 if birthday.month == 2 else 31), year=1985),
        by=cast.mei,
        now=now,
    )
    expand_occasions(today=now.date())
    set_trait(customer=cast.mrs_zhou, key="stone", text="jadeite", by=cast.mei, now=now)
    slip = SaleSlip(
        source_key="till:1",
        sold_at=now - timedelta(days=6),
        lines=(LineSlip(amount_minor=1_280_000, style_no="BG1001"),),
        buyer=BuyerSlip(customer_id=cast.mrs_zhou.pk),
        number="A-0001",
    )
    regrade(customer=cast.mr_zhou, as_of=now.date(), reason="welcome", now=now)
    recorded = record_sale(slip=slip, by=cast.mei, now=now)
    return World(cast, recorded.sale, next(task for task in recorded.tasks if task.step == "wear_check"))


def text_of(client: Client, address: str, **options: object) -> str:
    """Return the words of a page that must be there."""
    answer = client.get(address, **options)  # type: ignore[arg-type]
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def queries_of(client: Client, address: str) -> list[str]:
    """Return the SQL statements of one page, those of the session too, transactions left out."""
    client.get(address)  # what is read once for a process is read now
    with CaptureQueriesContext(connection) as seen:
        text_of(client, address)
    return [one["sql"] for one in seen.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
