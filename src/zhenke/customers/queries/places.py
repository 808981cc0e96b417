"""Shops and advisors as files name them: by code, name or user name, inside what the importing person may see."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from zhenke.customers.models import ImportMapping
from zhenke.customers.rules.intake import RowFault
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.queries import shops_within, staff_within


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A shop as a row needs it. Compared by itself: a file looks at it once a row."""

    shop_id: int
    zone: ZoneInfo
    currency: str


class Places:
    """Finds shops and advisors by the words of a file; `shop_ids` are all shops that may be written to.

    Sees: shops and people inside the viewer's scope; any other name is unknown.
    """

    def __init__(
        self, *, viewer: Viewer, default: Shop, unknown_shop: str = "refuse", unknown_advisor: str = "refuse"
    ) -> None:
        self.shop_ids: set[int] = {default.id}
        self._default = _place(default)
        self._unknown_shop, self._unknown_advisor = unknown_shop, unknown_advisor
        self._shops: dict[str, Place] = {}
        tails: dict[str, list[Place]] = {}
        for shop in shops_within(viewer=viewer):
            self.shop_ids.add(shop.id)
            self._shops.setdefault(shop.code.lower(), _place(shop))
            self._shops.setdefault(shop.name.lower(), _place(shop))
            tails.setdefault(shop.name.lower().rpartition(" ")[2], []).append(_place(shop))
        for word, places in tails.items():  # tills leave the brand out: 罗湖水贝店 for 珍宝阁 罗湖水贝店
            if len(places) == 1:
                self._shops.setdefault(word, places[0])
        self._people: dict[str, list[int]] = {}
        for person in staff_within(viewer=viewer).filter(is_active=True):
            for word in {person.username.lower(), person.name.lower()}:
                self._people.setdefault(word, []).append(person.id)

    def shop(self, word: str) -> Place:
        """Return the shop of a row; an empty word means the import's own shop.

        Errors: RowFault shop_unknown, unless the mapping says that unknown shops count as the import's own.
        """
        if not word:
            return self._default
        found = self._shops.get(word.lower())
        if found is None and self._unknown_shop != "default":
            raise RowFault("shop", "shop_unknown", text=word[:60])
        return found or self._default

    def advisor(self, word: str, *, column: str = "advisor") -> int | None:
        """Return the key of an advisor; an empty word means nobody.

        Errors: RowFault advisor_unknown, advisor_ambiguous, unless the mapping says that unknown ones count as nobody.
        """
        if not word:
            return None
        found = self._people.get(word.lower(), [])
        if len(found) != 1 and self._unknown_advisor == "nobody":
            return None
        if len(found) != 1:
            raise RowFault(column, "advisor_ambiguous" if found else "advisor_unknown", text=word[:60])
        return found[0]


def _place(shop: Shop) -> Place:
    return Place(shop.id, ZoneInfo(shop.time_zone), shop.currency)


def mapping_for(*, subject: str, name: str) -> ImportMapping | None:
    """Return the remembered mapping of that name, or None."""
    return ImportMapping.objects.filter(subject=subject, name=name).first()
