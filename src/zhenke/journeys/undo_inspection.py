"""An inspection was noted by mistake: it goes, the day before holds again, its follow-up waits again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.care.operations import reopen_inspection
from zhenke.catalogue.models import Inspection
from zhenke.catalogue.operations import drop_inspection
from zhenke.staff.models import Viewer


@transaction.atomic
def undo_inspection(*, inspection: Inspection, by: Viewer, now: datetime) -> bool:
    """Take one inspection back; return whether it was there.

    Writes: the Inspection deleted, the piece's next day as before, an audit line; its follow-up open again.
    Twice:  False, nothing more.
    Errors: NotAllowed.
    """
    if not drop_inspection(inspection=inspection, by=by, now=now):
        return False
    reopen_inspection(piece_id=inspection.piece_id, due_date=inspection.due_date)
    return True
