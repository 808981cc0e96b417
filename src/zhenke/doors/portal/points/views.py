"""What the member has: points to spend and how they came about, her tier, what is missing to the next, her rights."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from zhenke.doors.portal.member_request import MemberRequest, moment_of
from zhenke.doors.portal.points.rows import rows_of
from zhenke.doors.portal.points.words import left_for_you
from zhenke.doors.words.membership import missing_words, name_of
from zhenke.membership.queries import balance_of, points_history
from zhenke.membership.queries.members import MemberCard, member_card
from zhenke.staff import SYSTEM

ON_A_PAGE = 100


def points(request: MemberRequest) -> HttpResponse:
    """Show the page; who never bought has neither points nor a tier yet."""
    customer, today = request.member.customer, moment_of(request).today
    card = member_card(viewer=SYSTEM, customer=customer, on=today)
    lines = points_history(viewer=SYSTEM, customer=customer, before=None, size=ON_A_PAGE)
    words: dict[str, object] = {
        "here": "points",
        "today": today,
        "card": card,
        "balance": balance_of(viewer=SYSTEM, customer=customer, on_date=today),
        "rows": rows_of(lines),
    }
    if card is not None:
        words |= {
            "tier": name_of(card.tier),
            "missing": missing_words(card.missing, basis=card.basis, currency=card.currency),
            "part_permille": part_of(card),
            "rights": [(name_of(one.right), left_for_you(one)) for one in card.rights],
        }
    return render(request, "portal/points/page.html", words)


def part_of(card: MemberCard) -> int:
    """Return how far she has come to the next tier, of a thousand."""
    if card.missing is None or not card.missing.tier.threshold:
        return 1000
    return max(0, 1000 - card.missing.left * 1000 // card.missing.tier.threshold)
