"""What is known of her taste, sizes and person: most used first, the rest one tap away; and the sheet to change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput
from zhenke.catalogue.rules import METALS, STONES
from zhenke.customers.models import Customer, CustomField, Trait
from zhenke.customers.operations import set_traits
from zhenke.customers.queries import custom_fields, customer_for, seen_name, tags_of, traits_of
from zhenke.customers.queries.knowledge import unseen_traits
from zhenke.customers.queries.sealed_traits import masked_traits
from zhenke.customers.rules.traits import CUSTOM, GROUPS, KINDS, offered
from zhenke.doors.pages.profile.taste_form import Asked, TasteForm
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, moment_of, told
from zhenke.doors.words.goods import METAL_WORDS, STONE_WORDS
from zhenke.doors.words.people import trait_word
from zhenke.doors.words.traits import ASK_WORDS, GROUP_WORDS, own_name, own_value, trait_value, unfit_words

OFTEN, OWN = "often", "own"
ORGANISATION = "organisation"
Words = dict[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """One kind with its values: (text as kept, text in words, key of the row where the value is masked, else 0)."""

    key: str
    name: str
    values: list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Group:
    """One group behind "More": what is known of it, or what to ask."""

    code: str
    name: str
    lines: list[Line]
    ask: str


def preferences_tab(request: StaffRequest, customer: Customer, moment: Moment) -> Words:
    """Taste, sizes, the shop's own fields, tags; each can be added or dropped with one tap."""
    traits = traits_of(viewer=request.user, customer=customer)
    fields = {f"{CUSTOM}{field.key}": field for field in custom_fields(with_retired=True)}
    hidden = unseen_traits(viewer=request.user)
    is_organisation = customer.kind != Customer.Kind.PERSON
    currency = customer.shop.currency
    lines = {key: _line(key, rows, fields.get(key), currency) for key, rows in traits.items()}
    often = [key for key in _often(is_organisation=is_organisation) if key in lines]
    groups = list(_groups(lines, often, fields, hidden, is_organisation=is_organisation))
    known = {(row.key, row.text) for rows in traits.values() for row in rows}
    quick = [("metal", code, METAL_WORDS[code]) for code in METALS[:8]]
    quick += [("stone", code, STONE_WORDS[code]) for code in STONES[:6]]
    return {
        "often": [lines[key] for key in often],
        "often_group": ORGANISATION if is_organisation else OFTEN,
        "often_title": GROUP_WORDS[ORGANISATION if is_organisation else OFTEN],
        "groups": groups,
        "more_known": sum(len(group.lines) for group in groups),
        "offered": [one for one in quick if (one[0], one[1]) not in known],
        "tags": tags_of(viewer=request.user, customer=customer),
    }


def _often(*, is_organisation: bool) -> Iterator[str]:
    for kind in KINDS.values():
        if kind.is_often and (kind.group == ORGANISATION) == is_organisation:
            yield kind.key


def _groups(
    lines: dict[str, Line],
    often: Iterable[str],
    fields: dict[str, CustomField],
    hidden: frozenset[str],
    *,
    is_organisation: bool,
) -> Iterator[Group]:
    """Every group that the viewer may fill, with what is known besides what stands above."""
    shown = set(often)
    for code in (*GROUPS, OWN):
        keys = [key for key in lines if key not in shown and _group_of(key, fields) == code]
        asked = _asked_keys(code, fields, hidden)
        if code == ORGANISATION and not is_organisation:
            asked = []
        if code == ORGANISATION and is_organisation and not keys:
            continue  # it stands above, as what is asked first
        if keys or asked:
            order = {key: place for place, key in enumerate(KINDS)}
            found = sorted((lines[key] for key in keys), key=lambda line: order.get(line.key, len(order)))
            yield Group(code, str(GROUP_WORDS[code]), found, "" if found else str(ASK_WORDS[code]))


def _group_of(key: str, fields: dict[str, CustomField]) -> str:
    if key in fields:
        return fields[key].group
    return KINDS[key].group if key in KINDS else OWN


def _asked_keys(group: str, fields: dict[str, CustomField], hidden: frozenset[str]) -> list[str]:
    """The keys that the sheet of a group asks for."""
    kinds = [kind.key for kind in (KINDS.values() if group == OFTEN else offered(group))]
    if group == OFTEN:
        kinds = list(_often(is_organisation=False))
    own = [key for key, field in fields.items() if field.group == group and field.retired_at is None]
    return [key for key in (*kinds, *own) if key not in hidden]


def _line(key: str, rows: list[Trait], field: CustomField | None, currency: str) -> Line:
    name = own_name(field) if field is not None else trait_word(key)
    if rows[0].is_masked:
        return Line(key, name, [("", row.text, row.pk) for row in rows])
    if field is not None:
        return Line(key, name, [(row.text, own_value(field, row.text), 0) for row in rows])
    return Line(key, name, [(row.text, trait_value(key, row.text, currency=currency), 0) for row in rows])


def taste_sheet(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show one group of what can be known, or keep what was filled in."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    group = request.GET.get("group", OFTEN)
    group = group if group in (*GROUPS, OWN) else OFTEN
    fields = {f"{CUSTOM}{field.key}": field for field in custom_fields()}
    keys = _asked_keys(group, fields, unseen_traits(viewer=request.user))
    masked = masked_traits(viewer=request.user)
    known = traits_of(viewer=request.user, customer=customer)
    asked = [
        Asked.own(fields[key], own_name(fields[key]), [(code, own_value(fields[key], code)) for code in
                  fields[key].choices]) if key in fields else Asked.of(KINDS[key], is_brief=group == OFTEN)
        for key in keys
    ]  # fmt: skip
    asked = [one.added_to(len(known.get(one.key, []))) if one.key in masked else one for one in asked]
    texts = {key: [row.text for row in known.get(key, []) if not row.is_masked] for key in keys}
    form = TasteForm(request.POST if request.method == "POST" else None, asked=asked, known=texts)
    if request.method == "GET" or not form.is_valid():
        return _sheet(request, customer, form, group)
    try:
        set_traits(customer=customer, values=form.changes(), by=request.user, now=moment.now, source="desk")
    except BadInput as refusal:
        form.refuse(str(refusal.facts.get("key", "")), unfit_words(refusal))
        return _sheet(request, customer, form, group)
    back = reverse("customer", args=[customer.pk]) + "?tab=preferences"
    return told(request, _("Kept."), back=back, events=("profileChanged",))


def _sheet(request: StaffRequest, customer: Customer, form: TasteForm, group: str) -> HttpResponse:
    template = "profile/_taste_sheet.html"
    words = {
        "customer": customer,
        "form": form,
        "group": group,
        "title": GROUP_WORDS[group],
        "name": seen_name(viewer=request.user, customer=customer) or str(customer),
        "sheet": template,
    }
    status = UNREADABLE if form.is_bound else HTTPStatus.OK
    return render(request, template if request.htmx else "today/sheet.html", words, status=status)
