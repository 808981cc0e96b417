"""Answers kept for calls that are sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.cast import NOW

from zhenke.staff.models import StoredReply
from zhenke.staff.operations import drop_old_replies, hold_call, keep_reply
from zhenke.staff.operations.replies import KEEP_REPLIES
from zhenke.staff.queries import kept_reply

SLOT = {"credential": "1", "endpoint": "POST x", "key": "k"}
ANSWER = {"request_hash": "0" * 64, "status": 201, "body": "{}", "content_type": "application/json"}


@pytest.mark.django_db
class TestKeepReply:
    def test_gives_it_back_to_its_credential_address_and_key_only(self) -> None:
        kept = keep_reply(**SLOT, **ANSWER, now=NOW)  # type: ignore[arg-type]
        assert kept_reply(**SLOT) == kept
        for name in SLOT:
            assert kept_reply(**{**SLOT, name: "other"}) is None

    def test_twice_is_refused_and_takes_the_second_effect_back(self) -> None:
        keep_reply(**SLOT, **ANSWER, now=NOW)  # type: ignore[arg-type]
        with pytest.raises(IntegrityError), transaction.atomic():
            keep_reply(**SLOT, **ANSWER, now=NOW)  # type: ignore[arg-type]
        assert StoredReply.objects.count() == 1


@pytest.mark.django_db
class TestHoldCall:
    def test_twice_within_one_transaction_holds_still(self) -> None:
        assert [hold_call(**SLOT), hold_call(**SLOT)] == [True, True]


@pytest.mark.django_db
class TestDropOldReplies:
    def test_keeps_a_week_and_twice_deletes_nothing_more(self) -> None:
        for key, age in (("old", KEEP_REPLIES + timedelta(seconds=1)), ("young", timedelta(hours=72))):
            keep_reply(**{**SLOT, "key": key}, **ANSWER, now=NOW - age)  # type: ignore[arg-type]
        assert [drop_old_replies(now=NOW), drop_old_replies(now=NOW)] == [1, 0]
        assert StoredReply.objects.get().key == "young"
