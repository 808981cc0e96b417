"""How many sealed values of this room stand under which key, for the house alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from zhenke.basics.cipher import key_of
from zhenke.customers.models import ContactPoint, Merge
from zhenke.customers.queries.sealed_traits import trait_images
from zhenke.staff.models import Viewer
from zhenke.staff.rules import SystemViewer

CONTACTS = ContactPoint._meta.db_table


def contacts_by_key(*, viewer: Viewer, key_ids: tuple[str, ...]) -> dict[str, int]:
    """Return how many contacts are sealed with each of these keys, and under "" those with none of them.

    Shape:  one entry per key that has any; a few reads of the whole table.
    Sees:   SYSTEM alone, and only numbers leave; nothing for anybody else.
    """
    if not isinstance(viewer, SystemViewer):
        return {}
    counts = {key: ContactPoint.objects.filter(sealed__startswith=f"v1|{key}|").count() for key in key_ids}
    counts[""] = ContactPoint.objects.count() - sum(counts.values())
    return {key: count for key, count in counts.items() if count}


def images_by_key(*, viewer: Viewer) -> dict[str, int]:
    """Return how many contacts and traits that merges took out, kept for undo, are sealed with each key.

    Shape:  one entry per key that has any.
    Sees:   as `contacts_by_key`.
    """
    if not isinstance(viewer, SystemViewer):
        return {}
    merges = Merge.objects.filter(state=Merge.State.DONE).values_list("moved", flat=True)
    seals: Counter[str] = Counter()
    for moved in merges.iterator(chunk_size=100):
        seals.update(key_of(image["sealed"]) for _, image in (*contact_images(moved), *trait_images(moved)))
    return dict(seals)


def contact_images(moved: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield key and image of each whole contact among the images of a merge."""
    for key, image in moved.get("customers", {}).get("before", {}).get(CONTACTS, {}).items():
        if "sealed" in image:
            yield int(key), image
