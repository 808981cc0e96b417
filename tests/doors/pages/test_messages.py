"""Messages over HTTP: the list and its reasons, what nobody knows, texts with preview and sample, rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from click.testing import CliRunner
from django.http import HttpResponse
from django.test import Client

from tests.cast import NOW, Cast
from tests.doors.pages.world import queries_of
from tests.messaging.providers import SmsServer, SmtpSink, running
from tests.messaging.world import SERVICE, deliver, open_messaging, queue, reachable, state_of
from zhenke.customers.models import Customer
from zhenke.doors.commands.messages import messages_command
from zhenke.doors.pages.messages import templates as templates_page
from zhenke.messaging.models import ContactRulesVersion, Message, TemplateVersion
from zhenke.messaging.queries.templates import template_in_force
from zhenke.staff.models import StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def held(cast: Cast) -> Message:
    """A message of which nobody knows."""
    open_messaging()
    message = queue(reachable(cast))
    with running(SmsServer()) as provider:
        provider.mood = "500"
        deliver({"sms": provider.channel()})
    return message


@pytest.fixture
def lin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.lin)
    return client


@pytest.fixture
def zhu(cast: Cast) -> Client:
    owner = Client()
    owner.force_login(cast.zhu)
    return owner


def read(answer: HttpResponse) -> str:
    """Return what an answer says, with its signs as they are read."""
    return unescape(answer.content.decode())


def text_in_force(key: str = "points_earned", channel: str = "email", language: str = "en") -> TemplateVersion:
    found = template_in_force(key=key, channel=channel, language=language)
    assert found is not None
    return found


class TestList:
    def test_says_of_each_why_it_was_not_sent(self, held: Message, cast: Cast, lin: Client) -> None:
        her = reachable(cast, phone="13900139000")
        Customer.objects.filter(pk=her.pk).update(importance=3, owner=cast.lin)
        queue(her)
        deliver({})
        page = read(lin.get("/messages/?state=skipped"))
        assert "Protected: only the people named for this customer write." in page
        assert "Of 1 message nobody knows" in page and "nothing leaves this machine" in page

    def test_shows_nobody_a_contact(self, held: Message, lin: Client) -> None:
        assert "13800138000" not in lin.get("/messages/").content.decode()

    def test_shows_a_stranger_nothing(self, held: Message, cast: Cast, client: Client) -> None:
        client.force_login(cast.other)
        assert "周丽华" not in client.get("/messages/").content.decode()
        assert client.post(f"/messages/{held.pk}/settle/", {"delivered": "yes"}).status_code == 404

    def test_hides_protected_people_from_who_is_not_named(self, held: Message, lin: Client) -> None:
        Customer.objects.filter(pk=held.customer_id).update(importance=3)
        assert "周丽华" not in lin.get("/messages/").content.decode()

    def test_asks_as_many_queries_for_many_as_for_few(self, held: Message, cast: Cast, lin: Client) -> None:
        few = queries_of(lin, "/messages/")
        for number in range(20):
            queue(held.customer, cause_id=100 + number)
        assert queries_of(lin, "/messages/") == few

    def test_goes_on_page_by_page_each_once(self, held: Message, lin: Client) -> None:
        for number in range(60):
            queue(held.customer, cause_id=100 + number)
        first = lin.get("/messages/").context
        second = lin.get(first["next_url"]).context
        keys = [row["message"].pk for row in (*first["rows"], *second["rows"])]
        assert len(keys) == len(set(keys)) == 61 and second["next_url"] == ""


class TestSettle:
    @pytest.mark.parametrize(("word", "state"), [("yes", "sent"), ("no", "queued")])
    def test_keeps_the_word_of_a_person(self, held: Message, lin: Client, word: str, state: str) -> None:
        assert lin.post(f"/messages/{held.pk}/settle/", {"delivered": word}).status_code == 302
        assert state_of(held)[0] == state
        assert lin.post(f"/messages/{held.pk}/settle/", {"delivered": word}).status_code == 302

    def test_refuses_what_is_known_by_now(self, held: Message, lin: Client) -> None:
        Message.objects.update(state="sent")
        assert lin.post(f"/messages/{held.pk}/settle/", {"delivered": "no"}).status_code == 409


class TestTexts:
    def test_are_previewed_put_in_force_and_rolled_back(self, held: Message, zhu: Client) -> None:
        text = text_in_force()
        address, words = (
            f"/messages/templates/{text.pk}/",
            {"subject": "Points", "words": "Dear {first_name}: {points}"},
        )
        seen = zhu.post(address, {**words, "version": 1, "act": "preview"})
        assert "Dear Li: 1,280" in read(seen) and text_in_force().version == 1
        assert zhu.post(address, {**words, "version": 1, "act": "publish"}).status_code == 302
        assert (text_in_force().version, text_in_force().words) == (2, words["words"])
        assert zhu.post(f"{address}again/").status_code == 302
        assert (text_in_force().version, text_in_force().words) == (3, text.words)

    def test_with_an_unknown_field_are_refused_in_plain_words(self, held: Message, zhu: Client) -> None:
        address = f"/messages/templates/{text_in_force().pk}/"
        for act in ("preview", "publish"):
            answer = zhu.post(address, {"subject": "x", "words": "{phone}", "version": 1, "act": act})
            assert answer.status_code == 422
            assert "There is no field “phone”. Fields are: salutation" in read(answer)

    def test_that_somebody_followed_meanwhile_are_not_overwritten(self, held: Message, zhu: Client) -> None:
        address = f"/messages/templates/{text_in_force().pk}/"
        for words, status in (("one", 302), ("two", 422)):
            sent = {"subject": "x", "words": words, "version": 1, "act": "publish"}
            assert zhu.post(address, sent).status_code == status

    def test_are_read_by_a_manager_and_written_by_the_owner_alone(self, held: Message, lin: Client) -> None:
        address = f"/messages/templates/{text_in_force().pk}/"
        assert lin.get(address).status_code == 200
        assert lin.post(address, {"subject": "x", "words": "x", "act": "publish"}).status_code == 403

    def test_send_a_sample_to_who_writes_them(
        self, held: Message, cast: Cast, zhu: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        StaffMember.objects.filter(pk=cast.zhu.pk).update(email="zhu@shop.example")
        sent = {"subject": "Points", "words": "Dear {salutation}", "version": 1, "act": "sample"}
        address = f"/messages/templates/{text_in_force().pk}/"
        assert "e-mail is not set up here" in read(zhu.post(address, sent))
        with running(SmtpSink()) as sink:
            monkeypatch.setattr(templates_page, "channels_of", lambda _: {"email": sink.channel()})
            assert "on its way to your own address" in read(zhu.post(address, sent))
        assert [mail["to"] for mail in sink.mails] == ["zhu@shop.example"]
        assert "Dear Ms Zhou" in sink.mails[0]["words"]


class TestRules:
    def test_are_put_in_force_as_a_version_and_back_again(self, held: Message, zhu: Client) -> None:
        rules = {"sms_from": "10:00", "sms_until": "18:00", "email_from": "08:00", "email_until": "21:00"}
        rules |= {"marketing_a_month": "2", "sms_a_month": "1", "care_a_week": "1"}
        for _ in range(2):
            assert zhu.post("/messages/rules/", rules).status_code == 302
        assert ContactRulesVersion.objects.count() == 2
        assert zhu.post("/messages/rules/1/again/").status_code == 302
        assert ContactRulesVersion.objects.order_by("-version")[0].hours["sms"] == ["09:00", "20:30"]
        assert zhu.post("/messages/rules/99/again/").status_code == 404

    def test_that_cannot_be_are_refused(self, held: Message, zhu: Client) -> None:
        rules = {"sms_from": "20:00", "sms_until": "09:00", "email_from": "08:00", "email_until": "21:00"}
        rules |= {"marketing_a_month": "2", "sms_a_month": "1", "care_a_week": "1"}
        assert zhu.post("/messages/rules/", rules).status_code == 422


class TestTimeline:
    def test_tells_that_she_was_written_to(self, cast: Cast, client: Client) -> None:
        open_messaging()
        her = reachable(cast)
        queue(her, **SERVICE)
        with running(SmsServer()) as provider:
            deliver({"sms": provider.channel()})
        client.force_login(cast.mei)
        page = read(client.get(f"/customers/{her.pk}/?tab=timeline"))
        assert "Written to: points_note" in page


class TestCommand:
    def test_delivers_lists_and_counts_without_a_name(self, held: Message) -> None:
        run = CliRunner()
        listed = run.invoke(messages_command, ["held"]).output
        assert str(held.pk) in listed and "周丽华" not in listed
        assert run.invoke(messages_command, ["count", "--json"]).output.strip() == '{"held_unknown": 1}'
        queue(held.customer, cause_id=2)
        with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
            assert run.invoke(messages_command, ["deliver"]).output.strip() == "kept_back 1"
