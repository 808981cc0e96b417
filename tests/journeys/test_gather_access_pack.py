"""A copy of everything: each of her own words is in it, no word about others, and no surprise before its day."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from tests.cast import NOW, Cast
from tests.journeys.test_forget_customer import canary, marked

from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_date, add_interaction, add_link
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.customers.operations.rights import IdentityUnchecked
from zhenke.customers.queries import CustomerUnknown
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.grading.operations import ensure_first_scheme, regrade
from zhenke.journeys.gather_access_pack import TOLD, Pack, gather_access_pack
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(cast: Cast) -> tuple[Customer, Customer]:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)
    ensure_first_scheme(NOW)
    return marked(cast, 1), marked(cast, 2)


def pack_of(cast: Cast, customer: Customer, *, now: object = NOW, **more: object) -> Pack:
    how = {"checked": "id_card", "limits": EXPORT_LIMITS, "by": cast.lin, **more}
    return gather_access_pack(customer=customer, now=now, **how)  # type: ignore[arg-type]


def text_of(pack: Pack) -> str:
    return json.dumps(pack, cls=DjangoJSONEncoder, ensure_ascii=False)


class TestGatherAccessPack:
    def test_holds_her_own_words_from_every_room(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        hers, _ = two
        add_date(customer=hers, kind="birthday", day=DayOfYear(5, 6, year=1985), by=cast.mei, now=NOW)
        add_interaction(
            customer=hers, kind="visit", at=NOW, by=cast.mei, shop=cast.shop_a, text=canary(1, "来店"), now=NOW
        )
        regrade(customer=hers, as_of=NOW.date(), reason="sale", now=NOW)
        pack = pack_of(cast, hers)
        text = text_of(pack)
        for what in ("名", "路", "备注", "注意", "区", "花", "单", "戒", "印", "来店"):
            assert canary(1, what) in text, what
        for word in ("CANARY1", "13900139001", "canary1@example.com", "canary_1", "足金戒指", "88800"):
            assert word in text, word
        assert pack["days"][0]["year"] == 1985
        assert len(pack["grade"]) == len(pack["pieces"]) == len(pack["purchases"]) == 1
        assert set(TOLD.values()) <= set(pack)

    def test_holds_nothing_of_others(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        hers, other = two
        add_link(customer=hers, other=other, kind="spouse", by=SYSTEM, now=NOW)
        Customer.objects.filter(pk=hers.pk).update(referrer=other)
        SaleLine.objects.filter(sale__customer=hers).update(gift_for=other)
        text = text_of(pack_of(cast, Customer.objects.get(pk=hers.pk)))
        for word in ("金丝雀2号", "CANARY2", "canary2", "13900139002", str(other.pk)):
            assert word not in text, word
        assert canary(1, "话") not in text, "a note of the staff"
        assert canary(1, "记") not in text, "a note on a receipt"
        assert '"kind": "spouse"' in text

    def test_tells_of_a_gift_from_its_day_and_never_who_gave_it(
        self, cast: Cast, two: tuple[Customer, Customer]
    ) -> None:
        hers, giver = two
        sale = Sale.objects.get(customer=giver)
        SaleLine.objects.filter(sale=sale).update(
            gift_for=hers, description="月光戒", secret_until_date=NOW.date() + timedelta(days=9)
        )
        assert "月光戒" not in text_of(pack_of(cast, hers))
        later = text_of(pack_of(cast, hers, now=NOW + timedelta(days=9)))
        assert "月光戒" in later and "金丝雀2号" not in later

    def test_leaves_its_mark_each_time_and_tells_who_looked(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        for _ in range(2):
            pack = pack_of(cast, two[0])
        assert AuditEntry.objects.filter(action="customer.copied", subject_id=two[0].pk).count() == 2
        assert [look["action"] for look in pack["looks"]].count("customer.copied") == 2

    def test_is_only_for_those_who_may_and_after_a_check(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        for viewer in (cast.mei, cast.ji, cast.an):
            with pytest.raises(NotAllowed):
                pack_of(cast, two[0], by=viewer)
        with pytest.raises(CustomerUnknown):
            pack_of(cast, two[0], by=cast.other)
        with pytest.raises(IdentityUnchecked):
            pack_of(cast, two[0], checked="")
        assert not AuditEntry.objects.filter(action="customer.copied").exists()
