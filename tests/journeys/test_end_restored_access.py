"""After a restore nothing of the old copy stays open: sessions, programs, links, permits, exports."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.cast import NOW, Cast
from tests.catalogue.jewel_box import ring
from tests.doors.api.till import till_of

from zhenke.basics.clock import now
from zhenke.catalogue.models import PieceShare
from zhenke.catalogue.operations.shares import share_piece
from zhenke.customers.models import Export, LookPermit, SignUpLink
from zhenke.customers.operations.sign_up import open_sign_up
from zhenke.journeys.end_restored_access import end_restored_access
from zhenke.staff import SYSTEM
from zhenke.staff.models import ApiToken, AuditEntry
from zhenke.staff.operations.tokens import resume_token
from zhenke.staff.queries import token_for

pytestmark = pytest.mark.django_db
State = LookPermit.State


def open_everything(cast: Cast) -> str:
    """Sign Mei in and open one of each; return the secret of the till."""
    browser = Client()
    browser.force_login(cast.mei)
    assert browser.get("/", secure=True).status_code == 200
    open_sign_up(advisor=cast.mei, hours=12, now=now())
    share_piece(piece=ring(cast), hours=24, shows=["stones"], by=SYSTEM, now=now())
    row = {"asked_by": cast.lin, "shop": cast.shop_a, "customer": cast.mrs_zhou, "asked_at": now(), "reason": "call"}
    for number, state in enumerate((State.WAITING, State.AGREED, State.USED)):
        until = now() + timedelta(hours=1)
        LookPermit.objects.create(**row, group="address", subject_id=number, state=state, until=until)
    made = {"asked_by": cast.lin, "shop": cast.shop_a, "asked_at": now(), "purpose": "x", "rows": 1}
    for number, known in enumerate(("waiting", "queued", "making", "ready", "refused")):
        Export.objects.create(
            **made, format="csv", language="en", state=known, watermark=f"W{number}", keys=[1],
            expires_at=now() + timedelta(hours=1),
        )  # fmt: skip
    return till_of(cast).secret


class TestEndRestoredAccess:
    def test_leaves_nothing_open_and_says_how_much_it_was(self, cast: Cast) -> None:
        secret = open_everything(cast)
        browser = Client()
        browser.force_login(cast.lin)
        counts = end_restored_access(made_at=NOW, keeps_tokens=False, now=now())
        assert counts == {
            "sessions": 2, "tokens": 1, "sign_up_links": 1, "piece_links": 1, "permits": 2, "exports": 4,
        }  # fmt: skip
        assert browser.get("/", secure=True).status_code == 302
        assert token_for(secret=secret, now=now()) is None
        assert not SignUpLink.objects.filter(closed_at=None).exists()
        assert not PieceShare.objects.filter(revoked_at=None).exists()
        assert sorted(LookPermit.objects.values_list("state", flat=True)) == ["over", "over", "used"]
        assert not Export.objects.filter(state__in=["waiting", "queued", "making"]).exists()
        assert not Export.objects.filter(state="ready", expires_at__gt=now()).exists()
        facts = AuditEntry.objects.get(action="backup.restored").facts
        assert {name: facts[name] for name in counts} == counts

    def test_keeps_programs_if_it_is_told_to(self, cast: Cast) -> None:
        secret = open_everything(cast)
        assert end_restored_access(made_at=NOW, keeps_tokens=True, now=now())["tokens"] == 0
        assert token_for(secret=secret, now=now()) is not None

    def test_twice_ends_nothing_more(self, cast: Cast) -> None:
        open_everything(cast)
        end_restored_access(made_at=NOW, keeps_tokens=False, now=now())
        assert set(end_restored_access(made_at=NOW, keeps_tokens=False, now=now()).values()) == {0}


class TestResumeToken:
    def test_lets_a_program_in_again_once(self, cast: Cast) -> None:
        secret = till_of(cast).secret
        end_restored_access(made_at=NOW, keeps_tokens=False, now=now())
        token = ApiToken.objects.get()
        assert [resume_token(token=token, by=cast.zhu, now=now()) for _ in range(2)] == [True, False]
        assert token_for(secret=secret, now=now()) == token
        assert AuditEntry.objects.filter(action="token.resumed").count() == 1
