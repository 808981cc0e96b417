"""Channels say for certain only what the other side said; each case talks to a real server on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_string
from email.header import decode_header, make_header

import pytest

from tests.messaging.providers import SmsServer, SmtpSink, running
from zhenke.messaging.channels import channels_of
from zhenke.messaging.channels.sms.channel import SmsChannel, SmsProvider
from zhenke.messaging.rules.letters import Letter
from zhenke.settings import Installation

pytestmark = pytest.mark.one_database
SMS = Letter(7, "sms", "+8613800138000", "", "您好", "SMS_1", {"points": "1,280"})
MAIL = Letter(8, "email", "zhou@example.com", "您的积分", "周女士，您好：\n\n1,280 积分\n.\n水贝店")


@pytest.fixture
def provider() -> Iterator[SmsServer]:
    with running(SmsServer()) as server:
        yield server


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with running(SmtpSink()) as server:
        yield server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TestSms:
    @pytest.mark.parametrize(
        ("mood", "answer"),
        [
            ("ok", "accepted"),
            ("reset", "unknown"),
            ("500", "unknown"),
            ("delay", "unknown"),
            ("empty", "unknown"),
            ("429", "later"),
            ("balance", "later"),
            ("illegal", "refused"),
        ],
    )
    def test_answers_what_is_known(self, provider: SmsServer, mood: str, answer: str) -> None:
        provider.mood = mood
        assert provider.channel().send(SMS).answer == answer
        assert len(provider.calls) == 1

    def test_hands_over_number_template_and_values(self, provider: SmsServer) -> None:
        outcome = provider.channel().send(SMS)
        call = provider.calls[0]
        assert (call["PhoneNumbers"], call["TemplateCode"], call["OutId"]) == ("13800138000", "SMS_1", "7")
        assert (call["TemplateParam"], outcome.provider_key) == ('{"points": "1,280"}', "biz1^0")

    def test_is_refused_with_a_wrong_secret(self, provider: SmsServer) -> None:
        assert provider.channel(secret="another").send(SMS).code == "SignatureDoesNotMatch"
        assert provider.calls == []

    def test_knows_that_nothing_was_taken_where_nobody_listens(self) -> None:
        channel = SmsChannel(SmsProvider(f"http://127.0.0.1:{free_port()}", "k", "s", "n"))
        assert channel.send(SMS).answer == "later"

    def test_takes_no_address_that_anybody_could_read(self) -> None:
        with pytest.raises(ValueError, match="https"):
            SmsChannel(SmsProvider("http://sms.example", "k", "s", "n"))


class TestEmail:
    @pytest.mark.parametrize(
        ("mood", "answer"),
        [
            ("ok", "accepted"),
            ("drop_after_data", "unknown"),
            ("drop_at_rcpt", "later"),
            ("no_such", "refused"),
            ("grey", "later"),
            ("spam", "refused"),
        ],
    )
    def test_answers_what_is_known(self, sink: SmtpSink, mood: str, answer: str) -> None:
        sink.mood = mood
        assert sink.channel().send(MAIL).answer == answer

    def test_hands_over_the_words_as_they_are(self, sink: SmtpSink) -> None:
        assert sink.channel(user="shop").send(MAIL).provider_key == "<8@shop.example>"
        mail = message_from_string(sink.mails[0]["words"])
        payload = mail.get_payload(decode=True)
        assert isinstance(payload, bytes)
        assert (sink.mails[0]["to"], str(make_header(decode_header(mail["Subject"])))) == (MAIL.to, MAIL.subject)
        assert "周女士，您好" in payload.decode()

    @pytest.mark.parametrize(("mood", "code"), [("bad_password", "auth_refused"), ("no_auth", "not_reached")])
    def test_sends_nothing_when_it_is_not_let_in(self, sink: SmtpSink, mood: str, code: str) -> None:
        sink.mood = mood
        assert (sink.channel(user="shop").send(MAIL).code, sink.mails) == (code, [])

    def test_sends_nothing_over_an_open_line_when_it_is_to_be_protected(self, sink: SmtpSink) -> None:
        assert (sink.channel(security="starttls").send(MAIL).code, sink.mails) == ("not_reached", [])


class TestChannelsOf:
    def test_has_none_in_a_new_installation(self) -> None:
        assert channels_of(Installation()) == {}

    def test_has_those_that_are_set_up(self) -> None:
        installation = Installation(
            smtp_host="mail.example", smtp_from="a@b.example", sms_address="https://sms.example"
        )
        assert sorted(channels_of(installation)) == ["email", "sms"]


class TestSecrets:
    def test_are_in_no_picture_of_what_holds_them(self, provider: SmsServer, sink: SmtpSink) -> None:
        installation = Installation(smtp_password="geheim", sms_secret="geheim")  # type: ignore[arg-type]
        pictures = [repr(one) for one in (provider.channel(), sink.channel(), installation, SMS, MAIL)]
        told = " ".join([*pictures, repr(provider.channel().provider)])
        assert not [word for word in ("geheim", "a secret", "13800138000", "zhou@", "周女士") if word in told]
