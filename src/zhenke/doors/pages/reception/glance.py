"""The six things to know: likes, sizes, what was bought, what is open, which day is near, what to offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenke.care.queries import NextStep, next_step, tasks_of
from zhenke.customers.models import Customer, Trait
from zhenke.customers.queries import is_known_by_name, partner_of, seen_name, traits_of
from zhenke.customers.rules.sight import sight_of
from zhenke.customers.rules.traits import FINGERS
from zhenke.doors.pages.today.rows import row_of
from zhenke.doors.words.care import step_word
from zhenke.doors.words.days import ago, day_words, distance
from zhenke.doors.words.people import LIFECYCLE_WORDS, address_of, link_word, trait_word, value_word
from zhenke.doors.words.traits import trait_value
from zhenke.doors.words.why import between_sentences, occasion_name
from zhenke.grading.models import Grade
from zhenke.staff.models import StaffMember

LIKES = ("stone", "metal", "style", "motif", "designer", "intent", "occasion")
NEVER = ("allergy", "taboo")
SIZES = (
    "ring_size", "ring_size_hk", "ring_size_left", "ring_size_right", "bangle_mm", "bracelet_mm", "wrist_cm",
    "necklace_cm", *FINGERS,
)  # fmt: skip
MOST_LIKES = 8


@dataclass(frozen=True, slots=True)
class Companion:
    """The partner who may have come along: who it is to her, by name, and what is known to please."""

    customer_id: int
    word: str
    name: str
    likes: list[str]


@dataclass(frozen=True, slots=True)
class Glance:
    """One person in one glance. Every part may be empty: then nothing of it is known."""

    name: str
    greeting: str
    grade: Grade | None
    lifecycle: str
    caution: str
    never: list[str]
    likes: list[str]
    sizes: list[tuple[str, str]]
    bought: str
    still_open: list[tuple[str, str, bool]]
    near_day: str
    offer: str
    script: str
    companion: Companion | None


def glance_of(*, viewer: StaffMember, customer: Customer, today: date) -> Glance:
    """Return what the person at the counter should know before the second sentence.

    `customer` is one that the viewer was given by `customers.queries.customer_for`.

    Sees:   as the profile: names, traits and notes as the viewer's role is shown them.
    """
    step = next_step(viewer=viewer, customer=customer, day=today)
    traits = traits_of(viewer=viewer, customer=customer)
    sees_notes = sight_of(viewer.role).notes
    name = seen_name(viewer=viewer, customer=customer) or str(customer)
    is_known = is_known_by_name(viewer=viewer, customer=customer)
    row = row_of(step.item, part="glance", viewer=viewer) if step.item and sees_notes else None
    return Glance(
        name=name,
        greeting=address_of(customer.name, customer.gender) if is_known else "",
        grade=step.grade,
        lifecycle=str(LIFECYCLE_WORDS.get(step.grade.lifecycle, "")) if step.grade else "",
        caution=customer.caution if sees_notes else "",
        never=_values(traits, NEVER),
        likes=_values(traits, LIKES)[:MOST_LIKES],
        sizes=[(trait_word(key), trait_value(key, rows[-1].text)) for key in SIZES if (rows := traits.get(key))],
        bought=_bought(step, today),
        still_open=_still_open(viewer, customer, today) if sees_notes else [],
        near_day=_near_day(step, today),
        offer=row.why if row else "",
        script=row.script if row else "",
        companion=_companion(viewer, customer),
    )


def _companion(viewer: StaffMember, customer: Customer) -> Companion | None:
    """Her partner if in sight: what pleases the one who decides with her, or who buys for her."""
    link = partner_of(viewer=viewer, customer=customer)
    if link is None or link.other is None:
        return None
    name = seen_name(viewer=viewer, customer=link.other) or str(link.other)
    likes = _values(traits_of(viewer=viewer, customer=link.other), LIKES)[:MOST_LIKES]
    return Companion(link.other.pk, link_word(link.kind, link.other.gender), name, likes)


def _values(traits: dict[str, list[Trait]], keys: tuple[str, ...]) -> list[str]:
    return [value_word(row.text) for key in keys for row in traits.get(key, [])]


def _bought(step: NextStep, today: date) -> str:
    last = step.last
    if last is None:
        return ""
    times = ngettext("%(n)d purchase", "%(n)d purchases", last.frequency) % {"n": last.frequency}
    said = _("Last bought %(piece)s %(ago)s.") % {
        "piece": last.piece or _("a piece"),
        "ago": ago(last.last_date, today),
    }
    return between_sentences().join((said, _("%(times)s in all.") % {"times": times}))


def _still_open(viewer: StaffMember, customer: Customer, today: date) -> list[tuple[str, str, bool]]:
    """What is promised or planned: its word, its day, whether it is late."""
    tasks = [task for task in tasks_of(viewer=viewer, customer=customer) if task.state == "open"]
    return [(step_word(task.step), day_words(task.due_date, today), task.due_date < today) for task in tasks[:3]]


def _near_day(step: NextStep, today: date) -> str:
    if step.occasion is None:
        return ""
    name = occasion_name(step.occasion.kind, step.occasion.customer_date.label)
    said = _("%(occasion)s %(when)s.") % {"occasion": name, "when": distance((step.occasion.on_date - today).days)}
    return said[:1].upper() + said[1:]
