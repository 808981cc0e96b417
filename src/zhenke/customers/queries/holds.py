"""What is held by law: for the owner and the auditor to read, and for the night to leave alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from zhenke.customers.models import LegalHold
from zhenke.staff.models import Viewer
from zhenke.staff.queries import below, shop_paths
from zhenke.staff.rules import May


def legal_holds(*, viewer: Viewer) -> list[LegalHold]:
    """Return every hold that was ever set, with its customer, the newest first.

    Shape:  one row per hold; may be empty. One SQL query.
    Sees:   owner and auditor, who stand for what the law requires, of their own brand; nobody else. A protected
            customer is there too: what the name is shown as, the door asks.
    """
    if not viewer.may(May.SEE_AUDIT):
        return []
    mine = Q()
    for path in shop_paths(viewer=viewer):
        mine |= below(path, "customer__shop__path") | (Q(customer=None) & below(path, "made_by__shop__path"))
    rows = LegalHold.objects.filter(mine).select_related("customer__shop", "made_by")
    return list(rows.order_by("-made_at", "-id"))


def hold_on(*, customer_id: int, today: date) -> LegalHold | None:
    """Return the hold on an archive that lasts longest, None if nothing holds it.

    Sees:   no viewer: for the rules; who is told why, the door says.
    """
    return _standing(today).filter(customer=customer_id).order_by("-until_date", "-id").first()


def held_among(*, customer_ids: Collection[int], today: date) -> set[int]:
    """Return which of some archives are held.

    Sees:   no viewer: keys, for the night's own work.
    """
    return set(_standing(today).filter(customer__in=customer_ids).values_list("customer_id", flat=True))


def held_kinds(*, today: date) -> set[str]:
    """Return the kinds that the night must not take away.

    Sees:   no viewer: codes.
    """
    return set(_standing(today).filter(customer=None).values_list("kind", flat=True))


def erasures_due(*, today: date) -> list[int]:
    """Return the archives of people who asked to be forgotten while a hold stood, and which nothing holds any more.

    Shape:  keys in order; may be empty.
    Sees:   no viewer: keys, for the night's own work.
    """
    asked = set(LegalHold.objects.exclude(erase_asked_at=None).values_list("customer_id", flat=True))
    return sorted(key for key in asked - held_among(customer_ids=asked, today=today) if key is not None)


def _standing(today: date) -> QuerySet[LegalHold]:
    return LegalHold.objects.filter(Q(lifted_at=None), until_date__gte=today)
