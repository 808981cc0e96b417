"""Finds customers by name, pinyin, initials, exact phone, last four digits or card number, at once, at a million.

Two plans, because neither serves both ends. A viewer of few customers starts from them and asks each one's words: a few
thousand probes at most. A viewer of many starts from the words, in the order of their index, and stops at the first
twenty that are visible: one letter with 150,000 words behind it costs no more than a whole name. The words are taken in
steps by key, so that no planner can decide to read them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from zhenke.customers.models import ContactPoint, Customer, SearchTerm
from zhenke.customers.queries.archive import is_known_by_name, seen_name, visible
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.queries.expressions import OneOf, Unled
from zhenke.customers.queries.merges import owners_of_former
from zhenke.customers.rules.asked import Asked, asked
from zhenke.customers.rules.contacts import TAIL_FIELD, search_spelling
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import Viewer
from zhenke.staff.rules import Scope, SystemViewer

MOST = 20
FEW = 5_000
_STEPS = (200, 800, 2_000, 5_000)
_LAST = "\U0010ffff"
_TOLD = ("name", "kind", "gender", "card_number", "cover_id", "shop__name", "owner__name")


@dataclass(frozen=True, slots=True)
class CustomerHit:
    """One customer that was found; `by` says how: name, phone, tail or card."""

    id: int
    name: str
    is_masked: bool
    kind: str
    gender: str
    card_number: str
    shop_id: int
    shop_name: str
    owner_id: int | None
    owner_name: str
    by: str


def search(*, viewer: Viewer, text: str, limit: int = MOST) -> list[CustomerHit]:
    """Return the customers that the text means, best first: card number, phone, last four digits, then names.

    Names are found by any beginning of the whole or the given name, of its pinyin or of its initials; "周 8000" is a
    name with the last four digits of a phone.

    Shape:  at most `limit` (never more than 20) rows; empty for a text that says nothing.
    Sees:   as `visible`. Who is shown masked names finds only by the whole card number, phone or name, so that typing
            does not spell out what the mask hides.
    """
    limit = min(limit, MOST)
    question = asked(text)
    rows = visible(viewer=viewer)
    shown_whole = isinstance(viewer, SystemViewer) or sight_of(viewer.role).names
    found: dict[int, str] = {}
    for by, keys in _answers(rows, question, viewer, limit, shown_whole):
        for key in keys:
            found.setdefault(key, by)
        if len(found) >= limit:
            break
    return _hits(viewer, dict(list(found.items())[:limit]))


def _answers(
    rows: QuerySet[Customer], question: Asked, viewer: Viewer, limit: int, shown_whole: bool
) -> Iterator[tuple[str, list[int]]]:
    if question.card:
        # The card first, its owner after: the other way round is a walk over all customers in sight.
        cards = {question.card, question.card.upper()}
        keys = list(Customer.objects.filter(card_number__in=cards).values_list("pk", flat=True))
        keys = keys or owners_of_former(kind="card_number", texts=cards)
        yield "card", _seen(rows, keys)
    if question.phone:
        indexes = field_cipher().blind_indexes("phone", search_spelling("phone", question.phone))
        yield "phone", _by_contact(rows, Q(blind_index__in=indexes), limit)
    if question.tail and shown_whole:
        indexes = field_cipher().blind_indexes(TAIL_FIELD, question.tail)
        yield "tail", _by_contact(rows, Q(tail_index__in=indexes), limit, question.tail_name)
    if question.word:
        yield "name", _by_word(rows, question.word, viewer, limit, shown_whole)


def _by_contact(rows: QuerySet[Customer], wanted: Q, limit: int, name: str = "") -> list[int]:
    """Start from the contacts: a phone has one or two customers, four digits about one in ten thousand."""
    keys = list(ContactPoint.objects.filter(wanted, kind="phone").values_list("customer_id", flat=True)[:FEW])
    if name and keys:
        words = _spoken(name).filter(customer_id__in=keys)
        keys = list(dict.fromkeys(words.values_list("customer_id", flat=True)))
    return _seen(rows, keys)[:limit]


def _seen(rows: QuerySet[Customer], keys: list[int]) -> list[int]:
    """Return those of `keys` that are in sight, latest first."""
    if not keys:
        return []
    return list(rows.filter(pk__in=keys).order_by("-updated_at", "-id").values_list("pk", flat=True))


def _by_word(rows: QuerySet[Customer], word: str, viewer: Viewer, limit: int, shown_whole: bool) -> list[int]:
    if not shown_whole:
        exact = SearchTerm.objects.filter(term=word).values("customer_id")
        return [row.pk for row in rows.filter(pk__in=exact)[:FEW] if _is_whole(row, word)][:limit]
    return _from_customers(rows, word, limit) if _are_few(rows, viewer) else _from_words(rows, word, limit)


def _is_whole(row: Customer, word: str) -> bool:
    return asked(row.name).word == word


def _are_few(rows: QuerySet[Customer], viewer: Viewer) -> bool:
    """Return whether the viewer has so few customers in sight that asking each one is the shorter way."""
    if isinstance(viewer, SystemViewer) or viewer.scope == Scope.BRAND:
        return False
    return viewer.scope == Scope.OWN or rows.values("pk")[: FEW + 1].count() <= FEW


def _beginning(word: str) -> Q:
    return Q(term__gte=word, term__lt=word + _LAST)


def _spoken(word: str) -> QuerySet[SearchTerm]:
    """Return the words with this beginning, for a query that another condition leads."""
    spoken = Unled("term")
    return SearchTerm.objects.filter(GreaterThanOrEqual(spoken, word), LessThan(spoken, word + _LAST))


def _from_customers(rows: QuerySet[Customer], word: str, limit: int) -> list[int]:
    mine = OneOf(F("customer_id"), rows.order_by().values("pk"))
    words = _spoken(word).filter(mine).order_by("term", "customer_id")
    return list(dict.fromkeys(words.values_list("customer_id", flat=True)[: limit * 8]))[:limit]


def _from_words(rows: QuerySet[Customer], word: str, limit: int) -> list[int]:
    found: dict[int, None] = {}
    after: tuple[str, int] | None = None
    for step in _steps():
        words = SearchTerm.objects.filter(_beginning(word))
        if after is not None:
            words = words.filter(Q(term__gt=after[0]) | Q(term=after[0], customer_id__gt=after[1]), term__gte=after[0])
        page = list(words.order_by("term", "customer_id").values_list("term", "customer_id")[:step])
        keys = list(dict.fromkeys(key for _, key in page))
        seen = set(rows.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
        found.update(dict.fromkeys(key for key in keys if key in seen))
        if len(found) >= limit or len(page) < step:
            break
        after = page[-1]
    return list(found)[:limit]


def _steps() -> Iterator[int]:
    yield from _STEPS
    while True:
        yield _STEPS[-1]


def _hits(viewer: Viewer, found: dict[int, str]) -> list[CustomerHit]:
    rows = Customer.objects.select_related("shop", "owner").only(*_TOLD).in_bulk(list(found)) if found else {}
    return [
        CustomerHit(
            id=row.pk,
            name=seen_name(viewer=viewer, customer=row),
            is_masked=not is_known_by_name(viewer=viewer, customer=row),
            kind=row.kind,
            gender=row.gender,
            card_number=row.card_number or "",
            shop_id=row.shop_id,
            shop_name=row.shop.name,
            owner_id=row.owner_id,
            owner_name=row.owner.name if row.owner else "",
            by=found[row.pk],
        )
        for row in (rows[key] for key in found if key in rows)
    ]
