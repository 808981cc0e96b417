"""Adjustments that wait for a second person."""

from __future__ import annotations

from django.db.models import QuerySet

from zhenke.basics.errors import NotFound
from zhenke.customers.queries import visible
from zhenke.membership.models import PointsProposal
from zhenke.staff.models import Viewer
from zhenke.staff.rules import SystemViewer


class ProposalUnknown(NotFound):
    """There is no such proposal, or it is about somebody out of sight."""

    code = "proposal_unknown"
    message = "This proposal does not exist, or is not yours to see."


def proposals(*, viewer: Viewer, is_open: bool = False) -> QuerySet[PointsProposal]:
    """Return adjustments that were proposed, the newest first; with `is_open` only those that wait.

    Shape:  one row per proposal with customer, programme and who asked; may be empty.
    Sees:   those about customers in sight.
    """
    rows = PointsProposal.objects.select_related("customer__shop", "programme", "asked_by").order_by("-asked_at", "-id")
    if is_open:
        rows = rows.filter(state=PointsProposal.State.OPEN)
    return rows if isinstance(viewer, SystemViewer) else rows.filter(customer__in=visible(viewer=viewer))
