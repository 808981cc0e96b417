"""What the archive knows of a customer, for her own copy."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from zhenke.customers.models import (
    ContactPoint,
    Customer,
    CustomerDate,
    CustomerTag,
    DuplicatePair,
    ErasureRequest,
    FormerKey,
    Interaction,
    MemberSession,
    Merge,
    Trait,
)
from zhenke.customers.queries.claims import claims_told
from zhenke.customers.queries.consent import everything_said
from zhenke.customers.queries.contacts import opened
from zhenke.customers.queries.household import household_of
from zhenke.customers.queries.looks import looks_at
from zhenke.customers.queries.sealed_traits import trait_text
from zhenke.staff import SYSTEM

Row = dict[str, Any]
_OWN = (
    "name",
    "kind",
    "gender",
    "card_number",
    "source_key",
    "region",
    "source",
    "language",
    "channel",
    "hour_preference",
    "caution",
    "notes",
    "first_met_date",
    "created_at",
)
_DAY = ("kind", "label", "calendar", "month", "day", "is_leap_month", "year")
_MOST_LOOKS = 10_000


def archive_told(*, customer: Customer, pieces: list[int]) -> dict[str, list[Row]]:
    """Return everything of the archive that is about the customer herself, by section.

    Of others only that there is somebody: a link's kind, that she was brought by somebody. Notes that the staff wrote
    as notes are named by their day; of what happened with her the words are hers. Of photos it is told how many.

    Shape:  rows of plain values, the oldest first.
    Sees:   no viewer: `gather_access_pack` asks who may make a copy.
    """
    person = {field: getattr(customer, field) for field in _OWN}
    person |= {
        "shop": customer.shop.name,
        "advisor": customer.owner.name if customer.owner else "",
        "brought_by_somebody": customer.referrer_id is not None,
        "former_numbers": list(FormerKey.objects.filter(customer=customer).values_list("text", flat=True)),
    }
    contacts = ContactPoint.objects.filter(customer=customer).order_by("pk")
    days = CustomerDate.objects.filter(customer=customer).order_by("pk")
    known = Trait.objects.filter(customer=customer).order_by("pk")
    merges = Merge.objects.filter(winner=customer).order_by("pk")
    pairs = DuplicatePair.objects.filter(Q(first=customer) | Q(second=customer)).order_by("pk")
    happened = (
        Interaction.objects.filter(customer=customer)
        .select_related("shop", "visit")
        .prefetch_related("visit__pieces")
        .annotate(pictures=Count("photos"))
    )
    return {
        "person": [person],
        "contacts": [{"kind": row.kind, "text": opened(row), "label": row.label} for row in contacts],
        "days": [dict(row) for row in days.values(*_DAY)],
        "known": [_known(row) for row in known],
        "said_otherwise": claims_told(customer=customer),
        "tags": [{"name": row.tag.name} for row in CustomerTag.objects.filter(customer=customer).select_related("tag")],
        "happened": [_interaction(row, row.pictures) for row in happened.order_by("at", "pk")],
        "family": [{"kind": link.kind} for link in household_of(viewer=SYSTEM, customer=customer)],
        "consents": _consents(customer),
        "merges": [dict(row) for row in merges.values("at", "state", "undone_at")],
        "possible_doubles": [dict(row) for row in pairs.values("found_at", "state")],
        **_member_site(customer),
        "looks": [
            {
                "at": look.entry.at,
                "action": look.entry.action,
                "shop": look.actor.shop.name if look.actor else "",
            }
            for look in looks_at(viewer=SYSTEM, customer=customer, pieces=pieces, size=_MOST_LOOKS)
        ],
    }


def _known(row: Trait) -> Row:
    return {"key": row.key, "text": trait_text(row), "came_from": row.source, "confirmed_at": row.confirmed_at}


def _member_site(customer: Customer) -> dict[str, list[Row]]:
    """Return when she signed in to the member site, and whether she asked there to be forgotten."""
    sign_ins = MemberSession.objects.filter(customer=customer).order_by("pk")
    asked = ErasureRequest.objects.filter(customer=customer).order_by("pk")
    return {
        "sign_ins": [{"signed_in_at": one.opened_at, "signed_out_at": one.ended_at} for one in sign_ins],
        "requests": [{"asked_at": one.asked_at, "due_date": one.due_date} for one in asked],
    }


def _interaction(row: Interaction, pictures: int) -> Row:
    is_note = row.kind == Interaction.Kind.NOTE
    return {
        "kind": row.kind,
        "at": row.at,
        "shop": row.shop.name if row.shop else "",
        "text": "" if is_note else row.text,
        "result": row.result,
        "photos": pictures,
        **_visit(row),
    }


def _visit(row: Interaction) -> Row:
    """Return what was laid out and agreed at a visit; who came along is told to nobody but themselves."""
    if not hasattr(row, "visit"):
        return {}
    laid_out = row.visit.pieces.all()
    return {
        "minutes": row.visit.minutes,
        "looked_at": [piece.name or piece.style_no for piece in laid_out if not piece.is_tried],
        "tried": [piece.name or piece.style_no for piece in laid_out if piece.is_tried],
        "agreed": row.visit.agreed,
        "agreed_date": row.visit.agreed_date,
    }


def _consents(customer: Customer) -> list[Row]:
    return [
        {
            "purpose": entry.purpose,
            "channel": entry.channel,
            "state": entry.state,
            "at": entry.at,
            "giver": entry.giver,
            "proof": entry.proof,
            "proof_note": entry.proof_note,
            "text_version": entry.text.version if entry.text else None,
        }
        for entry in everything_said(customer=customer)
    ]
