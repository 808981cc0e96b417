"""What roles are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenke.staff.rules import Role

ROLE_WORDS: dict[str, Promise] = {
    Role.OWNER: _("Owner"),
    Role.MARKETING: _("Head-office marketing"),
    Role.AREA_MANAGER: _("Area manager"),
    Role.SHOP_MANAGER: _("Shop manager"),
    Role.ADVISOR: _("Advisor"),
    Role.SERVICE: _("Service"),
    Role.AUDITOR: _("Auditor"),
    Role.INTEGRATION: _("Connected program"),
}
