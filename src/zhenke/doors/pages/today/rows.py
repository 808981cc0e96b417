"""The rows of Today as the template shows them: names as the viewer may see them, sentences, words to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhenke.care.queries import CareItem, Graded
from zhenke.customers.queries import seen_name
from zhenke.doors.words.care import chip_of, words_to_say
from zhenke.doors.words.why import why_line
from zhenke.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One person to care for; `task_id` is None for a bare occasion, `say_id` marks the words to say on the page."""

    customer_id: int
    task_id: int | None
    name: str
    grade: Graded | None
    step: str
    due_date: date | None
    is_late: bool
    why: str
    script: str
    say_id: str
    also: int


def row_of(item: CareItem, *, part: str, viewer: StaffMember) -> ItemRow:
    """Return one item as it is shown in one part of the page."""
    return ItemRow(
        customer_id=item.customer.pk,
        task_id=item.task.pk if item.task else None,
        name=seen_name(viewer=viewer, customer=item.customer) or str(item.customer),
        grade=item.grade,
        step=chip_of(item),
        due_date=item.task.due_date if item.task else None,
        is_late=item.urgency.days_late > 0,
        why=why_line(item.why),
        script=words_to_say(item, shop=viewer.shop.name, advisor=viewer.name),
        say_id=f"say-{part}-{item.task.pk if item.task else item.customer.pk}",
        also=item.also,
    )


def rows_of(items: Iterable[CareItem], *, part: str, viewer: StaffMember) -> list[ItemRow]:
    """Return several items as they are shown in one part of the page."""
    return [row_of(item, part=part, viewer=viewer) for item in items]
