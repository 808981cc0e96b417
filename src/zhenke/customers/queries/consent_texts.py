"""The texts of consent: every version, who put it in force, and how many have said yes to which."""

from __future__ import annotations

from collections import Counter

from django.db.models import Exists, Max, OuterRef, Q

from zhenke.customers.models import ConsentEntry, ConsentText
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May


def consent_texts(*, viewer: Viewer, purpose: str = "") -> list[ConsentText]:
    """Return every version of the text of one purpose, or of all, with who published it.

    Shape:  by purpose, the newest version first; may be empty. One SQL query.
    Sees:   who may change settings; a text is of the house, and tells of nobody.
    """
    if not viewer.may(May.EDIT_SETTINGS):
        return []
    rows = ConsentText.objects.select_related("made_by").order_by("purpose", "-version")
    return list(rows.filter(purpose=purpose) if purpose else rows)


def yes_counts(*, viewer: Viewer, purpose: str = "") -> Counter[tuple[str, int]]:
    """Return how many customers stand with a yes to each version, by purpose and version.

    A customer counts once for a purpose, by the newest version that she said yes to and took back by no channel of it.

    Shape:  versions nobody stands with are absent. One SQL query.
    Sees:   who may change settings: sums of the whole house.
    """
    if not viewer.may(May.EDIT_SETTINGS):
        return Counter()
    same = Q(customer=OuterRef("customer"), purpose=OuterRef("purpose"), channel__in=["", OuterRef("channel")])
    # At one instant the no counts; a yes said again after it stands by itself.
    taken_back = ConsentEntry.objects.filter(same, state=ConsentEntry.State.WITHDRAWN, at__gte=OuterRef("at"))
    given = ConsentEntry.objects.filter(~Exists(taken_back), state=ConsentEntry.State.GIVEN, text__isnull=False)
    rows = (given.filter(purpose=purpose) if purpose else given).order_by()
    newest = rows.values_list("purpose", "customer").annotate(version=Max("text__version"))
    return Counter((code, version) for code, _, version in newest.iterator(chunk_size=5_000))
