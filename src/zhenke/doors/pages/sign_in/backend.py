"""Who a session belongs to: a member of staff who still works here, with their shop in the same query."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from zhenke.staff.models import StaffMember
from zhenke.staff.queries import signed_in


class StaffBackend(AuthenticationBackend):
    """The accounts library's way of signing in, with our own way of finding the person at each request."""

    def get_user(self, user_id: int | str) -> StaffMember | None:
        """Return the person of a session, None when they have left."""
        return signed_in(int(user_id))
