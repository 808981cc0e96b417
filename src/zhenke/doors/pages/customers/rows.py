"""The rows of the list of customers: what the viewer may see of each, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenke.customers.models import Customer
from zhenke.customers.queries import seen_name
from zhenke.customers.rules.importance import Importance
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.doors.templatetags.words import money
from zhenke.doors.words.days import ago
from zhenke.doors.words.importance import IMPORTANCE_WORDS
from zhenke.grading.models import Grade
from zhenke.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class ListRow:
    """One customer of the list: `bought` when she bought last, `spent` and `times` what and how often, "" for never.

    `bought` is None for who is not shown one person's purchases.
    """

    id: int
    name: str
    choose: str
    grade: Grade | None
    owner: str
    tags: tuple[str, ...]
    caution: str
    bought: str | None
    spent: str
    times: str


def row_of(customer: Customer, grade: Grade | None, *, viewer: StaffMember, today: date) -> ListRow:
    """Return one customer as the list shows her."""
    name = seen_name(viewer=viewer, customer=customer) or str(customer)
    sight = sight_of(viewer.role)
    bought = grade if sight.purchases else None
    times = bought.lifetime_frequency if bought and bought.lifetime_minor else 0
    return ListRow(
        id=customer.pk,
        name=name,
        choose=_("Choose %(name)s") % {"name": name},
        grade=grade,
        owner=customer.owner.name if customer.owner else "",
        tags=(*_rank(customer, viewer), *(one.tag.name for one in customer.tags.all()))[:3],
        caution=customer.caution if sight.notes else "",
        bought=_bought(bought, today) if sight.purchases else None,
        spent=money(bought.lifetime_minor) if bought and bought.lifetime_minor else "",
        times=ngettext("%(n)s purchase", "%(n)s purchases", times) % {"n": times},
    )


def _rank(customer: Customer, viewer: StaffMember) -> tuple[str, ...]:
    is_shown = sight_of(viewer.role).of("importance") == Shown.FULL and customer.importance > Importance.ORDINARY
    return (str(IMPORTANCE_WORDS[customer.importance]),) if is_shown else ()


def _bought(grade: Grade | None, today: date) -> str:
    last = grade.last_bought_date if grade else None
    return _("Bought %(ago)s") % {"ago": ago(last, today)} if last else ""
