"""The receipt of a sale: its lines, what came of it, and pieces that come back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.care.queries import tasks_of
from zhenke.customers.queries import seen_name, visible
from zhenke.doors.pages.counter_sale.coupons import used_rows
from zhenke.doors.pages.counter_sale.forms import BackForm
from zhenke.doors.pages.membership.why import points_rows
from zhenke.doors.pages.profile.forms import new_key
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, gone_to, moment_of
from zhenke.doors.stream.timeline import name_of_line
from zhenke.doors.templatetags.words import money
from zhenke.doors.words.care import step_word
from zhenke.doors.words.goods import metal_word, stone_word
from zhenke.doors.words_errors import sentence_of
from zhenke.grading.queries import grade_for
from zhenke.journeys.record_return import RecordedReturn, record_return
from zhenke.membership.queries.holds import paid_with_points
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.queries import lines_back, recipients_of, sale_for
from zhenke.sales.queries.gifts import secret_lines
from zhenke.sales.rules import ReturnSlip
from zhenke.staff.models import Shop
from zhenke.staff.rules import May


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line as it is shown; `left` pieces of it can still come back."""

    line: SaleLine
    name: str
    made_of: str
    left: int
    gift_words: str = ""
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class PaidRow:
    """What of a receipt was paid with points, and what is left in money; of a return what came back, unsigned too."""

    points: int
    worth_minor: int
    money_minor: int
    is_back: bool


def sale_page(request: StaffRequest, sale_id: int) -> HttpResponse:
    """Show one receipt with what it caused."""
    sale, moment = sale_for(viewer=request.user, id=sale_id), moment_of(request)
    rows = _with_recipients(request, sale, _rows(sale))
    customer = sale.customer
    # A receipt that one sold may belong to somebody else's customer: then it tells who bought, and leads nowhere.
    is_mine = bool(customer and visible(viewer=request.user).filter(pk=customer.pk).exists())
    words = {
        "page_title": _("Receipt"),
        "sale": sale,
        "rows": rows,
        "today": moment.today,
        "name": (seen_name(viewer=request.user, customer=customer) or str(customer)) if customer else "",
        "is_mine": is_mine,
        "grade": grade_for(viewer=request.user, customer=customer) if customer and is_mine else None,
        "tasks": _tasks(request, sale) if is_mine else [],
        "paid": _paid(sale),
        "used": used_rows(sale),
        "points": points_rows(request.user, sale, {row.line.pk: row.name for row in rows}),
        "may_name": request.user.may(May.RECORD_SALES) and any(row.line.returned_line_id is None for row in rows),
        "may_return": request.user.may(May.RECORD_SALES) and any(row.left > 0 for row in rows),
    }
    return render(request, "counter_sale/receipt.html", words)


def _paid(sale: Sale) -> PaidRow | None:
    found = paid_with_points(sale=sale) if sale.customer_id else None
    if found is None:
        return None
    money_minor = abs(sale.amount_minor - found.worth_minor)
    return PaidRow(abs(found.points), abs(found.worth_minor), money_minor, is_back=found.points < 0)


def _rows(sale: Sale) -> list[LineRow]:
    back = lines_back(sale=sale)
    rows = []
    for line in sale.lines.all():
        style = line.style
        made_of = [metal_word(style.metal), stone_word(style.stone), style.style_no] if style else []
        left = line.quantity - back.get(line.pk, 0) if line.returned_line_id is None else 0
        if sale.kind == Sale.Kind.RETURN:
            left = 0
        rows.append(LineRow(line, name_of_line(line), " · ".join(part for part in made_of if part), max(left, 0)))
    return rows


def _with_recipients(request: StaffRequest, sale: Sale, rows: list[LineRow]) -> list[LineRow]:
    """Say of each piece for whom it is, and until when that is a secret: the receipt is the giver's side."""
    known = recipients_of(viewer=request.user, sale=sale)
    secret = secret_lines(sale=sale, now=moment_of(request).now)
    told = []
    for row in rows:
        line = row.line
        if line.gift_for_id is None:
            told.append(row)
            continue
        one = known.get(line.gift_for_id)
        name = (seen_name(viewer=request.user, customer=one) or str(one)) if one else _("a customer of colleagues")
        told.append(replace(row, gift_words=_("For %(name)s") % {"name": name}, is_secret=line.pk in secret))
    return told


def _tasks(request: StaffRequest, sale: Sale) -> list[tuple[object, str]]:
    if sale.customer is None:
        return []
    tasks = tasks_of(viewer=request.user, customer=sale.customer)
    return [(task, step_word(task.step)) for task in tasks if task.sale_id == sale.pk and task.state == task.State.OPEN]


def take_back(request: StaffRequest, sale_id: int) -> HttpResponse:
    """Ask which pieces come back, and write the return."""
    sale, moment = sale_for(viewer=request.user, id=sale_id), moment_of(request)
    given = request.POST if request.method == "POST" else None
    forms = [
        BackForm(
            given,
            prefix=str(row.line.pk),
            line=row.line,
            left=row.left,
            currency=sale.currency,
            initial={"quantity": row.left if len(sale.lines.all()) == 1 else 0},
        )
        for row in _rows(sale)
        if row.left > 0
    ]
    key = request.POST.get("key", "")[:64] or new_key()
    if given is None or [form for form in forms if not form.is_valid()]:
        return _sheet(request, sale, forms, key)
    lines = tuple(line for line in (form.slip() for form in forms) if line is not None)
    slip = ReturnSlip(
        source_key=f"desk:{key}",
        sold_at=moment.now,
        sale=sale.pk,
        lines=lines,
        shop="" if request.user.shop.kind == Shop.Kind.SHOP else sale.shop.code,
        note=request.POST.get("note", ""),
    )
    try:
        recorded = record_return(slip=slip, by=request.user, now=moment.now)
    except (BadInput, RuleBroken) as refusal:
        return _sheet(request, sale, forms, key, sentence_of(refusal))
    messages.success(request, _returned(recorded))
    return gone_to(request, reverse("sale", args=[recorded.sale.pk]))


def _returned(recorded: RecordedReturn) -> str:
    """Say how much goes back in money where points paid a part: that part is hers again as points."""
    paid = _paid(recorded.sale) if recorded.points_back else None
    if paid is None:
        return _("The return is written down.")
    words = {
        "money": money(paid.money_minor, recorded.sale.currency),
        "points": f"{paid.points:,}",
    }
    if recorded.sale.kind == Sale.Kind.EXCHANGE:
        return _("The exchange is written down; %(points)s points are hers again.") % words
    return _("The return is written down: pay back %(money)s, %(points)s points are hers again.") % words


def _sheet(request: StaffRequest, sale: Sale, forms: list[BackForm], key: str, wrong: str = "") -> HttpResponse:
    words = {
        "sale": sale,
        "forms": [(form, name_of_line(form.line)) for form in forms],
        "key": key,
        "paid": _paid(sale),
        "wrong": wrong,
        "sheet": "counter_sale/_return.html",
    }
    status = UNREADABLE if request.method == "POST" else HTTPStatus.OK
    return render(request, "counter_sale/_return.html" if request.htmx else "today/sheet.html", words, status=status)
