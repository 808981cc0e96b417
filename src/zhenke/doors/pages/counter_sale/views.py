"""Views of the counter sale: the form, and the fragments that help to fill it in."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenke.basics.errors import BadInput, NotFound, RuleBroken
from zhenke.catalogue.queries import find_styles, style_by_no
from zhenke.customers.models import Customer
from zhenke.customers.queries import customer_for, search, seen_name
from zhenke.customers.queries.protection import is_hidden_from
from zhenke.customers.rules import BuyerSlip, CustomerDraft
from zhenke.doors.pages.counter_sale.coupons import coupon_choices
from zhenke.doors.pages.counter_sale.forms import KNOWN, NEW, NOBODY, LineForm, SaleForm, first_values
from zhenke.doors.pages.counter_sale.recipient import RecipientForm, recipient_words
from zhenke.doors.pages.membership.standing import standing_of
from zhenke.doors.pages.profile.forms import new_key
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse
from zhenke.journeys.record_sale import RecordedSale, record_sale
from zhenke.sales.rules import SaleSlip
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.queries import advisors_of
from zhenke.staff.rules import May

MOST_LINES = 60
Words = dict[str, object]


def counter_sale(request: StaffRequest) -> HttpResponse:
    """Show the form, or write the sale down and go to its receipt."""
    sellers = _sellers(request.user)
    if request.method == "GET":
        first = {
            "key": new_key(),
            "sold_at": timezone.localtime(moment_of(request).now).replace(second=0, microsecond=0, tzinfo=None),
            "advisor": request.user.username,
        }
        form = SaleForm(initial=first, sellers=_choices(sellers))
        return _page(request, form, [], _buyer(request, request.GET.get("customer", "")), HTTPStatus.OK)
    form = SaleForm(request.POST, sellers=_choices(sellers))
    lines = _lines(request)
    buyer = _buyer(request, request.POST.get("customer", ""), request.POST.get("buyer", ""))
    gift = RecipientForm(request.POST)
    wrong = [line for line in lines if not line.is_valid()]
    is_right = form.is_valid() and gift.is_valid() and not wrong
    if is_right and not lines:
        form.add_error(None, _("Add at least one piece."))
    if not is_right or not lines:
        return _page(request, form, lines, buyer, UNREADABLE, gift)
    try:
        recorded = record_sale(slip=_slip(form, lines, sellers, gift), by=request.user, now=moment_of(request).now)
    except (BadInput, RuleBroken, NotFound) as refusal:
        fields = {"sold_in_future": "sold_at", "several_known": "new_phone", "customer_empty": "new_name"}
        fields |= dict.fromkeys(("points_too_many", "balance_too_low"), "spend_points")
        fields |= dict.fromkeys(("coupon_refused", "coupon_used", "coupon_kind_unknown"), "coupon")
        if refusal.code.startswith(("phone", "contact")):
            fields[refusal.code] = "new_phone"
        refuse(form, refusal, fields)
        return _page(request, form, lines, buyer, UNREADABLE, gift)
    buyer_known = recorded.customer
    if buyer_known is not None and is_hidden_from(viewer=request.user, customer=buyer_known):
        # A phone found a protected person: the sale is hers, and nothing of it is shown here.
        messages.success(request, _("The sale is written down."))
        return redirect("counter_sale")
    messages.success(request, _told(recorded, request.user))
    return redirect("sale", recorded.sale.pk)


def _told(recorded: RecordedSale, viewer: StaffMember) -> str:
    if recorded.customer is None:
        return _("The sale is written down.")
    name = seen_name(viewer=viewer, customer=recorded.customer) or str(recorded.customer)
    count = len([task for task in recorded.tasks if task.state == task.State.OPEN])
    planned = ngettext("%(n)d follow-up is planned", "%(n)d follow-ups are planned", count) % {"n": count}
    return _("Written down for %(name)s; %(planned)s.") % {"name": name, "planned": planned}


def _sellers(viewer: StaffMember) -> list[StaffMember]:
    """Who may be named as the seller: oneself; for those who lead, everybody who sells in their shops."""
    if not viewer.may(May.REASSIGN):
        return [viewer]
    people = list(advisors_of(shop=viewer.shop, viewer=viewer))
    is_of_shop = viewer.shop.kind == Shop.Kind.SHOP
    return [viewer, *(one for one in people if one.pk != viewer.pk)] if is_of_shop else people


def _choices(sellers: list[StaffMember]) -> list[tuple[str, str]]:
    return [(one.username, f"{one.name} · {one.shop.name}") for one in sellers]


def _slip(form: SaleForm, lines: list[LineForm], sellers: list[StaffMember], gift: RecipientForm) -> SaleSlip:
    given = form.cleaned_data
    recipient, until = gift.recipient(), gift.cleaned_data["secret_until"]
    slips = [line.slip() for line in lines]
    if recipient and not given["is_gift"]:  # only the pieces that are ticked are for her
        slips = [replace(one, gift_for=recipient, secret_until_date=until) if one.is_gift else one for one in slips]
    seller = next((one for one in sellers if one.username == given["advisor"]), sellers[0])
    return SaleSlip(
        source_key=f"desk:{given['key']}",
        sold_at=given["sold_at"],
        lines=tuple(slips),
        shop=seller.shop.code,
        advisor=seller.username,
        buyer=_buyer_slip(given),
        number=given["number"],
        is_gift=given["is_gift"],
        gift_for=recipient if given["is_gift"] else None,
        secret_until_date=until,
        note=given["note"],
        spend_points=given["spend_points"] or 0,
        coupon=int(given["coupon"]) if given["coupon"] else None,
    )


def _buyer_slip(given: dict[str, object]) -> BuyerSlip:
    if given["buyer"] == KNOWN:
        return BuyerSlip(customer_id=int(str(given["customer"])))
    if given["buyer"] == NEW:
        phone = str(given["new_phone"])
        # The key of the form is the new person's too: the form sent twice is one person and one sale.
        draft = CustomerDraft(
            name=str(given["new_name"]), phones=(phone,) if phone else (), source_key=f"desk:{given['key']}"
        )
        return BuyerSlip(draft=draft)
    return BuyerSlip()


def _page(
    request: StaffRequest,
    form: SaleForm,
    lines: list[LineForm],
    buyer: Words,
    status: HTTPStatus,
    gift: RecipientForm | None = None,
) -> HttpResponse:
    words = {
        "form": form,
        "lines": lines,
        "page_title": _("Record a sale"),
        "currency": request.user.shop.currency,
        "has_sellers": len(form.fields["advisor"].choices) > 1,  # type: ignore[attr-defined]
        **buyer,
        **recipient_words(request, gift),
    }
    return render(request, "counter_sale/page.html", words, status=status)


def _lines(request: StaffRequest) -> list[LineForm]:
    keys = [key for key in request.POST.getlist("line") if key.isalnum() and len(key) <= 16][:MOST_LINES]
    numbers = {key: request.POST.get(f"{key}-style_no", "") for key in keys}
    styles_known = style_by_no(number for number in numbers.values() if number)
    currency = request.user.shop.currency
    return [LineForm(request.POST, prefix=key, style=styles_known.get(numbers[key]), currency=currency) for key in keys]


def _buyer(request: StaffRequest, customer: str, kind: str = "") -> Words:
    """What the buyer's part of the form shows: a chosen customer, the boxes of a new one, nobody, or the search."""
    chosen: Customer | None = None
    if kind not in (NEW, NOBODY) and customer.isdecimal() and len(customer) < 19:
        try:
            chosen = customer_for(viewer=request.user, id=int(customer))
        except NotFound:
            chosen = None
    name = seen_name(viewer=request.user, customer=chosen) or str(chosen) if chosen else ""
    on = moment_of(request).today
    standing = standing_of(viewer=request.user, customer=chosen, on=on) if chosen else None
    return {
        "chosen": chosen,
        "chosen_name": name,
        "standing": standing,
        "coupons": coupon_choices(request.user, chosen, on) if chosen else [],
        "coupon_chosen": request.POST.get("coupon", ""),
        "buyer_kind": KNOWN if chosen else kind,
    }


def buyers(request: StaffRequest) -> HttpResponse:
    """Find who buys; or show the one chosen, the boxes of somebody new, or that it is nobody known."""
    if "q" in request.GET:
        typed = request.GET["q"].strip()[:60]
        hits = search(viewer=request.user, text=typed, limit=8) if typed else []
        return render(request, "counter_sale/_hits.html", {"hits": hits, "q": typed})
    words = _buyer(request, request.GET.get("customer", ""), request.GET.get("as", ""))
    return render(request, "counter_sale/_buyer.html", words | {"form": SaleForm()})


def styles(request: StaffRequest) -> HttpResponse:
    """Find a style by its number or name."""
    typed = request.GET.get("style", "").strip()[:60]
    found = find_styles(typed, limit=8)
    return render(request, "counter_sale/_styles.html", {"styles": found, "q": typed})


def line(request: StaffRequest) -> HttpResponse:
    """Add one line: of a style, or of a piece that has none."""
    number, currency = request.GET.get("style_no", ""), request.user.shop.currency
    style = style_by_no([number]).get(number) if number else None
    form = LineForm(prefix=uuid4().hex[:10], style=style, currency=currency, initial=first_values(style, currency))
    return render(request, "counter_sale/_line.html", {"line": form, "currency": currency})
