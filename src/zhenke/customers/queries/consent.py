"""What a customer allows, and whether she may be reached for a purpose by a channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhenke.customers.models import ConsentEntry, ConsentText, Customer, CustomerDate
from zhenke.customers.queries.archive import belonging_to, visible
from zhenke.customers.rules.consent import PURPOSES, Said, Verdict, channels_of, is_child, verdict
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.staff import SYSTEM
from zhenke.staff.models import Viewer


@dataclass(frozen=True, slots=True)
class SeenConsent:
    """One purpose by one channel: whether it is allowed, why, and the entry that decided (whole or only its day)."""

    purpose: str
    channel: str
    verdict: Verdict


def consents_of(*, viewer: Viewer, customer: Customer, today: date) -> list[SeenConsent]:
    """Return every purpose by every channel of its own, with where it stands.

    Shape:  one row per purpose and channel, in the order of `rules.consent.PURPOSES`; empty for a stranger. What is
            asked of guardians is there for somebody under 14 alone.
    Sees:   as `visible`, every role of the house: the state. Who wrote it down and the proof are `consent_history`.
    Budget: 4 SQL queries.
    """
    if not visible(viewer=viewer).filter(pk=customer.pk).exists():
        return []
    said, texts, child = _said_of(customer), current_texts(), is_child_of(customer=customer, today=today)
    return [
        SeenConsent(purpose.code, channel, _verdict(purpose.code, channel, said, texts, child))
        for purpose in PURPOSES.values()
        if child or not purpose.is_of_children
        for channel in channels_of(purpose)
    ]


def consent_history(*, viewer: Viewer, customer: Customer) -> list[ConsentEntry]:
    """Return every yes and no of a customer with text, proof and who wrote it down, the newest first.

    Shape:  one row per entry; may be empty.
    Sees:   as `visible`, of these the roles to whom the table of sight shows consent whole.
    """
    if sight_of(viewer.role).of("consent") != Shown.FULL:
        return []
    rows = ConsentEntry.objects.filter(belonging_to(viewer=viewer, customer=customer))
    return list(rows.select_related("text", "by").order_by("-at", "-id"))


def may_contact(*, customer: Customer, purpose: str, channel: str, today: date) -> Verdict:
    """Return whether a customer may be reached for a purpose by a channel, and why; asked at the moment of sending.

    Errors: PurposeWrong.
    Sees:   no viewer: the answer is yes or no, for whoever is about to write or call.
    Budget: 3 SQL queries.
    """
    child = is_child_of(customer=customer, today=today)
    return _verdict(purpose, channel, _said_of(customer), current_texts(), child)


def is_child_of(*, customer: Customer, today: date) -> bool:
    """Return whether a customer is under 14, as far as her birthday is known.

    Sees:   no viewer: a rule about her, never shown as an age.
    """
    rows = CustomerDate.objects.filter(customer_id=customer.pk, kind="birthday")
    return is_child(birthdays=rows.values_list("calendar", "year", "month", "day"), today=today)


def current_texts() -> dict[str, ConsentText]:
    """Return the text in force of each purpose that has one.

    Sees:   no viewer: a text of the house.
    """
    return {text.purpose: text for text in ConsentText.objects.order_by("version")}


def said_by(customer_ids: Iterable[int]) -> list[Said]:
    """Return all that was said by these archives; for the rules of this room and the merge.

    Sees:   no viewer: keys and codes only.
    """
    rows = ConsentEntry.objects.filter(customer__in=list(customer_ids)).select_related("text")
    return [said_of(row) for row in rows]


def said_of(row: ConsentEntry) -> Said:
    """Return an entry as the rules need it."""
    return Said(
        row.purpose,
        row.channel,
        row.state == ConsentEntry.State.GIVEN,
        row.at,
        row.pk,
        row.text.version if row.text else 0,
        row.giver == ConsentEntry.Giver.GUARDIAN,
    )


def everything_said(*, customer: Customer) -> list[ConsentEntry]:
    """Return every entry for the customer's own copy of what is known of her, the oldest first.

    Sees:   no viewer: the journey asks who may make the copy.
    """
    return consent_history(viewer=SYSTEM, customer=customer)[::-1]


def _said_of(customer: Customer) -> list[Said]:
    return said_by([customer.pk])


def _verdict(purpose: str, channel: str, said: list[Said], texts: dict[str, ConsentText], child: bool) -> Verdict:
    text = texts.get(purpose)
    return verdict(purpose=purpose, channel=channel, said=said, holds_from=text.holds_from if text else 1, child=child)
