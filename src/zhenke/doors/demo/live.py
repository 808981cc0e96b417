"""Bring the demo shop to its present day: returns, grades, follow-ups, promises, the day's lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from zhenke.basics.errors import ZhenkeError
from zhenke.care.models import Task
from zhenke.care.operations import add_task, finish, plan_after_sale
from zhenke.care.rules import NEXT_AFTER_DAYS, Result
from zhenke.customers.queries import customer_for
from zhenke.doors.demo.consents import ask_for_consent
from zhenke.doors.demo.counter import write_visits
from zhenke.doors.demo.exports import write_exports
from zhenke.doors.demo.household import join_households
from zhenke.doors.demo.important import look_after_vips
from zhenke.doors.demo.load import OpenedShop
from zhenke.doors.demo.members import make_members
from zhenke.doors.demo.messages import write_messages
from zhenke.doors.demo.named import name_colleagues
from zhenke.doors.demo.pieces import write_pieces
from zhenke.doors.demo.records import count_weeks, let_sources_differ
from zhenke.doors.demo.rewards import fill_mall
from zhenke.doors.demo.twice import write_down_twice
from zhenke.grading.queries import grades_of
from zhenke.journeys.ask_missing_fields import ask_missing_fields
from zhenke.journeys.plan_care import plan_care
from zhenke.journeys.raise_vips import raise_vips
from zhenke.journeys.record_return import record_return
from zhenke.journeys.regrade_customers import regrade_customers
from zhenke.sales.queries.receipts import sale_with_key
from zhenke.sales.rules import ReturnLine, ReturnSlip
from zhenke.staff import SYSTEM

LIVED_DAYS = 40
KEPT_SHARE = 0.96
_ZONE = ZoneInfo("Asia/Shanghai")
_RESULTS = (*(Result.REACHED,) * 5, Result.MESSAGE_SENT, Result.VISIT_BOOKED, Result.NO_ANSWER, Result.LATER)


def bring_to_life(*, opened: OpenedShop, now: datetime, say: Callable[[str], None] = lambda words: None) -> None:
    """Write returns, grade everybody, and live the last weeks of follow-ups as advisors would have."""
    say(f"what was laid out at {write_visits(opened=opened):,} visits")
    say("the pieces that customers took home")
    write_pieces(opened=opened, now=now)
    say(f"{len(opened.rows.returns):,} returns")
    for row in opened.rows.returns:
        if row.returned_at.date() < opened.today:
            _take_back(opened, row.return_no, now)
    say("households and gifts")
    join_households(opened=opened, now=now)
    ask_for_consent(opened=opened, now=now)
    say(f"{write_down_twice(opened=opened, now=now)} people written down twice")
    members, points, given = make_members(opened=opened, now=now)
    say(f"{members:,} members, {points:,} points of the last weeks, {given} rights given")
    rewards, taken = fill_mall(opened=opened, now=now)
    say(f"{rewards} rewards in the mall, {taken} taken")
    say("grading everybody")
    regrade_customers(as_of=opened.today, reason="night", now=now)
    say(f"{raise_vips(now=now)} VIPs by what they spent, and those who look after them")
    look_after_vips(opened=opened, now=now)
    say("living the last weeks of care")
    _follow_up_recent_sales(opened)
    _keep_promises(opened, now)
    plan_care(today=opened.today, now=now)
    ask_missing_fields(today=opened.today, now=now)
    say(f"{name_colleagues(opened=opened, now=now)} notes that name a colleague")
    say(f"{let_sources_differ(opened=opened, now=now)} values on which two sources differ")
    count_weeks(opened=opened)
    say(f"{write_exports(opened=opened, now=now)} lists that left as files")
    say(f"{write_messages(opened=opened, now=now)} messages")


def _take_back(opened: OpenedShop, return_no: str, now: datetime) -> None:
    row = next(one for one in opened.rows.returns if one.return_no == return_no)
    slip = ReturnSlip(
        source_key=f"demo:{row.return_no}",
        sold_at=row.returned_at,
        sale=f"demo:{row.receipt_no}",
        lines=(ReturnLine(f"#{row.line_no}", row.quantity, row.refund_minor),),
        shop=row.shop_code,
        number=row.return_no,
        note=row.reason,
    )
    record_return(slip=slip, by=opened.staff["zhu"], now=now)


def _follow_up_recent_sales(opened: OpenedShop) -> None:
    """Plan what each recent sale asks for on its own day, and finish most of what has fallen due since."""
    first = opened.today - timedelta(days=LIVED_DAYS)
    recent = [sale for sale in opened.rows.sales if first <= sale.sold_at.date() < opened.today]
    chance = Random(opened.rows.seed)  # noqa: S311  (a demo that repeats, no secret)
    keys = [opened.customers[sale.customer_no] for sale in recent if sale.customer_no]
    grades = grades_of(viewer=SYSTEM, customers=keys)
    names = {style.style_no: style.name for style in opened.rows.styles}
    for row in recent:
        sale = sale_with_key(viewer=SYSTEM, source_key=f"demo:{row.receipt_no}")
        if sale is None or sale.customer is None or sale.customer_id is None:
            continue
        dearest = max(row.lines, key=lambda line: line.paid_minor)
        grade = grades.get(sale.customer_id)
        tasks = plan_after_sale(
            sale=sale,
            customer=sale.customer,
            letter=grade.letter if grade else "",
            piece=names.get(dearest.style_no, ""),
            today=sale.sold_date,
            now=row.sold_at,
        )
        for task in tasks:
            _finish_if_past(opened, task, chance)


def _finish_if_past(opened: OpenedShop, task: Task, chance: Random) -> None:
    done_on = min(task.due_date + timedelta(days=chance.choice((0, 0, 0, 1, 1, 2))), task.last_date + timedelta(days=1))
    if done_on >= opened.today or chance.random() > KEPT_SHARE or task.assignee is None:
        return
    result = chance.choice(_RESULTS)
    next_date = max(done_on + timedelta(days=NEXT_AFTER_DAYS[result]), done_on + timedelta(days=1))
    at = datetime.combine(done_on, time(chance.randint(10, 18), chance.randint(0, 59)), _ZONE)
    finished = finish(task=task, result=result, note="", next_date=next_date, by=task.assignee, today=done_on, now=at)
    if finished.next_task is not None:
        _finish_if_past(opened, finished.next_task, chance)


def _keep_promises(opened: OpenedShop, now: datetime) -> None:
    """What an advisor promised stands on her list on the day she named."""
    for number, row in enumerate(opened.rows.interactions):
        if row.next_date is None or not opened.today <= row.next_date <= opened.today + timedelta(days=21):
            continue
        person = opened.staff.get(row.by)
        if person is None or not row.promise:
            continue
        try:
            customer = customer_for(viewer=SYSTEM, id=opened.customers[row.customer_no])
            add_task(
                customer=customer,
                assignee=person,
                due_date=row.next_date,
                note=row.promise,
                key=f"demo:{number}",
                by=person,
                today=opened.today,
                now=now,
            )
        except ZhenkeError:
            continue  # the person she promised it to belongs to a colleague now
