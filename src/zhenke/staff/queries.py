"""Reads of the staff room: who may see whom, shops, people, tokens and the audit trail.

`within_scope` is the one place that turns a viewer into a filter. Every query of every room that returns people's data
goes through it, so a row that is not yours and a row that does not exist look the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhenke.basics.cipher import key_of
from zhenke.basics.days import YearRule
from zhenke.basics.errors import NotFound
from zhenke.basics.prepared import Prepared
from zhenke.staff.models import ApiToken, AuditEntry, Shop, StaffMember, StoredReply, Viewer
from zhenke.staff.rules import ROLE_MAY, May, Role, Scope, SystemViewer

__all__ = [
    "SeenEntry",
    "Viewer",
    "advisors_of",
    "audit_entries",
    "brand_of",
    "devices_by_key",
    "entries_about",
    "is_of_one_shop",
    "is_passkey_known",
    "kept_reply",
    "shop_for",
    "shop_paths",
    "shops_within",
    "sight_key",
    "signed_in",
    "staff_member",
    "staff_within",
    "token_for",
    "tokens",
    "within_scope",
    "year_rule_of",
]

NOTHING = Q(pk__in=[])


def shop_paths(*, viewer: Viewer) -> list[str]:
    """Return the path prefixes of the shops that the viewer sees.

    Shape:  [""] for the system (every shop), [] for somebody who left, else one prefix that ends in "/".
    Sees:   advisors and shops' people their own shop, area managers and integrations what stands below their node,
            brand roles the whole brand, wherever in it they sit.
    """
    if isinstance(viewer, SystemViewer):
        return [""]
    if not viewer.is_active:
        return []
    path = viewer.shop.path
    return [path.split("/", 1)[0] + "/"] if viewer.scope == Scope.BRAND else [path]


def below(prefix: str, field: str = "path") -> Q:
    """Return the filter "this path begins with `prefix`", in the form whose index the database can use.

    PostgreSQL uses the pattern index for LIKE whatever the collation. SQLite's LIKE ignores case and so never uses the
    index, but it compares text byte by byte: there the range up to "0", the character after "/", is the same set.
    """
    if not prefix:
        return Q()
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix[:-1] + "0"})
    return Q(**{f"{field}__startswith": prefix})


def within_scope(viewer: Viewer, shop_field: str = "shop", owner_fields: tuple[str, ...] = ("owner", "cover")) -> Q:
    """Return the filter that keeps the rows a viewer may see.

    `shop_field` is the path of lookups from the filtered table to its shop, `owner_fields` those to the people whose
    rows they are; a table without such people passes (), and then a viewer of scope "own" sees nothing of it.

    Sees:   own: rows that are the viewer's; shop, region: rows of the shops below the viewer's node; brand: rows of the
            brand; SYSTEM: every row; somebody who left: none.
    """
    if isinstance(viewer, SystemViewer):
        return Q()
    if not viewer.is_active:
        return NOTHING
    if viewer.scope == Scope.OWN:
        own = NOTHING
        for number, field in enumerate(owner_fields):
            mine = Q(**{f"{field}_id" if "__" not in field else field: viewer.pk})
            own = mine if number == 0 else own | mine
        return own
    shop_key = shop_field if "__" in shop_field else f"{shop_field}_id"
    if is_of_one_shop(viewer):
        return Q(**{shop_key: viewer.shop_id})
    [prefix] = shop_paths(viewer=viewer)
    if viewer.scope == Scope.BRAND:
        # Nearly every row is inside: asking row by row lets the caller's own order and index lead, where a join or an
        # IN would walk thousands of shops first.
        return Q(Exists(Shop.objects.filter(below(prefix), pk=OuterRef(shop_key))))
    return Q(**{f"{shop_field}__in": Shop.objects.filter(below(prefix)).order_by().values("pk")})


def sight_key(viewer: Viewer) -> tuple[object, ...]:
    """Return what `within_scope` makes of a viewer: as long as it is the same, so are the queries made for it."""
    if isinstance(viewer, SystemViewer):
        return (viewer.role,)
    return viewer.pk, viewer.role, viewer.is_active, viewer.shop_id, viewer.shop.path, viewer.shop.kind


def is_of_one_shop(viewer: Viewer) -> bool:
    """Return whether the viewer sees exactly the rows of one shop."""
    if isinstance(viewer, SystemViewer) or not viewer.is_active:
        return False
    return viewer.scope == Scope.SHOP and viewer.shop.kind == Shop.Kind.SHOP


def shops_within(*, viewer: Viewer) -> QuerySet[Shop]:
    """Return the nodes of the tree that the viewer sees, closed ones too.

    Shape:  one row per node, parents before children; may be empty.
    Sees:   as `shop_paths`.
    """
    paths = shop_paths(viewer=viewer)
    return Shop.objects.filter(below(paths[0])) if paths else Shop.objects.none()


def shop_for(*, viewer: Viewer, id: int) -> Shop:
    """Return one node of the tree.

    Errors: NotFound if it does not exist or is not within the viewer's sight.
    Sees:   as `shop_paths`.
    """
    shop = shops_within(viewer=viewer).filter(pk=id).first()
    if shop is None:
        raise NotFound(kind="shop")
    return shop


def brand_of(shop: Shop) -> Shop:
    """Return the root of the tree in which `shop` stands."""
    if shop.parent_id is None:
        return shop
    return Shop.objects.get(pk=int(shop.path.split("/", 1)[0]))


def staff_within(*, viewer: Viewer) -> QuerySet[StaffMember]:
    """Return the people whose names the viewer may know, those who left too, with their shop.

    Shape:  one row per person, by name; may be empty.
    Sees:   people of the shops of `shop_paths`; for an advisor these are the colleagues of the own shop.
    """
    paths = shop_paths(viewer=viewer)
    if not paths:
        return StaffMember.objects.none()
    return StaffMember.objects.filter(below(paths[0], "shop__path")).select_related("shop")


def staff_member(*, viewer: Viewer, id: int) -> StaffMember:
    """Return one person.

    Errors: NotFound if there is none or the viewer may not know them.
    Sees:   as `staff_within`.
    """
    member = staff_within(viewer=viewer).filter(pk=id).first()
    if member is None:
        raise NotFound(kind="staff")
    return member


def advisors_of(*, shop: Shop, viewer: Viewer) -> QuerySet[StaffMember]:
    """Return the people of one shop, or of the shops below a node, to whom customers can be given.

    Shape:  one row per active advisor or shop manager, by name; may be empty.
    Sees:   as `staff_within`.
    """
    roles = [Role.ADVISOR, Role.SHOP_MANAGER]
    return staff_within(viewer=viewer).filter(below(shop.path, "shop__path"), role__in=roles, is_active=True)


def others_who_may(*, member: StaffMember, act: May) -> QuerySet[StaffMember]:
    """Return the other people of a person's brand who have an act and work here.

    Shape:  one row per person; may be empty.
    Sees:   no viewer: who could be asked, for rules that need a second person; the caller shows no name.
    """
    roles = [role for role in Role if act in ROLE_MAY[role]]
    brand = member.shop.path.split("/", 1)[0] + "/"
    rows = StaffMember.objects.filter(below(brand, "shop__path"), role__in=roles, is_active=True)
    return rows.exclude(pk=member.pk).order_by()


def token_hash(secret: str) -> str:
    """Return what is kept of a token's secret: SHA-256, enough because the secret is 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_for(*, secret: str, now: datetime) -> ApiToken | None:
    """Return the token that `secret` opens, with the account it acts as and that account's shop.

    Shape:  None if it is unknown, revoked, paused or expired, or its account has left.
    Sees:   no viewer: this is how an integration becomes one.
    """
    found = ApiToken.objects.select_related("acts_as__shop").filter(
        token_hash=token_hash(secret), revoked_at=None, paused_at=None, expires_at__gt=now, acts_as__is_active=True
    )
    return found.first()


def kept_reply(*, credential: str, endpoint: str, key: str) -> StoredReply | None:
    """Return the answer that was kept for one call of one credential.

    Shape:  None if the call was never answered with success, or a week ago.
    Sees:   no viewer: who holds the credential reads its own answers.
    """
    return StoredReply.objects.filter(credential=credential, endpoint=endpoint, key=key).first()


def tokens(*, viewer: Viewer) -> QuerySet[ApiToken]:
    """Return the integrations' credentials for the settings page, newest first, never their secrets.

    Shape:  one row per token, revoked ones too; may be empty.
    Sees:   people who may edit staff, for accounts of the shops of `shop_paths`.
    """
    paths = shop_paths(viewer=viewer)
    if not paths or not viewer.may(May.EDIT_STAFF):
        return ApiToken.objects.none()
    rows = ApiToken.objects.filter(below(paths[0], "acts_as__shop__path"))
    return rows.select_related("acts_as__shop", "made_by").order_by("-made_at", "-id")


def audit_entries(
    *,
    viewer: Viewer,
    subject_kind: str = "",
    subject_id: int | None = None,
    action: str = "",
    before: int | None = None,
    until: datetime | None = None,
    size: int = 50,
) -> list[AuditEntry]:
    """Return lines of the trail, newest first, `before` a position, `until` an instant.

    Shape:  at most `size` rows with their actor; may be empty.
    Sees:   people who may see the audit trail: what was done by people of the shops of `shop_paths`. Lines of the
            house itself only SYSTEM sees.
    """
    paths = shop_paths(viewer=viewer)
    if not paths or not viewer.may(May.SEE_AUDIT):
        return []
    wanted = below(paths[0], "actor__shop__path")
    if subject_kind:
        wanted &= Q(subject_kind=subject_kind)
    if subject_id is not None:
        wanted &= Q(subject_id=subject_id)
    if action:
        wanted &= Q(action=action)
    if before is not None:
        wanted &= Q(position__lt=before)
    if until is not None:
        wanted &= Q(at__lte=until)
    return list(AuditEntry.objects.filter(wanted).select_related("actor").order_by("-position")[:size])


def year_rule_of(shop: Shop) -> YearRule:
    """Return what the brand of a shop does with days that a year lacks: 29 February, a missing 三十.

    Shape:  no SQL query for the brand's own people, one for others.
    Sees:   no viewer: a setting of the house, not of a person.
    """
    if shop.parent_id is None:
        return YearRule(**shop.date_rules)
    rules = Shop.objects.filter(pk=int(shop.path.split("/", 1)[0])).values_list("date_rules", flat=True).first()
    return YearRule(**(rules or {}))


def signed_in(id: int) -> StaffMember | None:
    """Return the person whom a session belongs to, with their shop.

    Shape:  None if there is no such person or they have left.
    Sees:   no viewer: this is how a session becomes one.
    """
    found: StaffMember | None = _SIGNED_IN.first(connection, key=id)
    return found


def is_passkey_known(*, raw_id: str) -> bool:
    """Return whether a passkey of this id, as browsers write it, is tied to any account.

    Sees:   no viewer: ids are random, and only a browser that holds the passkey can ask.
    """
    return Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, data__credential__rawId=raw_id).exists()


# Asked at every page, so its text is made once.
_SIGNED_IN = Prepared(lambda key: StaffMember.objects.select_related("shop").filter(pk=key, is_active=True), key=int)


def devices_by_key(*, viewer: Viewer) -> dict[str, int]:
    """Return how many secrets of second factors are sealed with each key.

    Shape:  one entry per key that has any.
    Sees:   SYSTEM alone, and only numbers leave; nothing for anybody else.
    """
    if not isinstance(viewer, SystemViewer):
        return {}
    kept = Authenticator.objects.values_list("data", flat=True)
    return dict(Counter(key_of(text) for values in kept for text in _sealed_in(values)))


def _sealed_in(values: Any) -> list[str]:
    if isinstance(values, dict | list):
        parts = values.values() if isinstance(values, dict) else values
        return [text for part in parts for text in _sealed_in(part)]
    return [values] if isinstance(values, str) and key_of(values) else []


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """One line of the trail about a thing; `actor` is None for the house itself and for people out of sight."""

    entry: AuditEntry
    actor: StaffMember | None


def entries_about(
    *, viewer: Viewer, subjects: Mapping[str, Collection[int]], before: int | None = None, size: int = 50
) -> list[SeenEntry]:
    """Return the lines of the trail about some things, newest first, `before` a position.

    `subjects` are keys by kind; the caller has made sure that the viewer may see these things and who touched them.

    Shape:  at most `size` rows; may be empty. One SQL query.
    Sees:   every line about them; who it was, of the people of the shops of `shop_paths`.
    """
    paths = shop_paths(viewer=viewer)
    wanted = Q()
    for kind, keys in subjects.items():
        if keys:
            wanted |= Q(subject_kind=kind, subject_id__in=list(keys))
    if not paths or not wanted:
        return []
    if before is not None:
        wanted &= Q(position__lt=before)
    rows = AuditEntry.objects.filter(wanted).select_related("actor__shop").order_by("-position")[:size]
    return [
        SeenEntry(row, row.actor if row.actor and row.actor.shop.path.startswith(paths[0]) else None) for row in rows
    ]
