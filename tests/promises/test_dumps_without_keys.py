"""P17: who has the whole database but not the keys learns no phone by guessing.

The guesser has every text of every table, knows how a phone is spelled and which fields have search keys, and tries
each number of a block that holds all the known ones: its plain digests, and those under keys that he may guess.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from tests.cast import NOW, Cast
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.operations.contacts import sealed_contact
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.rules.contacts import TAIL_FIELD

FIRST = "+8613900000000"
KNOWN = 1_000
BYTES = 16
Digest = Callable[[bytes], bytes]


def _keyed(key: bytes) -> Digest:
    return lambda text: hmac.digest(key, text, "sha256")[:BYTES]


def digests() -> list[Digest]:
    """Return what a guesser can compute without the keys, cut to the length of a search key."""
    plain = [lambda text, name=name: hashlib.new(name, text).digest()[:BYTES] for name in ("md5", "sha1", "sha256")]
    return [*plain, *map(_keyed, (b"", b"phone", b"zhenke", bytes(32)))]


def spelled(number: int) -> str:
    """Return a phone of the block as it is kept."""
    return f"+{int(FIRST) + number}"


def write_known(cast: Cast, guesses: int) -> None:
    """Write down known phones, spread evenly over the block that will be tried."""
    cipher = field_cipher()
    people = Customer.objects.bulk_create(
        [Customer(name=f"C{n}", shop=cast.shop_a, created_at=NOW, updated_at=NOW) for n in range(KNOWN)]
    )
    step = guesses // KNOWN
    ContactPoint.objects.bulk_create(
        [
            sealed_contact(cipher=cipher, customer_id=one.pk, kind="phone", kept=spelled(n * step))
            for n, one in enumerate(people)
        ]
    )


def dump() -> Iterator[str]:
    """Return every text that stands in any table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield from (cell for cell in row if isinstance(cell, str))


def given_up(texts: set[str], guesses: int) -> int:
    """Return how many phones of the block the guesser finds in the texts, by any of his digests."""
    keys = {bytes.fromhex(text) for text in texts if len(text) == 2 * BYTES and not set(text) - set("0123456789abcdef")}
    known, found, first = digests(), 0, int(FIRST)
    for number in range(guesses):
        text = b"+%d" % (first + number)
        found += any(digest(text) in keys for digest in known)
    return found


def _prove(cast: Cast, guesses: int) -> None:
    write_known(cast, guesses)
    texts = set(dump())
    kept = set(ContactPoint.objects.values_list("blind_index", flat=True))
    assert len(kept & texts) >= KNOWN  # the guesser does have the search keys
    assert not any(spelled(n * (guesses // KNOWN)) in text for n in (0, 1, KNOWN - 1) for text in texts)
    assert given_up(texts, guesses) == 0


@pytest.mark.django_db
class TestADumpWithoutKeys:
    def test_gives_up_no_phone(self, cast: Cast) -> None:
        _prove(cast, 20_000)

    def test_would_give_up_all_of_them_under_a_plain_digest(self, cast: Cast) -> None:
        write_known(cast, 2_000)
        for row in ContactPoint.objects.filter(customer__name__startswith="C"):
            phone = spelled(2 * int(row.customer.name[1:]))
            row.blind_index = hashlib.sha256(phone.encode()).digest()[:BYTES].hex()
            row.save(update_fields=["blind_index"])
        assert given_up(set(dump()), 2_000) == KNOWN

    def test_keeps_a_tail_apart_from_a_phone(self) -> None:
        cipher = field_cipher()
        assert cipher.blind_index("phone", "8000") != cipher.blind_index(TAIL_FIELD, "8000")

    @pytest.mark.soak
    def test_gives_up_no_phone_to_ten_million_guesses(self, cast: Cast) -> None:
        _prove(cast, 10_000_000)
