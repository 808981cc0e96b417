"""How well the demo shop knows its customers, tonight and in the weeks before, and three values that sources dispute.

The weeks before are drawn down from tonight's count: a little less was known each week further back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from django.db.models import QuerySet

from zhenke.basics.days import DayOfYear
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_date, change_customer, set_trait
from zhenke.customers.operations.loading import load_customers
from zhenke.customers.operations.records import keep_counts
from zhenke.customers.queries import customer_page
from zhenke.customers.queries.claims import conflict_count
from zhenke.customers.queries.freshness import freshness_rules
from zhenke.customers.rules.filters import CustomerFilters, Order
from zhenke.customers.rules.intake import Written
from zhenke.customers.rules.loading import LoadRow
from zhenke.customers.rules.records import Count
from zhenke.doors.demo.load import OpenedShop
from zhenke.grading.queries import grades_within
from zhenke.grading.queries.records import count_records
from zhenke.journeys.count_records import count_records as count_tonight
from zhenke.staff import SYSTEM

WEEKS = 12
LEARNT_A_WEEK = Fraction(8, 1000)
CONFIRMED_DAYS = 40


def count_weeks(*, opened: OpenedShop) -> None:
    """Count tonight, and draw the twelve weeks before it."""
    rules = freshness_rules()
    rows = count_records(viewer=SYSTEM, rules=rules, today=opened.today)
    for week in range(WEEKS, 0, -1):
        known = 1 - LEARNT_A_WEEK * week
        then = [(row.shop, row.owner, _drawn_down(row.count, known)) for row in rows]
        keep_counts(rows=then, rules=rules, on_date=opened.today - timedelta(weeks=week), by=SYSTEM)
    count_tonight(today=opened.today)


def _drawn_down(count: Count, known: Fraction) -> Count:
    drawn = {
        name: (asked, round(filled * known), round(accurate * known * known))
        for name, (asked, filled, accurate) in count.fields.items()
    }
    return Count(count.people, drawn)


def let_sources_differ(*, opened: OpenedShop, now: datetime) -> int:
    """Let a file say otherwise than the advisor wrote down of three customers; return how many values differ."""
    mei, lin, then = opened.staff["mei"], opened.staff["lin"], now - timedelta(days=CONFIRMED_DAYS)
    filters = CustomerFilters(owner_id=mei.pk, kind=Customer.Kind.PERSON)
    graded: QuerySet = grades_within(viewer=SYSTEM).filter(letter="A").order_by().values("customer_id")
    rows = customer_page(viewer=mei, filters=filters, order=Order.NEWEST, size=20, within=graded).rows
    first, second, third = [one for one in rows if one.card_number][:3]
    add_date(customer=first, kind="birthday", day=DayOfYear(5, 16, year=1988), by=mei, now=then, source="desk")
    change_customer(customer=second, changes={"region": "深圳·南山"}, by=mei, now=then)
    set_trait(customer=third, key="ring_size", text="13", by=mei, now=then, source="desk")
    said = [
        _row(1, first, dates=(("birthday", DayOfYear(5, 6, year=1988)),)),
        _row(2, second, fields={"region": "香港"}),
        _row(3, third, traits=(("ring_size", "15"),)),
    ]
    load_customers(rows=said, by=lin, now=now, written=Written())
    return conflict_count(viewer=mei)


def _row(number: int, customer: Customer, **said: object) -> LoadRow:
    whole = {"fields": {}, **said}
    return LoadRow(number, customer.shop_id, None, card_number=customer.card_number, **whole)  # type: ignore[arg-type]
