"""What comes back: receipts in any order and number, and the word that stops it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.cast import NOW, Cast
from tests.messaging.providers import SmsServer, running
from tests.messaging.world import deliver, open_messaging, queue, reachable, state_of

from zhenke.customers.models import ConsentEntry, Customer, Interaction
from zhenke.customers.queries import may_contact
from zhenke.journeys.receive_reply import Taken, receive_receipt, receive_reply
from zhenke.messaging.models import Attempt, Message
from zhenke.messaging.operations.delivering import claim_message, mark_outcome, open_attempt
from zhenke.messaging.rules.letters import Answer, Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def messaging(db: None) -> None:
    open_messaging()


@pytest.fixture
def provider() -> Iterator[SmsServer]:
    with running(SmsServer()) as server:
        yield server


@pytest.fixture
def her(cast: Cast) -> Customer:
    return reachable(cast)


def receipt(
    attempt: Attempt | None, *, delivered: bool = True, key: str = "r1", minutes: int = 1, biz: str = ""
) -> Taken:
    at = NOW + timedelta(minutes=minutes)
    return receive_receipt(
        channel="sms", notice_key=key, attempt_id=attempt.pk if attempt else None, provider_key=biz,
        is_delivered=delivered, at=at, now=at,
    )  # fmt: skip


def reply(words: str, *, phone: str = "13800138000", key: str = "u1") -> Taken:
    return receive_reply(channel="sms", notice_key=key, phone=phone, words=words, at=NOW, now=NOW)


class TestReceiveReceipt:
    def sent(self, her: Customer, provider: SmsServer, mood: str = "ok") -> tuple[Message, Attempt]:
        provider.mood, message = mood, queue(her)
        deliver({"sms": provider.channel()})
        return message, Attempt.objects.get(message=message)

    @pytest.mark.parametrize(("delivered", "state"), [(True, ("sent", "")), (False, ("failed", "undelivered"))])
    def test_settles_what_is_held(
        self, her: Customer, provider: SmsServer, delivered: bool, state: tuple[str, str]
    ) -> None:
        message, attempt = self.sent(her, provider, "reset")
        assert receipt(attempt, delivered=delivered).is_new
        deliver({"sms": provider.channel()}, after=timedelta(days=1))
        assert state_of(message) == state and len(provider.calls) == 1

    def test_is_taken_once(self, her: Customer, provider: SmsServer) -> None:
        _, attempt = self.sent(her, provider)
        assert (receipt(attempt).is_new, receipt(attempt).is_new) == (True, False)

    def test_is_found_by_the_providers_key(self, her: Customer, provider: SmsServer) -> None:
        message, attempt = self.sent(her, provider)
        receipt(None, biz=attempt.provider_key)
        message.refresh_from_db()
        assert message.receipt == "delivered"

    def test_the_later_one_counts_in_whichever_order_they_come(self, her: Customer, provider: SmsServer) -> None:
        message, attempt = self.sent(her, provider)
        receipt(attempt, delivered=True, key="late", minutes=9)
        receipt(attempt, delivered=False, key="early", minutes=2)
        assert state_of(message) == ("sent", "")

    def test_that_is_quicker_than_the_answer_of_the_call_counts(self, her: Customer) -> None:
        message = queue(her)
        claim_message(message_id=message.pk, worker="a", now=NOW)
        letter = open_attempt(message_id=message.pk, worker="a", on={"sms"}, now=NOW)
        assert letter is not None
        receipt(Attempt.objects.get(pk=letter.key))
        assert mark_outcome(attempt_id=letter.key, outcome=Outcome(Answer.UNKNOWN), now=NOW) == "sent"

    def test_of_nobodys_message_changes_nothing(self, her: Customer, provider: SmsServer) -> None:
        assert receipt(None, biz="another").customers == 0


class TestReceiveReply:
    def test_stops_marketing_and_care_at_once(self, her: Customer, provider: SmsServer) -> None:
        message = queue(her)
        assert reply("退 订").is_opt_out
        deliver({"sms": provider.channel()})
        assert state_of(message) == ("skipped", "withdrawn") and provider.calls == []
        for purpose, allowed in (("marketing", False), ("care", False), ("service", True)):
            assert may_contact(customer=her, purpose=purpose, channel="sms", today=NOW.date()).may is allowed
        assert may_contact(customer=her, purpose="marketing", channel="email", today=NOW.date()).may

    def test_is_taken_once(self, her: Customer) -> None:
        assert (reply("TD").is_new, reply("TD").is_new) == (True, False)
        assert ConsentEntry.objects.filter(customer=her, state="withdrawn").count() == 2

    def test_stops_for_everybody_who_has_the_phone(self, cast: Cast, her: Customer) -> None:
        other = reachable(cast, name="周建国")
        assert reply("T").customers == 2
        assert not may_contact(customer=other, purpose="marketing", channel="sms", today=NOW.date()).may

    def test_keeps_other_words_on_her_timeline(self, her: Customer) -> None:
        reply("周六下午三点到店可以吗")
        row = Interaction.objects.get(customer=her)
        assert (row.kind, row.text) == ("message", "周六下午三点到店可以吗")
        assert reply("周六下午三点到店可以吗").is_new is False

    def test_keeps_no_number_of_a_paper(self, her: Customer) -> None:
        reply("我的身份证 11010519491231002X")
        assert not Interaction.objects.filter(customer=her).exists()

    def test_of_a_stranger_is_taken_and_nothing_is_known_of_it(self, her: Customer) -> None:
        assert reply("TD", phone="13700137000") == Taken(is_new=True, customers=0, is_opt_out=True)
