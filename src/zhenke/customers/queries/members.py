"""Who is signed in to the member site, whose a contact is, and what was asked for before."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Q, Sum

from zhenke.basics.days import local_date
from zhenke.customers.models import ContactPoint, Customer, CustomerDate, ErasureRequest, MemberSession, SignInCode
from zhenke.customers.queries.consent import is_child_of
from zhenke.customers.queries.contacts import SeenContact, field_cipher, opened
from zhenke.customers.queries.holds import hold_on
from zhenke.customers.rules.contacts import contact_spelling, masked_contact, search_spelling
from zhenke.customers.rules.members import (
    CARD_LIVES,
    CODE_LIVES,
    CONTACT_KINDS,
    QUARTER,
    AskedBefore,
    a_day_before,
)
from zhenke.staff.queries import token_hash

CARD_PREFIX = "ZKM"
_CARD_FIELD = "member_card"
_LOCKED = "law"


@dataclass(frozen=True, slots=True)
class Member:
    """A customer in one browser: her session and her archive with shop and advisor."""

    session: MemberSession
    customer: Customer

    @property
    def is_known(self) -> bool:
        """Return whether this device has said something that only she knows, or had to say nothing."""
        return self.session.known_at is not None

    def is_free(self, now: datetime) -> bool:
        """Return whether this device may do what cannot be undone."""
        return self.is_known and self.session.free_from_at <= now


def member_of(*, token: str, now: datetime) -> Member | None:
    """Return who a browser's secret signs in, None if it is unknown, ended or over.

    Shape:  one SQL query.
    Sees:   no viewer: this is how a customer becomes somebody, and she sees herself alone.
    """
    if not token:
        return None
    rows = MemberSession.objects.select_related("customer__shop", "customer__owner")
    found = rows.filter(token_hash=token_hash(token), ended_at=None, expires_at__gt=now).first()
    if found is None or found.customer.importance_reason == _LOCKED:
        return None
    return Member(found, found.customer)


def contact_indexes(*, kind: str, text: str) -> tuple[str, ...]:
    """Return the blind indexes that a contact as somebody typed it may have, the newest key's first.

    Errors: ContactRefused or a kind of PhoneRefused.
    Sees:   no viewer: keyed hashes of what the asker typed.
    """
    kept = contact_spelling(kind, text)
    return field_cipher().blind_indexes(kind, search_spelling(kind, kept))


def network_index(address: str) -> str:
    """Return the keyed hash of a network address, by which its requests are counted."""
    return field_cipher().blind_index("member_network", address)


def known_by(*, indexes: Sequence[str], now: datetime) -> tuple[Customer, ContactPoint] | None:
    """Return the one person whom a contact signs in, with the contact; None if there is none or it is not sure who.

    A contact in two archives signs in nobody: who of the two holds the phone cannot be told.

    Shape:  one SQL query for a contact that nobody has, three for one that is known.
    Sees:   no viewer: the code goes to the contact itself, and who asked is told nothing.
    """
    rows = ContactPoint.objects.select_related("customer__shop", "customer__owner")
    found = list(rows.filter(blind_index__in=indexes, kind__in=CONTACT_KINDS)[:2])
    if len(found) != 1:
        return None
    customer = found[0].customer
    today = local_date(now, customer.shop.time_zone)
    is_one = customer.kind == Customer.Kind.PERSON and customer.importance_reason != _LOCKED
    return (customer, found[0]) if is_one and not is_child_of(customer=customer, today=today) else None


def asked_before(*, indexes: Sequence[str], network: str, now: datetime) -> AskedBefore:
    """Return how often codes were asked for lately.

    Shape:  four SQL queries, whoever is asked about.
    Sees:   no viewer: counts.
    """
    of_contact = SignInCode.objects.filter(contact_index__in=indexes, asked_at__gt=a_day_before(now))
    an_hour = SignInCode.objects.filter(network_index=network, asked_at__gt=now - 4 * QUARTER)
    return AskedBefore(
        last_at=of_contact.order_by("-asked_at").values_list("asked_at", flat=True).first(),
        contact_a_day=of_contact.count(),
        network_an_hour=an_hour.count(),
        sent_a_day=SignInCode.objects.filter(asked_at__gt=a_day_before(now), is_sent=True).count(),
    )


def guesses_before(*, code: SignInCode, network: str, now: datetime) -> tuple[int, int]:
    """Return how often an account's codes were guessed at in the last quarter of an hour, and by one network.

    Where nobody is known the contact stands for the account, so that both are counted alike.

    Sees:   no viewer: counts.
    """
    lately = SignInCode.objects.filter(asked_at__gt=now - QUARTER - CODE_LIVES, tried_at__gt=now - QUARTER)
    of_one = Q(contact_index=code.contact_index)
    if code.customer_id is not None:
        of_one |= Q(customer=code.customer_id)
    account = lately.filter(of_one).aggregate(sum=Sum("tries"))["sum"]
    by_network = lately.filter(network_index=network).aggregate(sum=Sum("tries"))["sum"]
    return account or 0, by_network or 0


def is_device_known(*, customer: Customer, device: str) -> bool:
    """Return whether a browser was let in for this customer before.

    Sees:   no viewer: the secret in the browser is asked about.
    """
    rows = MemberSession.objects.filter(customer=customer, device_hash=token_hash(device))
    return bool(device) and rows.filter(known_at__isnull=False).exists()


def asked_of_new_device(*, customer: Customer) -> str:
    """Return what a new device is asked for: "birthday", "card", or "" where the archive knows nothing of the kind.

    Sees:   no viewer: a code of what is known, for her alone.
    """
    if CustomerDate.objects.filter(customer=customer, kind="birthday").exists():
        return "birthday"
    return "card" if customer.card_number else ""


def sessions_of(*, customer: Customer, now: datetime) -> list[MemberSession]:
    """Return the browsers in which a customer is signed in, the newest first.

    Sees:   no viewer: for the customer herself.
    """
    rows = MemberSession.objects.filter(customer=customer, ended_at=None, expires_at__gt=now)
    return list(rows.order_by("-opened_at", "-id"))


def erasure_asked(*, customer: Customer) -> ErasureRequest | None:
    """Return the open request of a customer to be forgotten.

    Sees:   no viewer: for herself, and for who has her archive in sight.
    """
    return ErasureRequest.objects.filter(customer=customer, withdrawn_at=None).order_by("-id").first()


def kept_by_law_until(*, customer: Customer, today: date) -> date | None:
    """Return the day until which her archive must not be erased, None if nothing holds it. Why is for the owner.

    Sees:   no viewer: for herself.
    """
    hold = hold_on(customer_id=customer.pk, today=today)
    return hold.until_date if hold is not None else None


def own_contacts(*, customer: Customer) -> list[SeenContact]:
    """Return a customer's contacts for herself, masked all the same: the phone lies on tables.

    Shape:  primary ones first; may be empty.
    Sees:   no viewer: her own.
    """
    rows = ContactPoint.objects.filter(customer=customer).order_by("-is_primary", "kind", "id")
    return [
        SeenContact(row.pk, row.kind, row.label, masked_contact(row.kind, opened(row)), row.is_primary, False)
        for row in rows
    ]


def own_birthday(*, customer: Customer) -> CustomerDate | None:
    """Return a customer's birthday for herself.

    Sees:   no viewer: her own.
    """
    return CustomerDate.objects.filter(customer=customer, kind="birthday").order_by("id").first()


def contact_of_session(*, member: Member) -> ContactPoint | None:
    """Return the contact that the browser was signed in by; None if it was taken away since.

    Sees:   no viewer: her own.
    """
    rows = contacts_to_sign_in(customer=member.customer)
    mine = (row for row in rows if row.blind_index == member.session.contact_index)
    return next(mine, None) or next(iter(rows), None)


def contacts_to_sign_in(*, customer: Customer) -> list[ContactPoint]:
    """Return the contacts to which a code may go, still sealed, primary ones first.

    Sees:   no viewer: for whoever brings the code.
    """
    rows = ContactPoint.objects.filter(customer=customer, kind__in=CONTACT_KINDS)
    return list(rows.order_by("-is_primary", "kind", "id"))


def card_code(*, session: MemberSession, nonce: bytes, now: datetime) -> str:
    """Return what stands in the code of a member's card: which session, when, once; signed, and without a name or key
    of anybody. Good for a minute.

    Units:  `nonce` four random bytes.
    """
    body = session.pk.to_bytes(8, "big") + int(now.timestamp()).to_bytes(4, "big") + nonce
    sign = field_cipher().blind_index_bytes(_CARD_FIELD, body.hex())
    return CARD_PREFIX + (body + sign).hex().upper()


def session_of_card(*, text: str, now: datetime) -> tuple[MemberSession, str] | None:
    """Return the session that shows a card's code, with the mark of the code; None if forged, over, or signed out.

    Sees:   no viewer: the caller asks whether the staff member may see the customer.
    """
    try:
        raw = bytes.fromhex(text.strip().upper().removeprefix(CARD_PREFIX))
    except ValueError:
        return None
    if len(raw) != 32 or not is_card(text):
        return None
    body, sign = raw[:16], raw[16:].hex()
    signs = field_cipher().blind_indexes(_CARD_FIELD, body.hex())
    is_ours = any(hmac.compare_digest(sign, one) for one in signs)
    shown_at = datetime.fromtimestamp(int.from_bytes(body[8:12], "big"), UTC)
    if not is_ours or not shown_at <= now <= shown_at + CARD_LIVES:
        return None
    live = MemberSession.objects.select_related("customer").filter(ended_at=None, expires_at__gt=now)
    found = live.filter(pk=int.from_bytes(body[:8], "big"), known_at__isnull=False).first()
    return (found, sign) if found is not None else None


def is_card(text: str) -> bool:
    """Return whether a text is the code of a member's card, whatever it is worth."""
    return text.strip().upper().startswith(CARD_PREFIX) and len(text.strip()) == len(CARD_PREFIX) + 64
