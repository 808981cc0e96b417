"""Messages go out once, or not at all with a reason; a provider is a real server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.cast import NOW, Cast
from tests.messaging.providers import SmsServer, SmtpSink, running
from tests.messaging.world import CARE, SERVICE, deliver, open_messaging, queue, reachable, state_of

from zhenke.customers.models import ConsentEntry, ContactPoint, Customer, CustomerDate, LegalHold
from zhenke.customers.operations import withdraw_consent
from zhenke.messaging.models import Attempt, Message
from zhenke.messaging.operations import delivering
from zhenke.messaging.operations.delivering import claim_message, mark_outcome, open_attempt, release_lost_claims
from zhenke.messaging.operations.settling import MessageNotHeld, settle_held
from zhenke.messaging.rules.gate import Passed
from zhenke.messaging.rules.letters import CLAIM_LASTS, Answer, Outcome
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def messaging(db: None) -> None:
    open_messaging()


@pytest.fixture
def provider() -> Iterator[SmsServer]:
    with running(SmsServer()) as server:
        yield server


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with running(SmtpSink()) as server:
        yield server


@pytest.fixture
def her(cast: Cast) -> Customer:
    return reachable(cast)


class TestDeliverMessages:
    def test_sends_what_is_due_once(self, her: Customer, provider: SmsServer) -> None:
        message = queue(her)
        assert deliver({"sms": provider.channel()}) == {"sent": 1}
        assert deliver({"sms": provider.channel()}) == {}
        assert state_of(message) == ("sent", "") and len(provider.calls) == 1
        assert ConsentEntry.objects.get(pk=message.consent_key).purpose == "marketing"

    def test_keeps_neither_words_nor_contact(self, her: Customer, provider: SmsServer) -> None:
        message = queue(her, **SERVICE)
        deliver({"sms": provider.channel()})
        assert provider.calls[0]["PhoneNumbers"] == "13800138000"
        rows = [*Message.objects.filter(pk=message.pk).values(), *Attempt.objects.filter(message=message).values()]
        assert not [word for word in ("13800138000", "周丽华", "周女士") if word in str(rows)]

    def test_goes_by_the_first_channel_that_she_allows(self, her: Customer, sink: SmtpSink) -> None:
        Customer.objects.filter(pk=her.pk).update(channel="email")
        message = queue(her, channel=None)
        assert deliver({"email": sink.channel()}) == {"sent": 1}
        assert (message.asked_channel, sink.mails[0]["to"]) == ("", "c13800138000@example.com")
        message.refresh_from_db()
        assert (message.channel, message.template and message.template.language) == ("email", "zh-hans")

    @pytest.mark.parametrize("mood", ["reset", "500", "delay", "empty"])
    def test_makes_no_second_call_when_nobody_knows(self, her: Customer, provider: SmsServer, mood: str) -> None:
        provider.mood, message = mood, queue(her)
        for minutes in (0, 10, 60, 600):
            deliver({"sms": provider.channel()}, after=timedelta(minutes=minutes))
        assert state_of(message) == ("held_unknown", "unknown") and len(provider.calls) == 1

    @pytest.mark.parametrize("mood", ["429", "balance"])
    def test_calls_again_where_nothing_was_taken(self, her: Customer, provider: SmsServer, mood: str) -> None:
        provider.mood, message = mood, queue(her)
        deliver({"sms": provider.channel()})
        assert state_of(message) == ("queued", "refused_for_now")
        provider.mood = "ok"
        deliver({"sms": provider.channel()}, after=timedelta(seconds=31))
        assert state_of(message) == ("sent", "") and len(provider.taken) == 1

    def test_gives_up_within_a_quarter_of_an_hour(self, her: Customer, provider: SmsServer) -> None:
        provider.mood, message = "429", queue(her)
        for minutes in range(15):
            deliver({"sms": provider.channel()}, after=timedelta(minutes=minutes))
        assert state_of(message) == ("failed", "gave_up") and len(provider.calls) == 5

    def test_says_when_the_provider_refuses(self, her: Customer, provider: SmsServer) -> None:
        provider.mood, message = "illegal", queue(her)
        deliver({"sms": provider.channel()})
        assert state_of(message) == ("failed", "refused")
        assert Attempt.objects.get(message=message).code == "isv.MOBILE_NUMBER_ILLEGAL"

    def test_waits_while_no_channel_is_set_up_and_is_over_after_a_week(self, her: Customer) -> None:
        message = queue(her)
        deliver({})
        assert state_of(message) == ("queued", "channel_off")
        deliver({}, after=timedelta(days=8))
        assert state_of(message) == ("skipped", "too_late")


class TestGateAtSending:
    """promises.md P7: whatever changed between queue and send counts."""

    @pytest.mark.parametrize("way", ["withdrawn", "protected", "locked_away", "of_age_fail", "no_phone", "erased"])
    def test_sees_what_changed_since(self, cast: Cast, her: Customer, provider: SmsServer, way: str) -> None:
        message = queue(her)
        if way == "withdrawn":
            withdraw_consent(customer=her, purpose="marketing", channels=("sms",), proof="spoken", by=cast.mei, now=NOW)
        elif way == "protected":
            Customer.objects.filter(pk=her.pk).update(importance=3)
        elif way == "locked_away":
            LegalHold.objects.create(
                customer=her, reason="案号", until_date=NOW.date(), made_at=NOW, erase_asked_at=NOW
            )
        elif way == "of_age_fail":
            CustomerDate.objects.create(customer=her, kind="birthday", year=2015, month=5, day=6, created_at=NOW)
        elif way == "no_phone":
            ContactPoint.objects.filter(customer=her, kind="phone").delete()
        elif way == "erased":
            Message.objects.filter(pk=message.pk).delete()
        deliver({"sms": provider.channel()})
        assert provider.calls == []
        if way != "erased":
            why = {"of_age_fail": "child", "no_phone": "no_contact"}.get(way, way)
            assert state_of(message) == ("skipped", why)

    def test_lets_service_go_without_a_yes_and_not_against_a_no(self, cast: Cast, provider: SmsServer) -> None:
        him = reachable(cast, phone="13900139000")
        first = queue(him, **SERVICE)
        deliver({"sms": provider.channel()})
        withdraw_consent(customer=him, purpose="service", channels=("sms",), proof="spoken", by=SYSTEM, now=NOW)
        second = queue(him, cause_id=2, **SERVICE)
        deliver({"sms": provider.channel()})
        assert (state_of(first), state_of(second)) == (("sent", ""), ("skipped", "withdrawn"))

    def test_waits_for_the_shops_own_morning(self, her: Customer, provider: SmsServer) -> None:
        message = queue(her)
        deliver({"sms": provider.channel()}, after=timedelta(hours=10))  # 21:00 in Shanghai
        assert state_of(message) == ("queued", "quiet_hours") and provider.calls == []
        deliver({"sms": provider.channel()}, after=timedelta(hours=21, minutes=59))
        assert provider.calls == []
        deliver({"sms": provider.channel()}, after=timedelta(hours=22))  # 09:00
        assert state_of(message) == ("sent", "")

    def test_skips_what_is_over_before_the_morning(self, her: Customer, provider: SmsServer) -> None:
        message = queue(her, use_by=NOW + timedelta(hours=12))
        deliver({"sms": provider.channel()}, after=timedelta(hours=10))
        assert state_of(message) == ("skipped", "too_late")

    def test_counts_over_all_channels(self, her: Customer, provider: SmsServer, sink: SmtpSink) -> None:
        ways = {"sms": provider.channel(), "email": sink.channel()}
        rows = [queue(her, cause_id=number, channel=None) for number in range(6)]
        deliver(ways)  # type: ignore[arg-type]
        assert (len(provider.calls), len(sink.mails)) == (2, 2)
        assert [state_of(row)[1] for row in rows] == ["", "", "", "", "budget_marketing", "budget_marketing"]

    def test_counts_what_is_held_like_what_went(self, her: Customer, provider: SmsServer) -> None:
        provider.mood, rows = "500", [queue(her, cause_id=number, **CARE) for number in range(3)]
        deliver({"sms": provider.channel()})
        assert [state_of(row)[1] for row in rows] == ["unknown", "unknown", "budget_sms"]

    def test_would_send_to_her_if_the_gate_were_left_out(
        self, her: Customer, provider: SmsServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(delivering, "gate", lambda **asked: Passed(channel="sms"))
        queue(her)
        withdraw_consent(customer=her, purpose="marketing", channels=("sms",), proof="spoken", by=SYSTEM, now=NOW)
        deliver({"sms": provider.channel()})
        assert len(provider.calls) == 1, "the planted fault is not seen: the tests above prove nothing"


class TestClaims:
    def test_are_had_by_one_alone(self, her: Customer) -> None:
        key = queue(her).pk
        assert claim_message(message_id=key, worker="a", now=NOW)
        assert not claim_message(message_id=key, worker="b", now=NOW)
        assert open_attempt(message_id=key, worker="b", on={"sms"}, now=NOW) is None

    def test_open_one_attempt(self, her: Customer) -> None:
        key = queue(her).pk
        claim_message(message_id=key, worker="a", now=NOW)
        assert open_attempt(message_id=key, worker="a", on={"sms"}, now=NOW) is not None
        assert open_attempt(message_id=key, worker="a", on={"sms"}, now=NOW) is None
        assert Attempt.objects.count() == 1

    def test_that_are_lost_wait_again_before_the_attempt_and_are_held_after(self, cast: Cast, her: Customer) -> None:
        first, second = queue(her), queue(reachable(cast, phone="13900139000"))
        for one in (first, second):
            claim_message(message_id=one.pk, worker="a", now=NOW)
        open_attempt(message_id=second.pk, worker="a", on={"sms"}, now=NOW)
        later = NOW + CLAIM_LASTS + timedelta(seconds=1)
        assert release_lost_claims(now=NOW) == (0, 0)
        assert release_lost_claims(now=later) == (1, 1)
        assert release_lost_claims(now=later) == (0, 0)
        assert (state_of(first)[0], state_of(second)) == ("queued", ("held_unknown", "worker_lost"))

    def test_the_answer_of_a_worker_that_was_only_slow_still_counts(self, her: Customer) -> None:
        message = queue(her)
        claim_message(message_id=message.pk, worker="a", now=NOW)
        letter = open_attempt(message_id=message.pk, worker="a", on={"sms"}, now=NOW)
        assert letter is not None
        release_lost_claims(now=NOW + timedelta(hours=1))
        accepted = Outcome(Answer.ACCEPTED, "OK", "biz1")
        assert mark_outcome(attempt_id=letter.key, outcome=accepted, now=NOW) == "sent"
        assert mark_outcome(attempt_id=letter.key, outcome=Outcome(Answer.UNKNOWN), now=NOW) == "sent"


class TestSettleHeld:
    def held(self, her: Customer, provider: SmsServer) -> Message:
        provider.mood, message = "500", queue(her)
        deliver({"sms": provider.channel()})
        provider.mood = "ok"
        return message

    def test_sends_again_what_was_not_delivered(self, cast: Cast, her: Customer, provider: SmsServer) -> None:
        message = self.held(her, provider)
        for _ in range(2):
            settle_held(message=message, was_delivered=False, by=cast.lin, now=NOW)
        deliver({"sms": provider.channel()})
        assert state_of(message) == ("sent", "") and message.attempts.count() == 2
        assert AuditEntry.objects.filter(action="message.settled").count() == 1

    def test_lets_be_what_was_delivered(self, cast: Cast, her: Customer, provider: SmsServer) -> None:
        message = self.held(her, provider)
        for _ in range(2):
            settle_held(message=message, was_delivered=True, by=cast.lin, now=NOW)
        deliver({"sms": provider.channel()}, after=timedelta(days=1))
        assert state_of(message) == ("sent", "") and len(provider.calls) == 1

    def test_is_no_way_to_send_twice(self, cast: Cast, her: Customer, provider: SmsServer) -> None:
        message = queue(her)
        deliver({"sms": provider.channel()})
        with pytest.raises(MessageNotHeld):
            settle_held(message=message, was_delivered=False, by=cast.lin, now=NOW)
