"""Views of shops: the tree, a new node, changes, closing and opening again."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.doors.pages.settings.shop_forms import KIND_WORDS, BrandForm, NewShopForm, ShopForm
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse, told
from zhenke.staff.models import Shop
from zhenke.staff.operations import add_shop, change_shop
from zhenke.staff.queries import shop_for, shops_within

_AT = {
    "shop_code_taken": "code",
    "shop_misplaced": "parent",
    "bad_time_zone": "time_zone",
    "bad_currency": "currency",
    "bad_hours": "hours_mon",
}


def settings_shops(request: StaffRequest) -> HttpResponse:
    """Show the tree of the brand."""
    rows = [
        {"shop": shop, "kind": KIND_WORDS[shop.kind], "depth": shop.path.count("/")}
        for shop in shops_within(viewer=request.user)
    ]
    return render(request, "settings/shops.html", {"page_title": _("Shops"), "rows": rows})


def settings_shop_new(request: StaffRequest) -> HttpResponse:
    """Ask for a new shop or region, and add it."""
    if request.method == "GET":
        start = {
            "parent": request.GET.get("parent") or None,
            "time_zone": request.user.shop.time_zone,
            "currency": request.user.shop.currency,
        }
        return _new(request, NewShopForm(viewer=request.user, initial=start))
    form = NewShopForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return _new(request, form)
    given = form.cleaned_data
    try:
        shop = add_shop(
            code=given["code"],
            kind=given["kind"],
            parent=given["parent"],
            by=request.user,
            now=moment_of(request).now,
            **form.plain(),  # type: ignore[arg-type]
        )
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, _AT)
        return _new(request, form)
    return told(request, _("%(name)s is open.") % {"name": shop.name}, back=reverse("settings_shops"))


def _new(request: StaffRequest, form: NewShopForm) -> HttpResponse:
    status = UNREADABLE if form.is_bound else HTTPStatus.OK
    words = {"page_title": _("New shop"), "form": form, "is_new": True}
    return render(request, "settings/shop.html", words, status=status)


def settings_shop(request: StaffRequest, shop_id: int) -> HttpResponse:
    """Show one node, and change it; "open" in the form closes it or opens it again."""
    shop, moment = shop_for(viewer=request.user, id=shop_id), moment_of(request)
    kind = BrandForm if shop.kind == Shop.Kind.BRAND else ShopForm
    if request.method == "GET":
        return _change(request, shop, kind.of(shop))
    if "open" in request.POST:
        is_open = request.POST["open"] == "yes"
        changes: dict[str, object] = {"closed_at": None if is_open else shop.closed_at or moment.now}
        change_shop(shop=shop, changes=changes, by=request.user, now=moment.now)
        said = _("%(name)s is open again.") if is_open else _("%(name)s is closed; what it knows stays.")
        return told(request, said % {"name": shop.name}, back=reverse("settings_shops"))
    form = kind(request.POST)
    if not form.is_valid():
        return _change(request, shop, form)
    try:
        change_shop(shop=shop, changes=form.plain(), by=request.user, now=moment.now)
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, _AT)
        return _change(request, shop, form)
    return told(request, _("Saved."), back=reverse("settings_shops"))


def _change(request: StaffRequest, shop: Shop, form: ShopForm) -> HttpResponse:
    status = UNREADABLE if form.is_bound else HTTPStatus.OK
    words = {"page_title": shop.name, "shop": shop, "form": form, "kind": KIND_WORDS[shop.kind]}
    return render(request, "settings/shop.html", words, status=status)
