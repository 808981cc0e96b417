"""Signs customers in to the member site by a code, and keeps what they ask for there."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Sum

from zhenke.basics.days import local_date
from zhenke.basics.ids import new_id
from zhenke.customers.models import (
    ContactPoint,
    Customer,
    CustomerDate,
    ErasureRequest,
    MemberSession,
    SignInCode,
    UsedMark,
)
from zhenke.customers.queries.contacts import field_cipher, opened
from zhenke.customers.queries.members import (
    Member,
    asked_before,
    asked_of_new_device,
    erasure_asked,
    guesses_before,
    is_device_known,
    known_by,
    session_of_card,
)
from zhenke.customers.rules.members import (
    CODE_DIGITS,
    CODE_LIVES,
    KNOWN_TRIES_A_DAY,
    NEW_DEVICE_WAITS,
    PROOF_LIVES,
    SESSION_LIVES,
    TRIES_A_CODE,
    CodeNeeded,
    DeviceTooNew,
    a_day_before,
    check_may_ask,
    due_after,
    may_guess,
)
from zhenke.staff import SYSTEM
from zhenke.staff.audit import record
from zhenke.staff.queries import token_hash

_SECRET_BYTES = 32
_CODE_FIELD = "member_code"
_LOCK_SEED = 0x6D65_6D62
KEPT_CODES = timedelta(days=2)
KEPT_SESSIONS = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class AskedCode:
    """What came of asking: the browser's secret, and where the code goes, or None where nobody is known."""

    secret: str
    parcel: Parcel | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A code on its way: to whom by which contact. It is told once, to whoever delivers it, and never written down."""

    customer: Customer
    kind: str
    contact: str
    code: str

    def __repr__(self) -> str:
        return f"Parcel({self.kind})"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that was let in: its two secrets, told this once; `asks` is what it still has to say."""

    token: str
    device: str
    asks: str


@transaction.atomic
def ask_code(*, indexes: Sequence[str], network: str, sent_limit: int, now: datetime) -> AskedCode:
    """Make a code for whoever is known by a contact; for one that nobody has the same is written, and sent to nobody.

    Units:  `indexes` as `contact_indexes` gives them, `network` as `network_index`, `sent_limit` codes of 24 hours.
    Errors: CodeTooSoon, CodesUsedUp; whether anybody is known plays no part in them.
    Writes: one SignInCode.
    Twice:  CodeTooSoon within a minute; then another code, and the older one stays good for its five minutes.
    Source: promises.md P28.
    """
    _hold(f"contact:{indexes[0]}")
    check_may_ask(before=asked_before(indexes=indexes, network=network, now=now), sent_limit=sent_limit, now=now)
    found = known_by(indexes=indexes, now=now)
    return _made(SignInCode.Use.SIGN_IN, indexes[0], network, found, now)


@transaction.atomic
def ask_proof(*, member: Member, contact: ContactPoint, network: str, sent_limit: int, now: datetime) -> AskedCode:
    """Make a code for a customer who is signed in, to show that she still holds her phone.

    Errors: CodeTooSoon, CodesUsedUp.
    Writes: one SignInCode.
    Twice:  as `ask_code`.
    """
    _hold(f"contact:{contact.blind_index}")
    before = asked_before(indexes=[contact.blind_index], network=network, now=now)
    check_may_ask(before=before, sent_limit=sent_limit, now=now)
    return _made(SignInCode.Use.PROVE, contact.blind_index, network, (member.customer, contact), now)


def _made(
    use: str, contact_index: str, network: str, found: tuple[Customer, ContactPoint] | None, now: datetime
) -> AskedCode:
    secret, key = secrets.token_urlsafe(_SECRET_BYTES), new_id()
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    SignInCode.objects.create(
        id=key,
        use=use,
        try_hash=token_hash(secret),
        contact_index=contact_index,
        network_index=network,
        customer=found[0] if found else None,
        code_hash=field_cipher().blind_index(_CODE_FIELD, f"{key}:{code}"),
        is_sent=found is not None,
        asked_at=now,
    )
    return AskedCode(secret, Parcel(found[0], found[1].kind, opened(found[1]), code) if found else None)


@transaction.atomic
def take_code(*, secret: str, code: str, use: str, network: str, now: datetime) -> SignInCode | None:
    """Return the request whose code this is, used up by that; None for every other: wrong, over, used, too often.

    Each guess is counted before it is looked at, and stays counted.

    Writes: SignInCode.
    Twice:  None: a code is good for once.
    Source: promises.md P28: five guesses a code, ten an account in a quarter of an hour.
    """
    row = SignInCode.objects.filter(try_hash=token_hash(secret), use=use).first()
    if row is None:
        return None
    _hold(f"guess:{row.customer_id or row.contact_index}")
    of_account, of_network = guesses_before(code=row, network=network, now=now)
    if not may_guess(of_account=of_account, of_network=of_network):
        return None
    open_rows = SignInCode.objects.filter(pk=row.pk, used_at=None, tries__lt=TRIES_A_CODE)
    counted = open_rows.filter(asked_at__gt=now - CODE_LIVES).update(tries=F("tries") + 1, tried_at=now)
    hashes = field_cipher().blind_indexes(_CODE_FIELD, f"{row.pk}:{code}")
    is_right = any(hmac.compare_digest(row.code_hash, one) for one in hashes)
    if not counted or not is_right or row.customer_id is None:
        return None
    SignInCode.objects.filter(pk=row.pk).update(used_at=now)
    return row


@transaction.atomic
def sign_in(*, code: SignInCode, device: str, now: datetime) -> SignedIn:
    """Let the browser in that gave a code which `take_code` took; a device that is new has to say something known.

    A phone number may be somebody else's by now: so a new device is asked for what the house knows of her, and waits a
    day before it does what cannot be undone.

    Writes: one MemberSession, one audit line.
    Twice:  the caller has one code for once.
    """
    customer = Customer.objects.get(pk=code.customer_id or 0)
    is_old = is_device_known(customer=customer, device=device)
    asks = "" if is_old else asked_of_new_device(customer=customer)
    token, device = secrets.token_urlsafe(_SECRET_BYTES), device if is_old else secrets.token_urlsafe(_SECRET_BYTES)
    made = MemberSession.objects.create(
        customer=customer,
        token_hash=token_hash(token),
        device_hash=token_hash(device),
        contact_index=code.contact_index,
        opened_at=now,
        expires_at=now + SESSION_LIVES,
        known_at=None if asks else now,
        free_from_at=now if is_old else now + NEW_DEVICE_WAITS,
        proved_at=now,
    )
    _record("member.signed_in", made, now, is_new_device=not is_old)
    return SignedIn(token, device, asks)


@transaction.atomic
def say_known(*, member: Member, birthday: tuple[int, int] | None, card: str, now: datetime) -> bool:
    """Return whether a new device said what was asked: month and day of the birthday, or the number of the card.

    Five wrong answers for one customer within a day end the session: then the shop has to be asked.

    Writes: MemberSession; one audit line when it is right or the session ends.
    Twice:  True, and writes nothing, once it was right.
    """
    _hold(f"known:{member.customer.pk}")
    row = MemberSession.objects.select_for_update().get(pk=member.session.pk)
    if row.known_at is not None:
        return True
    mine = MemberSession.objects.filter(customer=member.customer, opened_at__gt=a_day_before(now))
    tried = mine.aggregate(sum=Sum("known_tries"))["sum"] or 0
    asks = asked_of_new_device(customer=member.customer)
    if tried < KNOWN_TRIES_A_DAY and _is_right(member.customer, asks, birthday, card):
        MemberSession.objects.filter(pk=row.pk).update(known_at=now)
        _record("member.device_known", row, now)
        return True
    MemberSession.objects.filter(pk=row.pk).update(known_tries=F("known_tries") + 1)
    if tried + 1 >= KNOWN_TRIES_A_DAY:
        MemberSession.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now)
        _record("member.device_refused", row, now)
    return False


def _is_right(customer: Customer, asks: str, birthday: tuple[int, int] | None, card: str) -> bool:
    if asks == "card":
        return hmac.compare_digest((customer.card_number or "").casefold().encode(), card.strip().casefold().encode())
    days = CustomerDate.objects.filter(customer=customer, kind="birthday").values_list("month", "day")
    return asks == "" or birthday in set(days)


@transaction.atomic
def prove_member(*, member: Member, code: SignInCode, now: datetime) -> bool:
    """Keep that a customer just gave a code; False if it is not hers.

    Writes: MemberSession.
    Twice:  the same moment again.
    """
    if code.customer_id != member.customer.pk:
        return False
    MemberSession.objects.filter(pk=member.session.pk).update(proved_at=now)
    return True


def must_be_sure(*, member: Member, now: datetime) -> None:
    """Do nothing if the device is free and a code was given within the last five minutes.

    Errors: DeviceTooNew; CodeNeeded.
    Writes: nothing.
    Twice:  the same.
    """
    if not member.is_free(now):
        raise DeviceTooNew
    if member.session.proved_at <= now - PROOF_LIVES:
        raise CodeNeeded


@transaction.atomic
def sign_out(*, member: Member, now: datetime, is_everywhere: bool = False) -> int:
    """End a customer's session, or all of hers; return how many ended. Everywhere forgets the devices too.

    Writes: MemberSession; one audit line if any ended.
    Twice:  0.
    """
    rows = MemberSession.objects.filter(customer=member.customer, ended_at=None)
    ended = (rows if is_everywhere else rows.filter(pk=member.session.pk)).update(ended_at=now)
    if is_everywhere:
        MemberSession.objects.filter(customer=member.customer).update(device_hash="")
    if ended:
        _record("member.signed_out", member.session, now, sessions=ended)
    return ended


@transaction.atomic
def take_card(*, text: str, now: datetime) -> int | None:
    """Return the key of the customer whose card's code this is; None if forged, over, signed out or taken before.

    Writes: one UsedMark.
    Twice:  None: a code is good for once.
    """
    found = session_of_card(text=text, now=now)
    if found is None:
        return None
    session, mark = found
    _, is_first = UsedMark.objects.get_or_create(mark=mark, defaults={"at": now})
    return session.customer_id if is_first else None


@transaction.atomic
def ask_erasure(*, member: Member, now: datetime) -> ErasureRequest:
    """Keep that a customer asks to be forgotten, with the last day for it.

    Errors: DeviceTooNew; CodeNeeded.
    Writes: one ErasureRequest, one audit line.
    Twice:  the open request.
    """
    must_be_sure(member=member, now=now)
    Customer.objects.select_for_update().get(pk=member.customer.pk)
    there = erasure_asked(customer=member.customer)
    if there is not None:
        return there
    day = local_date(now, member.customer.shop.time_zone)
    made = ErasureRequest.objects.create(customer=member.customer, asked_at=now, due_date=due_after(day))
    _record("member.erasure_asked", member.session, now, due=made.due_date)
    return made


@transaction.atomic
def withdraw_erasure(*, member: Member, now: datetime) -> bool:
    """Take back that she asked to be forgotten; return whether there was a request.

    Writes: ErasureRequest; one audit line if there was any.
    Twice:  False.
    """
    taken = ErasureRequest.objects.filter(customer=member.customer, withdrawn_at=None).update(withdrawn_at=now)
    if taken:
        _record("member.erasure_withdrawn", member.session, now)
    return bool(taken)


@transaction.atomic
def drop_member_traces(*, now: datetime) -> int:
    """Delete codes of before yesterday, scanned codes, and sessions that ended more than a year ago; return how many.

    Writes: deletes SignInCode, UsedMark, MemberSession.
    Twice:  0.
    """
    codes, _ = SignInCode.objects.filter(asked_at__lt=now - KEPT_CODES).delete()
    scans, _ = UsedMark.objects.filter(at__lt=now - KEPT_CODES).delete()
    gone, _ = MemberSession.objects.filter(expires_at__lt=now - KEPT_SESSIONS).delete()
    return codes + scans + gone


def _record(action: str, session: MemberSession, now: datetime, **facts: object) -> None:
    key = session.customer_id
    record(action=action, by=SYSTEM, now=now, subject_kind="customer", subject_id=key, session=session.pk, **facts)


def _hold(name: str) -> None:
    """Let others who count the same thing wait until the transaction ends; SQLite's writers wait anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [name, _LOCK_SEED])
