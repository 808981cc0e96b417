"""Writes: credentials of integrations. The secret is shown once; only its hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from zhenke.basics.errors import NotAllowed, NotFound, RuleBroken
from zhenke.basics.ids import new_id
from zhenke.staff.audit import record
from zhenke.staff.models import ApiToken, Shop, StaffMember, Viewer
from zhenke.staff.operations.people import add_staff
from zhenke.staff.queries import staff_member, token_hash
from zhenke.staff.rules import May, Role

_PREFIX = "zk_"
_HINT_LENGTH = 8
_USE_NOTED_EVERY = timedelta(minutes=1)


class TokenMisplaced(RuleBroken):
    """Tokens act as accounts of integrations, so that a person's leaving and a till's stopping stay apart."""

    code = "token_misplaced"
    message = "A token acts as an integration's account that is still in use, not as a person."


def issue_token(
    *,
    name: str,
    acts_as: StaffMember,
    scopes: Iterable[str],
    by: Viewer,
    now: datetime,
    valid_days: int = 365,
) -> tuple[ApiToken, str]:
    """Make one credential for an integration; return it and its secret, which is never shown again.

    Errors: NotAllowed; NotFound if the account is not in sight; TokenMisplaced.
    Writes: one ApiToken and a line of the audit trail (never the secret).
    Twice:  a second token with another secret.
    """
    _must_edit(by)
    acts_as = staff_member(viewer=by, id=acts_as.pk)
    if acts_as.role != Role.INTEGRATION or not acts_as.is_active:
        raise TokenMisplaced
    secret = _PREFIX + secrets.token_urlsafe(32)
    wanted = sorted(set(scopes))
    with transaction.atomic():
        token = ApiToken.objects.create(
            name=name.strip(),
            acts_as=acts_as,
            token_hash=token_hash(secret),
            hint=secret[:_HINT_LENGTH],
            scopes=wanted,
            made_by_id=by.id,
            made_at=now,
            expires_at=now + timedelta(days=valid_days),
        )
        facts = {"acts_as": acts_as.pk, "scopes": wanted}
        record(action="token.issued", by=by, now=now, subject_kind="token", subject_id=token.pk, **facts)
    return token, secret


@transaction.atomic
def connect_program(
    *, name: str, shop: Shop, scopes: Iterable[str], by: Viewer, now: datetime, valid_days: int = 365
) -> tuple[ApiToken, str]:
    """Make an account for one program at a node of the tree, with its first credential; return it and its secret.

    Errors: NotAllowed; NotFound if the node is not in sight.
    Writes: one StaffMember without password, one ApiToken, two lines of the audit trail.
    Twice:  a second account with another secret.
    """
    account = add_staff(
        username=f"program-{new_id()}", name=name, role=Role.INTEGRATION, shop=shop, password=None, by=by, now=now
    )
    return issue_token(name=name, acts_as=account, scopes=scopes, by=by, now=now, valid_days=valid_days)


def revoke_token(*, token: ApiToken, by: Viewer, now: datetime) -> ApiToken:
    """End one credential at once and return it.

    Errors: NotAllowed; NotFound if the account it acts as is not in sight.
    Writes: the ApiToken and a line of the audit trail.
    Twice:  nothing is written; `revoked_at` stays the first.
    """
    _must_edit(by)
    with transaction.atomic():
        found = ApiToken.objects.select_for_update().filter(pk=token.pk).first()
        if found is None:
            raise NotFound(kind="token")
        staff_member(viewer=by, id=found.acts_as_id)
        if found.revoked_at is None:
            found.revoked_at = now
            found.save(update_fields=["revoked_at"])
            record(action="token.revoked", by=by, now=now, subject_kind="token", subject_id=found.pk)
    return found


@transaction.atomic
def pause_tokens(*, now: datetime) -> int:
    """Stop every credential that is open, until each is let in again; return how many.

    Writes: ApiToken; the caller leaves the audit line.
    Twice:  0.
    """
    return ApiToken.objects.filter(revoked_at=None, paused_at=None, expires_at__gt=now).update(paused_at=now)


@transaction.atomic
def resume_token(*, token: ApiToken, by: Viewer, now: datetime) -> bool:
    """Let a credential in again that was stopped when a backup was put back; return whether it was stopped.

    Errors: NotAllowed; NotFound if the account it acts as is not in sight.
    Writes: the ApiToken and a line of the audit trail.
    Twice:  False, nothing is written.
    """
    _must_edit(by)
    staff_member(viewer=by, id=token.acts_as_id)
    done = ApiToken.objects.filter(pk=token.pk, revoked_at=None).exclude(paused_at=None).update(paused_at=None)
    if done:
        record(action="token.resumed", by=by, now=now, subject_kind="token", subject_id=token.pk)
    return bool(done)


def note_use(*, token: ApiToken, now: datetime) -> None:
    """Remember that a token was used, at most once a minute, so that idle ones can be found.

    Writes: `last_used_at`.
    Twice:  within a minute nothing.
    """
    if token.last_used_at and now - token.last_used_at < _USE_NOTED_EVERY:
        return
    idle = Q(last_used_at=None) | Q(last_used_at__lte=now - _USE_NOTED_EVERY)
    ApiToken.objects.filter(idle, pk=token.pk).update(last_used_at=now)


def _must_edit(by: Viewer) -> None:
    if not by.may(May.EDIT_STAFF):
        raise NotAllowed
