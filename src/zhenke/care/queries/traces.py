"""Whether anything of a kind ever happened to a customer, asked along with her row by `customer_for`."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from zhenke.care.models import Occasion, Task
from zhenke.catalogue.models import Inspection, PieceOwner
from zhenke.customers.models import Interaction
from zhenke.grading.models import GradeChange
from zhenke.membership.models import PointsAccount
from zhenke.sales.models import Sale, SaleLine

_HERS = OuterRef("pk")
_HAD_OR_HAS = Q(from_customer=_HERS) | Q(to_customer=_HERS)

TRACES: dict[str, Exists] = {
    "has_receipts": Exists(Sale.objects.filter(customer=_HERS)),
    "has_gifts": Exists(SaleLine.objects.filter(gift_for=_HERS)),
    "has_contacts_made": Exists(Interaction.objects.filter(customer=_HERS)),
    "has_promises": Exists(Task.objects.filter(customer=_HERS, step="by_hand")),
    "has_open_tasks": Exists(Task.objects.filter(customer=_HERS, state=Task.State.OPEN)),
    "has_occasions": Exists(Occasion.objects.filter(customer=_HERS)),
    "has_looks_at_pieces": Exists(Inspection.objects.filter(piece__customer=_HERS)),
    "has_changes_of_hands": Exists(PieceOwner.objects.filter(_HAD_OR_HAS)),
    "has_points": Exists(PointsAccount.objects.filter(customer=_HERS)),
    "has_moves": Exists(GradeChange.objects.filter(customer=_HERS)),
}
"""For `along`. They know nothing of sight or secrets: they only ever spare a query, and stand on no page."""
