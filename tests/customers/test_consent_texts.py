"""Texts of consent: version after version, who published them, how many stand with a yes to which."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import ConsentText, Customer
from zhenke.customers.operations import give_consent, withdraw_consent
from zhenke.customers.operations.consent_texts import (
    ConsentTextMoved,
    ConsentTextWrong,
    load_consent_texts,
    publish_consent_text,
    republish_consent_text,
)
from zhenke.customers.queries import may_contact
from zhenke.customers.queries.consent_texts import consent_texts, yes_counts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
FIRST = CONSENT_TEXTS["marketing"]
SECOND = {"en": "Second", "zh-hans": "第二"}


@pytest.fixture(autouse=True)
def texts(db: None) -> None:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)


def at(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


def publish(cast: Cast, hours: int, words: dict[str, str], *, new: bool, **more: object) -> ConsentText:
    how = {"words": words, "is_new_meaning": new, "by": cast.zhu, "now": at(hours), **more}
    return publish_consent_text(purpose="marketing", **how)  # type: ignore[arg-type]


def say(cast: Cast, customer: Customer, hours: int, *, yes: bool = True, channel: str = "wechat") -> None:
    write = give_consent if yes else withdraw_consent
    how = {"customer": customer, "purpose": "marketing", "channels": (channel,), "proof": "paper", "by": cast.zhu}
    write(now=at(hours), **how)  # type: ignore[operator]


def holds(customer: Customer) -> bool:
    return may_contact(customer=customer, purpose="marketing", channel="wechat", today=NOW.date()).may


class TestPublishConsentText:
    def test_refuses_a_version_that_follows_another_than_was_read(self, cast: Cast) -> None:
        publish(cast, 1, SECOND, new=False, follows=1)
        with pytest.raises(ConsentTextMoved):
            publish(cast, 2, {"en": "Third", "zh-hans": "第三"}, new=False, follows=1)

    def test_publishes_a_new_meaning_once_for_a_form_that_comes_twice(self, cast: Cast) -> None:
        first = publish(cast, 1, SECOND, new=True, follows=1)
        again = publish(cast, 2, SECOND, new=True, follows=1)
        assert again == first
        assert AuditEntry.objects.filter(action="consent.text_published").count() == 1

    @pytest.mark.parametrize("words", [{"en": "x" * 2_001, "zh-hans": "好"}, {"en": "x", "zh-hans": " "}])
    def test_refuses_what_nobody_reads(self, cast: Cast, words: dict[str, str]) -> None:
        with pytest.raises(ConsentTextWrong):
            publish(cast, 1, words, new=False)


class TestRepublishConsentText:
    def first(self, cast: Cast) -> ConsentText:
        return next(one for one in consent_texts(viewer=cast.zhu, purpose="marketing") if one.version == 1)

    def test_lets_the_former_yes_count_again_when_nobody_said_yes_since(self, cast: Cast) -> None:
        say(cast, cast.mrs_zhou, 1)
        publish(cast, 2, SECOND, new=True)
        assert not holds(cast.mrs_zhou)
        text = republish_consent_text(text=self.first(cast), by=cast.zhu, now=at(3))
        assert (text.version, text.holds_from, text.words) == (3, 1, FIRST)
        assert holds(cast.mrs_zhou)

    def test_asks_anew_when_somebody_said_yes_to_other_words(self, cast: Cast) -> None:
        say(cast, cast.mrs_zhou, 1)
        publish(cast, 2, SECOND, new=True)
        say(cast, cast.mr_zhou, 3)
        text = republish_consent_text(text=self.first(cast), by=cast.zhu, now=at(4))
        assert text.holds_from == 3
        assert not holds(cast.mrs_zhou)
        assert not holds(cast.mr_zhou)

    def test_changes_nothing_for_a_wording(self, cast: Cast) -> None:
        say(cast, cast.mrs_zhou, 1)
        publish(cast, 2, SECOND, new=False)
        assert republish_consent_text(text=self.first(cast), by=cast.zhu, now=at(3)).holds_from == 1
        assert holds(cast.mrs_zhou)

    def test_twice_writes_nothing(self, cast: Cast) -> None:
        publish(cast, 2, SECOND, new=True)
        once = republish_consent_text(text=self.first(cast), by=cast.zhu, now=at(3))
        assert republish_consent_text(text=self.first(cast), by=cast.zhu, now=at(4)) == once
        assert ConsentText.objects.filter(purpose="marketing").count() == 3

    def test_is_for_those_who_change_settings(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            republish_consent_text(text=self.first(cast), by=cast.lin, now=NOW)


class TestYesCounts:
    def test_counts_each_customer_once_by_the_newest_version_that_stands(self, cast: Cast) -> None:
        say(cast, cast.mrs_zhou, 1)
        say(cast, cast.mrs_zhou, 1, channel="sms")
        say(cast, cast.mr_zhou, 1)
        publish(cast, 2, SECOND, new=True)
        say(cast, cast.mrs_zhou, 3)
        assert yes_counts(viewer=cast.zhu) == {("marketing", 1): 1, ("marketing", 2): 1}

    def test_leaves_out_who_took_it_back_and_counts_who_said_it_again(self, cast: Cast) -> None:
        say(cast, cast.mrs_zhou, 1)
        say(cast, cast.mrs_zhou, 2, yes=False)
        assert yes_counts(viewer=cast.zhu) == {}
        say(cast, cast.mrs_zhou, 3)
        assert yes_counts(viewer=cast.zhu, purpose="marketing") == {("marketing", 1): 1}

    def test_counts_no_channel_that_a_no_to_everything_reached(self, cast: Cast) -> None:
        say(cast, cast.mrs_zhou, 1)
        say(cast, cast.mrs_zhou, 2, yes=False, channel="")
        assert yes_counts(viewer=cast.zhu) == {}

    def test_tells_a_stranger_nothing(self, cast: Cast) -> None:
        say(cast, cast.mrs_zhou, 1)
        assert yes_counts(viewer=cast.mei) == {}


class TestConsentTexts:
    def test_names_who_published_when_the_newest_first(self, cast: Cast) -> None:
        publish(cast, 2, SECOND, new=False)
        newest, oldest = consent_texts(viewer=cast.zhu, purpose="marketing")
        assert (newest.version, newest.made_by, newest.made_at) == (2, cast.zhu, at(2))
        assert (oldest.version, oldest.made_by) == (1, None)

    def test_tells_a_stranger_nothing(self, cast: Cast) -> None:
        assert consent_texts(viewer=cast.lin) == []
