"""Remarks of level 4 that a file brings: notes of their own, each once."""

from __future__ import annotations

from hashlib import sha256

from zhenke.customers.models import Interaction
from zhenke.customers.rules.loading import Known, LoadRow
from zhenke.customers.rules.notes import SENSITIVE


class PrivateRemarks:
    """The notes to be written, by their key: customer, shop, words."""

    def __init__(self) -> None:
        self._new: dict[str, tuple[int, int, str]] = {}

    def take(self, known: Known, row: LoadRow) -> bool:
        """Remember what a row says, once for the same words of the same person; return whether that is news.

        One SQL query for a row that has such words and a person that is known; there are few.
        """
        if not row.private:
            return False
        key = f"remark:{known.id}:{sha256(row.private.encode()).hexdigest()[:32]}"
        if key in self._new or (not known.is_new and Interaction.objects.filter(source_key=key).exists()):
            return False
        self._new[key] = (known.id, row.shop_id, row.private)
        return True

    def rows(self, stamp: object, by: int | None) -> list[tuple[object, ...]]:
        """Return the rows of the notes in the order of `NOTE_COLUMNS`."""
        return [
            (customer, Interaction.Kind.NOTE.value, stamp, by, shop, text, SENSITIVE, "", "{}", key)
            for key, (customer, shop, text) in self._new.items()
        ]


NOTE_COLUMNS = ("customer_id", "kind", "at", "by_id", "shop_id", "text", "level", "result", "facts", "source_key")
