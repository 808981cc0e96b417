"""Known things of level 4: sealed to their own rows, masked for who leads, and nothing for everybody else."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from zhenke.basics.cipher import FieldCipher, place_of
from zhenke.customers.models import CustomField, Trait
from zhenke.customers.queries.archive import CustomerUnknown, visible
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.customers.rules.traits import CUSTOM, LEVEL_4, SEALED_LEVEL
from zhenke.staff.models import Viewer
from zhenke.staff.rules import SystemViewer

TRAITS = Trait._meta.db_table
GROUP = "traits_level_4"
_COLUMN = f"{TRAITS}.sealed"


def trait_place(trait_id: int) -> str:
    """Return the place that a value of level 4 is sealed to."""
    return place_of(_COLUMN, trait_id)


def sealed_parts(cipher: FieldCipher, key: int, text: str) -> tuple[str, str]:
    """Return what a row of this key keeps as text and as seal of a value of level 4."""
    return f"sealed:{key}", cipher.seal(text, trait_place(key))


def trait_text(row: Trait) -> str:
    """Return the value of a trait; for the room's own use: what leaves the room is masked or revealed."""
    return value_of(row.pk, row.text, row.sealed)


def value_of(key: int, text: str, sealed: str) -> str:
    """Return the value of a row of traits that was read column by column."""
    return field_cipher().open(sealed, trait_place(key)) if sealed else text


def sealed_among(keys: Collection[str]) -> frozenset[str]:
    """Return those of some keys whose values are sealed: kinds and own fields of level 4.

    Shape:  may be empty. No SQL query without keys of own fields, else one.
    Sees:   everybody: levels speak of fields, not of people.
    """
    own = [key.removeprefix(CUSTOM) for key in keys if key.startswith(CUSTOM)]
    fields = CustomField.objects.filter(key__in=own, level=SEALED_LEVEL) if own else CustomField.objects.none()
    return frozenset({*LEVEL_4.intersection(keys), *(f"{CUSTOM}{key}" for key in fields.values_list("key", flat=True))})


def all_sealed() -> frozenset[str]:
    """Return every key whose values are sealed, retired own fields among them. One SQL query."""
    own = CustomField.objects.filter(level=SEALED_LEVEL).values_list("key", flat=True)
    return LEVEL_4 | {f"{CUSTOM}{key}" for key in own}


def masked_traits(*, viewer: Viewer) -> frozenset[str]:
    """Return the keys of traits that the viewer's role is shown as a mask, and whole for a reason.

    Shape:  empty for who is shown none of them, without a query; else one.
    """
    return all_sealed() if sight_of(viewer.role).of(GROUP) == Shown.REVEAL else frozenset()


def trait_for(*, viewer: Viewer, id: int) -> Trait:
    """Return one known thing of level 4 with its customer, still sealed.

    Errors: CustomerUnknown if there is none, its customer is out of sight, or the role is not shown that there is one.
    Sees:   as `masked_traits`.
    """
    found = Trait.objects.select_related("customer__shop").filter(pk=id).first()
    is_seen = found is not None and visible(viewer=viewer).filter(pk=found.customer_id).exists()
    if found is None or not is_seen or found.key not in masked_traits(viewer=viewer):
        raise CustomerUnknown
    return found


def traits_by_key(*, viewer: Viewer, key_ids: tuple[str, ...]) -> dict[str, int]:
    """Return how many traits are sealed with each of these keys; under "" those with none, plain ones among them.

    Shape:  one entry per key that has any; reads of the sealed rows alone, and of the kinds of level 4.
    Sees:   SYSTEM alone, and only numbers leave; nothing for anybody else.
    """
    if not isinstance(viewer, SystemViewer):
        return {}
    sealed = Trait.objects.exclude(sealed="")
    counts = {key: sealed.filter(sealed__startswith=f"v1|{key}|").count() for key in key_ids}
    plain = Trait.objects.filter(key__in=all_sealed(), sealed="").count()
    counts[""] = sealed.count() - sum(counts.values()) + plain
    return {key: count for key, count in counts.items() if count}


def trait_images(moved: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield key and image of each sealed trait that a merge took out whole."""
    for key, image in moved.get("customers", {}).get("before", {}).get(TRAITS, {}).items():
        if image.get("sealed"):
            yield int(key), image
