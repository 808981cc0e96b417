"""Whether the one who acts may: asked once at the beginning of an operation."""

from __future__ import annotations

from zhenke.basics.errors import NotAllowed
from zhenke.catalogue.models import Piece
from zhenke.catalogue.queries.pieces import is_shown_whole
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May


def require_edit(by: Viewer) -> None:
    """Do nothing if `by` may write down what customers own.

    Errors: NotAllowed if the role has not the act, may not know of pieces, or the person has left.
    """
    if not by.may(May.EDIT_CUSTOMERS) or sight_of(by.role).pieces == Shown.NOTHING:
        raise NotAllowed(act=May.EDIT_CUSTOMERS.value)


def require_whole(by: Viewer, piece: Piece) -> None:
    """Do nothing if `by` may write and is shown the piece whole: who sees only masks passes nothing on to strangers.

    Errors: NotAllowed.
    """
    require_edit(by)
    if not is_shown_whole(viewer=by, piece=piece):
        raise NotAllowed(act="share_piece")
