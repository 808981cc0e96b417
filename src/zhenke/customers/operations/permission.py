"""Whether the one who acts may: asked once at the beginning of an operation."""

from __future__ import annotations

from zhenke.basics.errors import NotAllowed
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May


def require(by: Viewer, act: May) -> None:
    """Do nothing if `by` may do `act`.

    Errors: NotAllowed if the role has not the act or the person has left.
    """
    if not by.may(act):
        raise NotAllowed(act=act.value)


def hand_of(by: Viewer) -> int | None:
    """Return the key that is written down as who did it; None for the house itself."""
    return by.id
