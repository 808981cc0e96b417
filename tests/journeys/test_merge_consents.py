"""Two archives of one person allowed different things: a no of either stands, and undo tells them apart."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.customers.models import ConsentEntry, Customer
from zhenke.customers.operations import give_consent, withdraw_consent
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.customers.queries import may_contact
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.undo_merge import undo_merge
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def give(cast: Cast, customer: Customer, purpose: str, now: datetime) -> None:
    give_consent(customer=customer, purpose=purpose, channels=("wechat",), proof="paper", by=cast.mei, now=now)


def answer(customer: Customer, purpose: str) -> tuple[bool, str]:
    found = may_contact(customer=customer, purpose=purpose, channel="wechat", today=NOW.date())
    return found.may, found.why


class TestMergeConsents:
    def test_lets_the_stricter_of_the_two_win_and_undo_takes_it_back(self, cast: Cast) -> None:
        load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)
        hers, twin = cast.mrs_zhou, cast.mr_zhou
        give(cast, hers, "marketing", LATER)
        withdraw_consent(customer=twin, purpose="marketing", channels=("wechat",), proof="spoken", by=cast.mei, now=NOW)
        give(cast, twin, "care", NOW)
        merge = merge_customers(winner=hers.pk, loser=twin.pk, choices={}, by=cast.mei, now=LATER)
        assert answer(hers, "marketing") == (False, "withdrawn")
        assert answer(hers, "care") == (True, "given")
        undo_merge(merge=merge, by=cast.mei, now=LATER)
        assert answer(hers, "marketing") == (True, "given")
        assert sorted(ConsentEntry.objects.values_list("customer_id", "state")) == sorted(
            [(hers.pk, "given"), (twin.pk, "withdrawn"), (twin.pk, "given")]
        )
