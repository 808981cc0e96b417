"""What the layout of every page needs: the places that the role may go to, the viewer, languages, toasts."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhenke.basics.clock import now
from zhenke.doors.permissions import ROUTES
from zhenke.doors.words_roles import ROLE_WORDS
from zhenke.staff.models import StaffMember


@dataclass(frozen=True)
class Place:
    """One place of the staff desk that navigation can offer."""

    route: str
    label: Promise
    icon: str


TODAY = Place("today", pgettext_lazy("navigation", "Today"), "today")
CUSTOMERS = Place("customers", pgettext_lazy("navigation", "Customers"), "customers")
RECEPTION = Place("reception", pgettext_lazy("navigation", "Reception"), "door")
SALE = Place("counter_sale", pgettext_lazy("navigation", "Sale"), "sale")
IMPORTS = Place("imports", pgettext_lazy("navigation", "Imports"), "import")
GRADING = Place("grading", pgettext_lazy("navigation", "Grading"), "grading")
RECORDS = Place("records", pgettext_lazy("navigation", "Records"), "file")
MEMBERSHIP = Place("membership", pgettext_lazy("navigation", "Membership"), "gift")
BOARD = Place("board", pgettext_lazy("navigation", "Board"), "board")
MESSAGES = Place("messages", pgettext_lazy("navigation", "Messages"), "message")
SETTINGS = Place("settings", pgettext_lazy("navigation", "Settings"), "settings")
ME = Place("me", pgettext_lazy("navigation", "Me"), "me")

RAIL = (TODAY, RECEPTION, CUSTOMERS, SALE, MESSAGES, IMPORTS, GRADING, MEMBERSHIP, BOARD, RECORDS, SETTINGS)
PHONE = (TODAY, CUSTOMERS)
PHONE_LAST = (BOARD,)
QUICK = (
    Place("reception", _("Who has come in?"), "door"),
    Place("new_customer", _("New customer"), "customers"),
    Place("counter_sale", _("Record a sale"), "sale"),
    Place("imports", _("Import a file"), "import"),
)
MARKS = 6  # so that no half of a sheet is without
_SEARCH_ROUTES = ("search", "customer_search", "customers_search")
_LEVELS = {"success": "good", "warning": "soon", "error": "late"}


def frame(request: HttpRequest) -> dict[str, object]:
    """Return the layout's context; its contract stands at the top of templates/layout.html."""
    member = getattr(request, "user", None)
    words: dict[str, object] = {"languages": _languages(), "viewer": None}
    if not isinstance(member, StaffMember):
        return words
    here = request.resolver_match.view_name if request.resolver_match else ""
    rail = _offered(RAIL, member, here, request.path)
    quick = _offered(QUICK, member, here, request.path)
    return {
        **words,
        "viewer": {
            "name": member.name,
            "initial": member.name[:1],
            "role_label": ROLE_WORDS[member.role],
            "shop_name": member.shop.name,
            "mark": [_mark(member)] * MARKS,
        },
        "nav": rail,
        "phone_nav": _phone_bar(member, here, request.path, has_quick=bool(quick)),
        "quick_actions": quick,
        "search_url": next((url for route in _SEARCH_ROUTES if (url := _url(route, member))), ""),
        # Asked for by whole pages only: a fragment must not use up what the next page should say.
        "toasts": lambda: _toasts(request),
    }


def _mark(member: StaffMember) -> str:
    """Return who was sent a page and when, in her shop's time: faintly over paper and over what is shown whole."""
    at = now().astimezone(ZoneInfo(member.shop.time_zone))
    return f"{member.name} · {member.username} · {at:%Y-%m-%d %H:%M}"


def _languages() -> list[dict[str, object]]:
    now = get_language()
    return [{"code": code, "label": label, "is_current": code == now} for code, label in settings.LANGUAGES]


def _url(route: str, member: StaffMember) -> str:
    """Return the address of a route that this person may read, "" if there is none or it is not theirs."""
    declared = ROUTES.get(route)
    if declared is None or member.role not in (declared.who("GET") or ()):
        return ""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _offered(places: tuple[Place, ...], member: StaffMember, here: str, path: str) -> list[dict[str, object]]:
    offered = []
    for place in places:
        url = _url(place.route, member)
        if url:
            is_current = place.route == here or (len(url) > 1 and path.startswith(url))
            offered.append({"url": url, "label": place.label, "icon": place.icon, "is_current": is_current})
    return offered


def offered_places(places: tuple[Place, ...], member: StaffMember) -> list[dict[str, object]]:
    """Return places of the desk that this person may go to, each once, as rows of the search."""
    rows: dict[str, dict[str, object]] = {}
    for place in places:
        url = _url(place.route, member)
        if url and url not in rows:
            rows[url] = {"url": url, "name": str(place.label), "why": "", "icon": place.icon}
    return list(rows.values())


def _phone_bar(member: StaffMember, here: str, path: str, *, has_quick: bool) -> list[dict[str, object]]:
    first = _offered(PHONE, member, here, path)
    plus = [{"url": "", "label": _("Add"), "icon": "plus", "is_current": False}] if has_quick else []
    last = _offered(PHONE_LAST, member, here, path)
    return [*first, *plus, *last, {"url": "", "label": ME.label, "icon": "me", "is_current": here == ME.route}]


def _toasts(request: HttpRequest) -> list[dict[str, str]]:
    return [
        {"text": str(said), "level": _LEVELS.get(said.level_tag, ""), "undo_url": said.extra_tags or ""}
        for said in get_messages(request)
    ]
