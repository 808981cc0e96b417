"""What is known of one customer: dates, traits, tags, the shop's own fields, and the lists that a person keeps."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from zhenke.customers.models import Customer, CustomerDate, CustomField, SavedView, Tag, Trait
from zhenke.customers.queries.archive import belonging_to, visible
from zhenke.customers.queries.sealed_traits import masked_traits, trait_text
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.customers.rules.traits import CUSTOM, LEVEL_3, LEVEL_4, MASK, OwnField
from zhenke.staff.models import StaffMember, Viewer


def dates_of(*, viewer: Viewer, customer: Customer) -> list[CustomerDate]:
    """Return the days of a customer that come back.

    Shape:  one row per day, birthday first; may be empty.
    Sees:   as `visible`; nothing for marketing and the auditor. Whether the year is shown is `sight_of(role).birthday`.
    """
    if not sight_of(viewer.role).dates:
        return []
    rows = CustomerDate.objects.filter(belonging_to(viewer=viewer, customer=customer))
    return sorted(rows, key=lambda row: (row.kind != "birthday", row.kind, row.label))


def traits_of(*, viewer: Viewer, customer: Customer) -> dict[str, list[Trait]]:
    """Return what is known of a customer's taste, sizes and the like, by key.

    Shape:  each key with its values in the order in which they were written; may be empty.
    Sees:   as `visible`; kinds and own fields of level 3 and 4 as `rules/sight.py` says (`hidden_traits`). Of level 4
            who leads is given masks (`is_masked`); `operations.reveal_trait` gives one whole.
    """
    hidden, masked = hidden_traits(viewer=viewer), masked_traits(viewer=viewer)
    rows = Trait.objects.filter(belonging_to(viewer=viewer, customer=customer)).order_by("key", "id")
    known: dict[str, list[Trait]] = {}
    for row in rows:
        if row.key in masked:
            row.text, row.sealed, row.is_masked = MASK, "", True
        elif row.key in hidden:
            continue
        elif row.sealed:
            row.text, row.sealed = trait_text(row), ""
        known.setdefault(row.key, []).append(row)
    return known


def hidden_traits(*, viewer: Viewer) -> frozenset[str]:
    """Return the keys of traits, the shop's own fields among them, whose values the viewer's role is not shown at once.

    Those of `masked_traits` are among them: no filter, count or form tells their values either.

    Shape:  empty for who is shown every level, without a query; else one.
    """
    sight = sight_of(viewer.role)
    levels = {
        level: kinds for level, kinds in ((3, LEVEL_3), (4, LEVEL_4)) if sight.of(f"traits_level_{level}") != Shown.FULL
    }
    if not levels:
        return frozenset()
    own = CustomField.objects.filter(level__in=levels).values_list("key", flat=True)
    return frozenset().union(*levels.values(), (f"{CUSTOM}{key}" for key in own))


def unseen_traits(*, viewer: Viewer) -> frozenset[str]:
    """Return the keys of traits of which the viewer's role is not even told that there is something.

    Shape:  empty for who is told of every level; at most two SQL queries.
    """
    return hidden_traits(viewer=viewer) - masked_traits(viewer=viewer)


def own_field(*, key: str) -> OwnField | None:
    """Return one field of the shop's own that is asked for, None if there is none."""
    row = CustomField.objects.filter(key=key, retired_at=None).first()
    return _plain(row) if row else None


def own_fields() -> list[OwnField]:
    """Return the fields of the shop's own that are asked for, in their order, as rules read them."""
    return [_plain(row) for row in CustomField.objects.filter(retired_at=None)]


def _plain(row: CustomField) -> OwnField:
    names = (row.name_en, row.name_zh)
    return OwnField(row.key, row.kind, tuple(row.choices), names, row.choice_words, row.level)


def tags_of(*, viewer: Viewer, customer: Customer) -> list[Tag]:
    """Return the words that are on a customer, by name.

    Shape:  may be empty.
    Sees:   as `visible`.
    """
    rows = Tag.objects.filter(belonging_to(viewer=viewer, customer=customer, field="customers__customer"))
    return list(rows.order_by("name"))


def tags(*, viewer: Viewer) -> QuerySet[Tag]:
    """Return every word that is on a customer, by name.

    Shape:  may be empty.
    Sees:   words that are on somebody in sight: one that only another shop's customers have may say who they are.
    """
    return Tag.objects.filter(Exists(visible(viewer=viewer).filter(tags__tag=OuterRef("pk"))))


def custom_fields(*, with_retired: bool = False) -> QuerySet[CustomField]:
    """Return the fields that the shop defined itself, in their order; retired ones only when asked for."""
    return CustomField.objects.all() if with_retired else CustomField.objects.filter(retired_at=None)


def saved_views(*, viewer: StaffMember) -> QuerySet[SavedView]:
    """Return the lists that the viewer keeps, by name.

    Shape:  may be empty.
    Sees:   only the viewer's own.
    """
    return SavedView.objects.filter(staff_id=viewer.pk)
