"""P16: a sealed value that is moved to another row, or in which one bit is turned, is refused: a thousand times."""

from __future__ import annotations

from random import Random

import pytest

from tests.cast import NOW, Cast
from zhenke.basics.cipher import SealBroken
from zhenke.customers.models import ContactPoint, Trait
from zhenke.customers.operations import add_contact, set_trait
from zhenke.customers.queries.contacts import opened
from zhenke.customers.queries.sealed_traits import trait_text

pytestmark = pytest.mark.django_db
SEED, TIMES = 20261130, 500


def contacts(cast: Cast) -> list[ContactPoint]:
    """Write contacts of all kinds down for two people; the same phone stands at both."""
    for number in range(10):
        for customer in (cast.mrs_zhou, cast.mr_zhou):
            for kind, text in (
                ("phone", f"1380013{number:04d}"),
                ("email", f"box{number}@quiet.example"),
                ("wechat", f"lotus_{number:04d}"),
                ("address", f"深圳市罗湖区翠竹路{number}号"),
            ):
                add_contact(customer=customer, kind=kind, text=text, by=cast.mei, now=NOW)
    return list(ContactPoint.objects.order_by("pk"))


def with_bit_turned(sealed: str, rng: Random) -> str:
    """Turn one bit of one sign behind the name of the key."""
    place = rng.randrange(sealed.index("|", 3) + 1, len(sealed))
    turned = chr(ord(sealed[place]) ^ (1 << rng.randrange(7)))
    return sealed[:place] + turned + sealed[place + 1 :]


def is_refused(row: ContactPoint, sealed: str) -> bool:
    """Write what was moved or turned into the table as whoever edits it by hand would, and read it."""
    if "\x00" in sealed:  # no text of either database: it cannot even be written
        return True
    ContactPoint.objects.filter(pk=row.pk).update(sealed=sealed)
    try:
        opened(ContactPoint.objects.get(pk=row.pk))
    except SealBroken:
        return True
    finally:
        ContactPoint.objects.filter(pk=row.pk).update(sealed=row.sealed)
    return False


class TestSealedValues:
    def test_a_thousand_moved_or_turned_are_refused(self, cast: Cast) -> None:
        rows, rng = contacts(cast), Random(SEED)
        moved = turned = 0
        for _ in range(TIMES):
            to, source = rng.sample(rows, 2)
            moved += is_refused(to, source.sealed)
            turned += is_refused(to, with_bit_turned(to.sealed, rng))
        assert (moved, turned) == (TIMES, TIMES)
        assert all(opened(row) for row in ContactPoint.objects.all())

    def test_known_things_of_level_four_too(self, cast: Cast) -> None:
        for number in range(10):
            for customer in (cast.mrs_zhou, cast.mr_zhou):
                set_trait(customer=customer, key="health", text=f"过敏史{number}", by=cast.lin, now=NOW)
        rows, rng = list(Trait.objects.order_by("pk")), Random(SEED)
        refused = 0
        for _ in range(TIMES // 5):
            to, source = rng.sample(rows, 2)
            for sealed in (source.sealed, with_bit_turned(to.sealed, rng)):
                with pytest.raises(SealBroken):
                    trait_text(Trait(id=to.pk, text=to.text, sealed=sealed))
                refused += 1
        assert refused == 2 * (TIMES // 5)
