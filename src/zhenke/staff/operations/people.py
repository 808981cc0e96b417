"""Writes: people who work in the shops, from their first day to the second they are out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from zhenke.basics.errors import BadInput, NotAllowed, RuleBroken
from zhenke.staff.audit import record
from zhenke.staff.models import ApiToken, Shop, StaffMember, Viewer
from zhenke.staff.queries import shop_for, staff_member
from zhenke.staff.rules import May, Role, checked_username, needs_shop


class UsernameTaken(RuleBroken):
    """Somebody, perhaps one who left, has this user name; facts: `username`."""

    code = "username_taken"
    message = "Somebody already signs in as {username}."


class PasswordTooWeak(BadInput):
    """The password is short, common or like the person's own name; facts: `reasons` in the reader's language."""

    code = "password_too_weak"
    message = "{reasons}"


class RoleNeedsShop(RuleBroken):
    """Advisors, shop managers and service people belong to one shop, not to a region; facts: `role`."""

    code = "role_needs_shop"
    message = "A person with this role belongs to one shop."


class LastOwner(RuleBroken):
    """The brand would be left without anybody who can manage people."""

    code = "last_owner"
    message = "This is the last owner; give somebody else the role first."


@dataclass(frozen=True)
class MemberChanges:
    """What may change about a person; None leaves a field as it is."""

    name: str | None = None
    pinyin: str | None = None
    email: str | None = None
    role: Role | None = None
    shop: Shop | None = None
    language: str | None = None
    capacity_a_day: int | None = None


def add_staff(
    *,
    username: str,
    name: str,
    role: Role,
    shop: Shop,
    password: str | None,
    by: Viewer,
    now: datetime,
    pinyin: str = "",
    email: str = "",
    language: str = "",
    capacity_a_day: int = 12,
) -> StaffMember:
    """Add one person who may sign in, and return them.

    Units:  no password (None) makes an account that only a token can use, for an integration.
    Errors: NotAllowed; NotFound if the shop is not in sight; UsernameTaken; BadUsername; PasswordTooWeak;
            RoleNeedsShop.
    Writes: one StaffMember and a line of the audit trail.
    Twice:  UsernameTaken; nothing is written.
    """
    _must_edit(by)
    shop = shop_for(viewer=by, id=shop.pk)
    _must_fit(role, shop)
    member = StaffMember(
        username=checked_username(username),
        name=name.strip(),
        pinyin=pinyin,
        email=email.strip(),
        role=Role(role).value,
        shop=shop,
        language=_known_language(language),
        capacity_a_day=capacity_a_day,
        created_at=now,
    )
    _give_password(member, password)
    with transaction.atomic():
        try:
            with transaction.atomic():
                member.save(force_insert=True)
        except IntegrityError:
            raise UsernameTaken(username=member.username) from None
        facts = {"role": member.role, "shop": shop.pk}
        record(action="staff.added", by=by, now=now, subject_kind="staff", subject_id=member.pk, **facts)
    return member


def change_staff(*, member: StaffMember, changes: MemberChanges, by: Viewer, now: datetime) -> StaffMember:
    """Change what is said about one person and return them. A new role or shop ends their sessions.

    Errors: NotAllowed; NotFound if person or shop is not in sight; RoleNeedsShop; LastOwner.
    Writes: the StaffMember; sessions, when role or shop changed; a line of the audit trail with the fields' names.
    Twice:  the second call finds nothing to change and writes nothing.
    """
    _must_edit(by)
    with transaction.atomic():
        member = staff_member(viewer=by, id=member.pk)
        shop = shop_for(viewer=by, id=changes.shop.pk) if changes.shop else None
        language = None if changes.language is None else _known_language(changes.language)
        wanted = {**vars(changes), "shop": shop, "language": language}
        changed = [f for f, value in wanted.items() if value is not None and getattr(member, f) != value]
        if not changed:
            return member
        if "role" in changed and member.role == Role.OWNER:
            _must_leave_an_owner(member)
        for field in changed:
            setattr(member, field, wanted[field])
        _must_fit(Role(member.role), member.shop)
        member.save(update_fields=changed)
        if {"role", "shop"} & set(changed):
            end_sessions(member)
        facts = {"fields": sorted(changed), "role": member.role, "shop": member.shop_id}
        record(action="staff.changed", by=by, now=now, subject_kind="staff", subject_id=member.pk, **facts)
    return member


def choose_language(*, member: StaffMember, language: str, now: datetime) -> StaffMember:
    """Keep the language in which this person reads the pages; everybody may do this for themselves.

    Units:  a code of settings.LANGUAGES, or "" for the installation's own.
    Writes: the StaffMember; no line in the trail.
    Twice:  the same again.
    """
    member.language = _known_language(language)
    member.save(update_fields=["language"])
    return member


def set_password(*, member: StaffMember, password: str, by: Viewer, now: datetime) -> StaffMember:
    """Give a person a new password and end all their sessions.

    Errors: NotAllowed, unless it is one's own; NotFound; PasswordTooWeak.
    Writes: the password's hash; sessions; a line of the audit trail.
    Twice:  the sessions end again.
    """
    if by.id != member.pk:
        _must_edit(by)
    with transaction.atomic():
        member = staff_member(viewer=by, id=member.pk)
        _give_password(member, password)
        member.save(update_fields=["password"])
        end_sessions(member)
        record(action="staff.password_set", by=by, now=now, subject_kind="staff", subject_id=member.pk)
    return member


def let_go(*, member: StaffMember, by: Viewer, now: datetime) -> StaffMember:
    """End a person's access at once and return them; customers and tasks are handed over by a journey.

    Errors: NotAllowed; NotFound; LastOwner.
    Writes: the account (inactive, no password), every session, token and sign-in device, a line of the audit trail.
            The next request that comes with any of them is refused.
    Twice:  nothing is written; `left_at` stays the first.
    """
    _must_edit(by)
    with transaction.atomic():
        member = StaffMember.objects.select_for_update().get(pk=staff_member(viewer=by, id=member.pk).pk)
        if not member.is_active:
            return member
        if member.role == Role.OWNER:
            _must_leave_an_owner(member)
        member.is_active = False
        member.left_at = now
        # Sessions carry a hash of the password: with it gone, even one that this process does not know of is dead.
        member.set_unusable_password()
        member.save(update_fields=["is_active", "left_at", "password"])
        ended = end_sessions(member)
        revoked = ApiToken.objects.filter(acts_as=member, revoked_at=None).update(revoked_at=now)
        devices, _ = Authenticator.objects.filter(user=member).delete()
        facts = {"sessions": ended, "tokens": revoked, "devices": devices}
        record(action="staff.let_go", by=by, now=now, subject_kind="staff", subject_id=member.pk, **facts)
    return member


def end_sessions(member: StaffMember) -> int:
    """Delete every session of one person and return how many there were."""
    UserSession.objects.filter(user=member).delete()
    own = [
        session.pk
        for session in Session.objects.iterator(chunk_size=1_000)
        if session.get_decoded().get(SESSION_KEY) == str(member.pk)
    ]
    Session.objects.filter(pk__in=own).delete()
    return len(own)


@transaction.atomic
def end_every_session() -> int:
    """Delete every session of everybody, and with them the proofs that stand in them; return how many there were.

    Writes: deletes Session and UserSession; the caller leaves the audit line.
    Twice:  0.
    """
    UserSession.objects.all().delete()
    return int(Session.objects.all().delete()[0])


def _must_edit(by: Viewer) -> None:
    if not by.may(May.EDIT_STAFF):
        raise NotAllowed


def _must_fit(role: Role, shop: Shop) -> None:
    if needs_shop(role) and shop.kind == Shop.Kind.REGION:
        raise RoleNeedsShop(role=role.value)


def _must_leave_an_owner(member: StaffMember) -> None:
    brand = member.shop.path.split("/", 1)[0]
    others = StaffMember.objects.filter(role=Role.OWNER, is_active=True, shop__path__startswith=f"{brand}/")
    if not others.exclude(pk=member.pk).exists():
        raise LastOwner


def _known_language(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else ""


def _give_password(member: StaffMember, password: str | None) -> None:
    if password is None:
        member.set_unusable_password()
        return
    try:
        validate_password(password, member)
    except ValidationError as weak:
        raise PasswordTooWeak(reasons=" ".join(weak.messages)) from None
    member.set_password(password)
