"""What hangs on notes and visits: the colleagues whom they name, who may be named, and their photos."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from zhenke.basics.errors import NotFound
from zhenke.basics.picture_files import picture_path
from zhenke.customers.models import Customer, CustomerTeam, Interaction, Mention, NotePhoto
from zhenke.customers.queries.archive import belonging_to
from zhenke.customers.queries.protection import unless_hidden
from zhenke.customers.rules.importance import Importance
from zhenke.customers.rules.notes import SENSITIVE
from zhenke.customers.rules.sight import SIGHT, sight_of
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import staff_within, within_scope
from zhenke.staff.rules import ROLE_SCOPE, Role, Scope, SystemViewer

MOST_LINES = 10
_MOST_OFFERED = 40


class MentionUnknown(NotFound):
    """There is no such line, it is not the viewer's, or she may not see the customer any more."""

    code = "mention_unknown"
    message = "This line does not exist, or is not yours to see."


class NoteUnknown(NotFound):
    """There is no such note on this customer, or the viewer may not see her notes."""

    code = "note_unknown"
    message = "This note does not exist, or is not yours to see."


class NotePhotoUnknown(NotFound):
    """There is no such photo, or the viewer may not see the note that it belongs to."""

    code = "note_photo_unknown"
    message = "This photo does not exist, or is not yours to see."


@dataclass(frozen=True, slots=True)
class Attached:
    """What hangs on one note, as a viewer may know it: keys of its photos, and whom it names (and who has seen it)."""

    photos: tuple[int, ...] = ()
    named: tuple[tuple[StaffMember, bool], ...] = ()


def readable(viewer: Viewer, field: str = "") -> Q:
    """Return the filter "the words of this interaction are shown to the viewer"; `field` is the path to it.

    Sees:   nothing of the customer's own sight: the caller asks that.
    """
    sight = sight_of(viewer.role)
    if not sight.notes:
        return Q(pk__in=[])
    return Q() if sight.sensitive_notes else Q(**{f"{field}level__lt": SENSITIVE})


def _unseen(viewer: Viewer) -> QuerySet[Mention]:
    """Return the lines of a viewer whose customers she may still see and whose words she is shown."""
    if isinstance(viewer, SystemViewer):
        return Mention.objects.none()  # the house is nobody's colleague
    path = "interaction__customer"
    mine = Mention.objects.filter(member_id=viewer.pk).filter(readable(viewer, "interaction__"))
    inside = within_scope(viewer, f"{path}__shop", (f"{path}__owner", f"{path}__cover"))
    return mine.filter(inside, unless_hidden(viewer, path))


def waiting_for(*, member: int) -> QuerySet[Mention]:
    """Return the lines that name a person and were not seen, whether she may still see their customers or not.

    Sees:   no viewer: only whether there are any may be told, to the person herself.
    """
    return Mention.objects.filter(member=member, seen_at=None).order_by()


def mentions_for(*, viewer: Viewer, size: int = MOST_LINES) -> list[Mention]:
    """Return the notes that name the viewer and that she has not seen, with note, customer and who wrote it.

    Shape:  at most `size` rows, the newest first; may be empty. One SQL query.
    Sees:   her own alone, and only while she may see the customer and the words.
    """
    rows = _unseen(viewer).filter(seen_at=None).select_related("interaction__customer", "by")
    return list(rows.order_by("-at", "-id")[:size])


def mention_for(*, viewer: Viewer, id: int) -> Mention:
    """Return one line of the viewer's own, seen or not.

    Errors: MentionUnknown.
    Sees:   as `mentions_for`.
    """
    found = _unseen(viewer).select_related("interaction__customer").filter(pk=id).first()
    if found is None:
        raise MentionUnknown
    return found


def those_who_see(customer: Customer, *, level: int) -> Q:
    """Return the filter "this person may see this customer, and notes of this level", over members of the staff.

    It is `visible` turned round, for lists of people; tests hold the two against each other for everybody.
    """
    above = [int(part) for part in customer.shop.path.split("/") if part]
    roles = [role for role in Role if SIGHT[role].notes and (level < SENSITIVE or SIGHT[role].sensitive_notes)]
    own, brand = ([role for role in roles if ROLE_SCOPE[role] == scope] for scope in (Scope.OWN, Scope.BRAND))
    shops = [role for role in roles if ROLE_SCOPE[role] in (Scope.SHOP, Scope.REGION)]
    named = Q(pk__in=[customer.owner_id, customer.cover_id])
    root = customer.shop.path.split("/", 1)[0] + "/"
    seen = Q(role__in=shops, shop__in=above) | Q(role__in=own) & named | Q(role__in=brand, shop__path__startswith=root)
    if customer.importance == Importance.PROTECTED:
        team = CustomerTeam.objects.filter(customer_id=customer.pk).values("member_id")
        seen &= named | Q(pk__in=team) | Q(role=Role.OWNER)
    return seen & Q(is_active=True)


def may_be_named(*, viewer: Viewer, customer: Customer) -> list[StaffMember]:
    """Return the colleagues whom a viewer can name in a note on a customer.

    Shape:  at most 40 people, those of the customer's shop first, by name; never the viewer. One SQL query, one more
            for a protected customer.
    Sees:   people of `staff_within`, of them those who may see the customer; programs are nobody's colleague.
    """
    people = staff_within(viewer=viewer).filter(those_who_see(customer, level=0))
    people = people.exclude(pk=viewer.id or 0).exclude(role=Role.INTEGRATION)
    ordered = sorted(people.order_by("name")[: _MOST_OFFERED * 2], key=lambda one: one.shop_id != customer.shop_id)
    return ordered[:_MOST_OFFERED]


def attached_to(*, viewer: Viewer, customer: Customer, interactions: Iterable[Interaction]) -> dict[int, Attached]:
    """Return photos and named colleagues of some interactions of a customer, by the keys of those that have any.

    Interactions that `interactions_of` gave say themselves whether they have any, and are not asked for in vain.

    Shape:  at most two SQL queries, none where there is nothing.
    Sees:   as `interactions_of`, and nothing of notes whose words the viewer is not shown.
    """
    rows = list(interactions)
    pictured = [row.pk for row in rows if getattr(row, "has_photos", True)]
    naming = [row.pk for row in rows if getattr(row, "has_mentions", True)]
    hers = belonging_to(viewer=viewer, customer=customer, field="interaction__customer")
    told = hers & readable(viewer, "interaction__")
    photos: dict[int, list[int]] = {}
    named: dict[int, list[tuple[StaffMember, bool]]] = {}
    for photo in NotePhoto.objects.filter(told, interaction__in=pictured).order_by("pk") if pictured else ():
        photos.setdefault(photo.interaction_id, []).append(photo.pk)
    mentions = Mention.objects.filter(told, interaction__in=naming).select_related("member").order_by("pk")
    for mention in mentions if naming else ():
        named.setdefault(mention.interaction_id, []).append((mention.member, mention.seen_at is not None))
    return {
        key: Attached(tuple(photos.get(key, ())), tuple(named.get(key, ()))) for key in photos.keys() | named.keys()
    }


def note_for(*, viewer: Viewer, customer: Customer, id: int) -> Interaction:
    """Return one interaction of a customer's, to be taken back.

    Errors: NoteUnknown.
    Sees:   as `interactions_of`.
    """
    hers = belonging_to(viewer=viewer, customer=customer)
    found = Interaction.objects.filter(hers, pk=id).first() if sight_of(viewer.role).notes else None
    if found is None:
        raise NoteUnknown
    return found


def note_photo_for(*, viewer: Viewer, customer: Customer, id: int) -> NotePhoto:
    """Return one photo of a note of a customer's, with its interaction.

    Errors: NotePhotoUnknown if there is none, or the viewer is not shown the words of the note.
    Sees:   as `interactions_of`.
    """
    hers = belonging_to(viewer=viewer, customer=customer, field="interaction__customer")
    rows = NotePhoto.objects.filter(hers, readable(viewer, "interaction__"), pk=id).select_related("interaction")
    found = rows.first()
    if found is None:
        raise NotePhotoUnknown
    return found


def note_photo_folder() -> Path:
    """Return the folder of the photos of notes, outside of everything that a web server shows."""
    return Path(settings.HOME) / "notes"


def note_photo_file(*, photo: NotePhoto, is_small: bool) -> Path:
    """Return where a photo lies, large or small."""
    return picture_path(folder=note_photo_folder(), name=photo.file_name, is_small=is_small)


def known_note_photos(*, names: Collection[str]) -> set[str]:
    """Return which of these names of files belong to a photo.

    Sees:   no viewer: names that nobody can guess, for the house's own tidying.
    """
    return set(NotePhoto.objects.filter(file_name__in=list(names)).values_list("file_name", flat=True))
