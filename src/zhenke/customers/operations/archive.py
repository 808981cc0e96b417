"""Opens a new archive, changes what it says of the person, and gives it to an advisor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction

from zhenke.basics.days import local_date
from zhenke.basics.errors import BadInput, NotAllowed, RuleBroken
from zhenke.basics.ids import new_id
from zhenke.basics.names import pinyin_readings
from zhenke.customers.models import Customer
from zhenke.customers.operations.children import refuse_unguarded, write_guardian
from zhenke.customers.operations.claims import note_overruled, note_said
from zhenke.customers.operations.contacts import sealed_contact
from zhenke.customers.operations.dates import write_dates
from zhenke.customers.operations.knowledge import write_tags, write_traits
from zhenke.customers.operations.permission import require
from zhenke.customers.operations.words import write_terms
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.queries.merges import is_former_key, standing_key, with_key
from zhenke.customers.rules.contacts import contact_spelling, search_spelling
from zhenke.customers.rules.drafts import CustomerDraft, FieldWrong
from zhenke.customers.rules.notes import checked_words
from zhenke.staff.audit import record
from zhenke.staff.models import Shop, StaffMember, Viewer
from zhenke.staff.queries import shops_within, staff_within
from zhenke.staff.rules import May, Role

LENGTHS = {
    "name": 120,
    "card_number": 40,
    "source_key": 120,
    "source": 40,
    "region": 80,
    "language": 8,
    "channel": 16,
    "hour_preference": 40,
    "caution": 200,
    "notes": 20_000,
}
CHANGEABLE = frozenset({*LENGTHS, "kind", "gender", "first_met_date"}) - {"source_key"}


class CustomerEmpty(BadInput):
    """Nothing says who this is."""

    code = "customer_empty"
    message = "Give at least a name, a phone or a card number."


class CardTaken(RuleBroken):
    """The card number belongs to somebody already."""

    code = "card_taken"
    message = "This card number belongs to another customer."


class SourceKeyTaken(RuleBroken):
    """The outside key belongs to a customer of another house."""

    code = "source_key_taken"
    message = "This key of an outside system belongs to another customer."


def add_customer(*, draft: CustomerDraft, by: Viewer, now: datetime) -> Customer:
    """Open one archive with all that the draft knows, and return it.

    Errors: CustomerEmpty, FieldWrong, a refused contact or date, CardTaken, SourceKeyTaken; NotAllowed for the role, or
            for a shop or advisor that the writer does not see; ChildWithoutGuardian.
    Writes: Customer, ContactPoint, CustomerDate, Trait, Tag, SearchTerm; of somebody under 14 the guardian's yes and
            link too; one transaction.
    Twice:  the same `source_key` again returns the customer that is there and changes nothing; what the draft says
            otherwise is kept as claims.
    """
    require(by, May.EDIT_CUSTOMERS)
    shop = _shop_of(draft, by)
    if draft.source_key:
        known = _by_source_key(draft.source_key, shop)
        if known is not None:
            note_said(customer=known, draft=draft, by=by, now=now)
            return known
    if draft.is_empty:
        raise CustomerEmpty
    refuse_unguarded(days=draft.birthdays, shop=shop, word=draft.guardian_word, now=now)
    if draft.card_number and is_former_key(kind="card_number", text=draft.card_number.strip()):
        raise CardTaken
    customer = _row_of(draft, shop=shop, by=by, now=now)
    contacts = _contacts_of(draft)
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
            _write_rest(customer, draft, contacts, by, now)
    except IntegrityError:
        # Somebody wrote the same key between our look and our write; the database decided.
        known = _by_source_key(draft.source_key, shop) if draft.source_key else None
        if known is None:
            raise CardTaken from None
        return known
    return customer


@transaction.atomic
def change_customer(*, customer: Customer, changes: Mapping[str, object], by: Viewer, now: datetime) -> Customer:
    """Write new values of the person's own fields; return the row as it is now.

    `changes` may name the fields of `CHANGEABLE`; shop and owner change by `assign`, contacts and dates by their own.

    Errors: FieldWrong for an unknown field or a value that does not fit; CardTaken; NotAllowed; those of
            `checked_words` for remarks and cautions.
    Writes: Customer (with who confirmed which field), its SearchTerms if the name changed, one audit line that names
            the fields, never their values; a Claim of each value that somebody else had confirmed.
    Twice:  the same values again write nothing.
    """
    require(by, May.EDIT_CUSTOMERS)
    for field in changes:
        if field not in CHANGEABLE:
            raise FieldWrong(field=field)
    row = Customer.objects.select_for_update(of=("self",)).select_related("shop").get(pk=customer.pk)
    wanted = {field: _fitting(field, value) for field, value in changes.items()}
    changed = {field: value for field, value in wanted.items() if getattr(row, field) != value}
    if not changed:
        return row
    checked_words(*(str(changed[field]) for field in ("notes", "caution") if field in changed))
    note_overruled(customer=row, changed=changed, by=by, now=now)
    for field, value in changed.items():
        setattr(row, field, value)
    if changed.get("card_number") and is_former_key(kind="card_number", text=str(changed["card_number"])):
        raise CardTaken
    if not (row.name or row.card_number or row.source_key or row.contact_points.exists()):
        raise CustomerEmpty
    if "name" in changed:
        row.pinyin = pinyin_readings(row.name).pinyin
    row.confirmed = {**row.confirmed, **_confirmed(changed, row.shop, by, now, "")}
    row.updated_at = now
    try:
        with transaction.atomic():
            row.save(update_fields=[*changed, "pinyin", "confirmed", "updated_at"])
    except IntegrityError:
        raise CardTaken from None
    if "name" in changed:
        write_terms(row)
    record(
        action="customer.changed",
        by=by,
        now=now,
        subject_kind="customer",
        subject_id=row.pk,
        fields=sorted(changed),
    )
    return row


@transaction.atomic
def assign(
    *,
    customer: Customer,
    owner: StaffMember | None,
    by: Viewer,
    now: datetime,
    cover: StaffMember | None = None,
    shop: Shop | None = None,
) -> Customer:
    """Give one customer to an advisor (None: to nobody), with a cover, and (if named) to another shop.

    Errors: NotAllowed if `by` may not reassign, or does not see the people and the shop; RuleBroken if one has left.
    Writes: Customer; one audit line.
    Twice:  the same people and shop again write nothing.
    """
    require(by, May.REASSIGN)
    row = Customer.objects.select_for_update(of=("self",)).select_related("shop").get(pk=customer.pk)
    place = shop or row.shop
    cover = None if cover == owner else cover
    _require_known(by, place, owner, cover)
    wanted = (owner.pk if owner else None, cover.pk if cover else None, place.pk)
    if (row.owner_id, row.cover_id, row.shop_id) == wanted:
        return row
    before = row.owner_id
    row.owner, row.cover, row.shop, row.updated_at = owner, cover, place, now
    row.save(update_fields=["owner", "cover", "shop", "updated_at"])
    record(
        action="customer.assigned",
        by=by,
        now=now,
        subject_kind="customer",
        subject_id=row.pk,
        from_owner=before,
        to_owner=wanted[0],
        cover=wanted[1],
        shop=wanted[2],
    )
    return row


def _shop_of(draft: CustomerDraft, by: Viewer) -> Shop:
    if draft.shop is None:
        if not isinstance(by, StaffMember):
            raise FieldWrong(field="shop")
        return by.shop
    shop = draft.shop if isinstance(draft.shop, Shop) else Shop.objects.get(pk=draft.shop.pk)
    if isinstance(by, StaffMember) and by.shop_id == shop.pk:
        return shop
    _require_known(by, shop, None, None)
    return shop


def _require_known(by: Viewer, shop: Shop, owner: StaffMember | None, cover: StaffMember | None) -> None:
    """Refuse shops and people that the writer does not see, and people who have left."""
    if not shops_within(viewer=by).filter(pk=shop.pk).exists():
        raise NotAllowed(field="shop")
    people = {person.pk for person in (owner, cover) if person is not None}
    seen = dict(staff_within(viewer=by).filter(pk__in=people).values_list("pk", "is_active")) if people else {}
    if len(seen) != len(people):
        raise NotAllowed(field="owner")
    if not all(seen.values()):
        raise RuleBroken(field="owner", code_of="owner_left")


def _by_source_key(source_key: str, shop: Shop) -> Customer | None:
    known = with_key(Customer.objects.select_related("shop"), kind="source_key", text=source_key)
    if known is not None and known.shop.path.split("/", 1)[0] != shop.path.split("/", 1)[0]:
        raise SourceKeyTaken
    return known


def _row_of(draft: CustomerDraft, *, shop: Shop, by: Viewer, now: datetime) -> Customer:
    fields = {field: _fitting(field, getattr(draft, field)) for field in (*LENGTHS, "kind", "gender", "first_met_date")}
    owner_id = draft.owner.pk if draft.owner else None
    cover_id = draft.cover.pk if draft.cover else None
    if owner_id is None and isinstance(by, StaffMember) and by.role == Role.ADVISOR:
        owner_id = by.pk
    others = {key for key in (owner_id, cover_id) if key is not None and key != by.id}
    if others and staff_within(viewer=by).filter(pk__in=others, is_active=True).count() != len(others):
        raise NotAllowed(field="owner")
    known = {field: value for field, value in fields.items() if value and field not in ("kind", "source_key")}
    return Customer(
        id=new_id(),
        **fields,
        pinyin=pinyin_readings(str(fields["name"])).pinyin,
        shop=shop,
        owner_id=owner_id,
        cover_id=None if cover_id == owner_id else cover_id,
        referrer=_referrer(draft.referrer_key, shop),
        created_at=now,
        updated_at=now,
        confirmed=_confirmed(known, shop, by, now, draft.source),
    )


def _referrer(key: str, shop: Shop) -> Customer | None:
    """Find the one who brought the customer, in the same house; a key that nobody has is dropped, not an error."""
    if not key:
        return None
    house = Customer.objects.filter(shop__path__startswith=shop.path.split("/", 1)[0] + "/")
    found = with_key(house, kind="card_number", text=key) or with_key(house, kind="source_key", text=key)
    by_key = house.filter(pk=standing_key(int(key))) if key.isdecimal() and len(key) < 19 else house.none()
    return found or by_key.first()


def _contacts_of(draft: CustomerDraft) -> list[tuple[str, str]]:
    by_kind = {"phone": draft.phones, "email": draft.emails, "wechat": draft.wechat_ids, "address": draft.addresses}
    kept = [(kind, contact_spelling(kind, text)) for kind, texts in by_kind.items() for text in texts]
    # One contact written twice in two spellings is one contact.
    return list({(kind, search_spelling(kind, text)): (kind, text) for kind, text in reversed(kept)}.values())[::-1]


def _write_rest(
    customer: Customer, draft: CustomerDraft, contacts: list[tuple[str, str]], by: Viewer, now: datetime
) -> None:
    write_terms(customer, is_new=True)
    if contacts:
        cipher, first = field_cipher(), set()
        rows = []
        for kind, kept in contacts:
            row = sealed_contact(cipher=cipher, customer_id=customer.pk, kind=kind, kept=kept)
            row.is_primary = kind not in first
            first.add(kind)
            rows.append(row)
        type(rows[0]).objects.bulk_create(rows)
    write_dates(customer, draft, now)
    write_traits(customer, draft.traits, by=by, now=now, source=draft.source)
    write_tags(customer, draft.tags)
    if draft.guardian_word is not None:
        write_guardian(customer=customer, word=draft.guardian_word, by=by, now=now)


def _fitting(field: str, value: object) -> object:
    """Return the value in the form its column keeps.

    Errors: FieldWrong.
    """
    if field == "first_met_date":
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise FieldWrong(field=field)
        return value
    text = str(value or "").strip().replace("\x00", "")
    if field == "kind" and text not in Customer.Kind.values:
        raise FieldWrong(field=field)
    if field == "gender" and text not in ("", "f", "m"):
        raise FieldWrong(field=field)
    if field in LENGTHS and len(text) > LENGTHS[field]:
        raise FieldWrong(field=field)
    return (text or None) if field in ("card_number", "source_key") else text


def _confirmed(
    fields: Mapping[str, object], shop: Shop, by: Viewer, now: datetime, source: str
) -> dict[str, list[object]]:
    day = local_date(now, shop.time_zone).isoformat()
    return {field: [day, str(by.id or ""), source] for field in fields}
