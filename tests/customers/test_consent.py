"""Consent: purpose by purpose and channel by channel, with its text and proof; the no is as easy as the yes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast

from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import ConsentEntry, ConsentText, Customer
from zhenke.customers.operations import (
    add_date,
    give_consent,
    keep_consent,
    withdraw_consent,
    withdraw_everything,
)
from zhenke.customers.operations.consent_texts import ConsentTextWrong, load_consent_texts, publish_consent_text
from zhenke.customers.queries import consent_history, consents_of, may_contact
from zhenke.customers.rules.consent import (
    PURPOSES,
    ConsentTextMissing,
    GuardianMissing,
    NotForChildren,
    ProofMissing,
    PurposeWrong,
    Said,
    channels_of,
    is_child,
    stricter,
    verdict,
)
from zhenke.customers.rules.drafts import GuardianWord
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def texts(db: None) -> None:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)


def give(cast: Cast, purpose: str = "marketing", channels: tuple[str, ...] = ("wechat",), **more: object) -> list:  # type: ignore[type-arg]
    how = {"customer": cast.mrs_zhou, "proof": "paper", "by": cast.mei, "now": NOW, **more}
    return give_consent(purpose=purpose, channels=channels, **how)  # type: ignore[arg-type]


def withdraw(cast: Cast, purpose: str = "marketing", channels: tuple[str, ...] = ("wechat",), **more: object) -> list:  # type: ignore[type-arg]
    how = {"customer": cast.mrs_zhou, "proof": "spoken", "by": cast.mei, "now": LATER, **more}
    return withdraw_consent(purpose=purpose, channels=channels, **how)  # type: ignore[arg-type]


def answer(cast: Cast, purpose: str = "marketing", channel: str = "wechat") -> tuple[bool, str]:
    found = may_contact(customer=cast.mrs_zhou, purpose=purpose, channel=channel, today=TODAY)
    return found.may, found.why


def born(cast: Cast, year: int, customer: Customer | None = None) -> None:
    add_date(
        customer=customer or cast.mrs_zhou,
        kind="birthday",
        day=DayOfYear(5, 6, year=year),
        guardian_word=GuardianWord("paper"),
        by=cast.mei,
        now=NOW,
    )


def said(is_given: bool, *, channel: str = "wechat", at: object = NOW, key: int = 1, **more: object) -> Said:
    return Said("marketing", channel, is_given, at, key, 1, **more)  # type: ignore[arg-type]


# What was said → what holds, for a purpose that needs a yes and for one that goes with the order.
MATRIX = {
    "nothing": ((), 1, False, (False, "not_given"), (True, "contract")),
    "given": ((True,), 1, False, (True, "given"), (True, "given")),
    "withdrawn": ((True, False), 1, False, (False, "withdrawn"), (False, "withdrawn")),
    "only_withdrawn": ((False,), 1, False, (False, "withdrawn"), (False, "withdrawn")),
    "given_again": ((False, True), 1, False, (True, "given"), (True, "given")),
    "text_changed": ((True,), 2, False, (False, "text_changed"), (True, "contract")),
    "child": ((True,), 1, True, (False, "guardian_missing"), (False, "guardian_missing")),
    "child_withdrawn": ((True, False), 1, True, (False, "withdrawn"), (False, "withdrawn")),
}


class TestVerdict:
    @pytest.mark.parametrize("purpose", PURPOSES)
    @pytest.mark.parametrize("case", MATRIX)
    def test_is_that_of_the_matrix(self, purpose: str, case: str) -> None:
        answers, holds_from, child, needs, contract = MATRIX[case]
        about = PURPOSES[purpose]
        expected = needs if about.needs_yes else contract
        if child and about.is_marketing and expected[1] != "withdrawn":
            expected = (False, "child")
        for channel in channels_of(about):
            entries = [
                Said(purpose, channel, yes, NOW + timedelta(hours=number), number, 1)
                for number, yes in enumerate(answers)
            ]
            found = verdict(purpose=purpose, channel=channel, said=entries, holds_from=holds_from, child=child)
            assert (found.may, found.why) == expected, (purpose, channel)

    @pytest.mark.parametrize("purpose", PURPOSES)
    def test_of_a_child_needs_the_guardian_and_never_sells(self, purpose: str) -> None:
        about = PURPOSES[purpose]
        channel = channels_of(about)[0]
        entries = [Said(purpose, channel, True, NOW, 1, 1, by_guardian=True)]
        found = verdict(purpose=purpose, channel=channel, said=entries, holds_from=1, child=True)
        assert (found.may, found.why) == ((False, "child") if about.is_marketing else (True, "given"))

    def test_lets_the_no_win_at_one_instant(self) -> None:
        for order in ([said(True, key=2), said(False, key=1)], [said(False, key=1), said(True, key=2)]):
            assert verdict(purpose="marketing", channel="wechat", said=order, holds_from=1, child=False).why == (
                "withdrawn"
            )

    def test_of_one_channel_says_nothing_of_another(self) -> None:
        found = verdict(purpose="marketing", channel="sms", said=[said(True)], holds_from=1, child=False)
        assert found.why == "not_given"

    def test_of_a_no_to_everything_holds_for_each_channel(self) -> None:
        entries = [said(True), said(False, channel="", at=LATER, key=2)]
        assert not verdict(purpose="marketing", channel="wechat", said=entries, holds_from=1, child=False).may

    @pytest.mark.parametrize(("purpose", "channel"), [("spam", ""), ("marketing", ""), ("id_scan", "sms")])
    def test_refuses_what_nobody_can_be_asked(self, purpose: str, channel: str) -> None:
        with pytest.raises(PurposeWrong):
            verdict(purpose=purpose, channel=channel, said=[], holds_from=1, child=False)


class TestIsChild:
    @pytest.mark.parametrize(
        ("birthday", "expected"),
        [
            (("solar", 2012, 11, 22), False),
            (("solar", 2012, 11, 23), True),
            (("solar", None, 11, 23), False),
            (("lunar", 2012, 1, 1), True),
            (("lunar", 2011, 12, 29), False),
            (("solar", 1985, 5, 6), False),
        ],
    )
    def test_is_told_by_the_day_she_turns_fourteen(
        self, birthday: tuple[str, int | None, int, int], expected: bool
    ) -> None:
        assert is_child(birthdays=[birthday], today=date(2026, 11, 22)) is expected


class TestGiveConsent:
    def test_is_asked_before_anything_is_allowed(self, cast: Cast) -> None:
        assert answer(cast) == (False, "not_given")
        assert answer(cast, "service", "phone") == (True, "contract")
        give(cast)
        assert answer(cast) == (True, "given")
        assert answer(cast, channel="sms") == (False, "not_given")
        assert answer(cast, "care") == (False, "not_given")

    def test_keeps_the_text_the_proof_and_who_wrote_it(self, cast: Cast) -> None:
        [entry] = give(cast, proof_note="Sheet 12")
        assert (entry.text.version, entry.proof, entry.proof_note, entry.by, entry.at) == (
            1,
            "paper",
            "Sheet 12",
            cast.mei,
            NOW,
        )
        line = AuditEntry.objects.get(action="consent.given")
        assert line.subject_id == cast.mrs_zhou.pk
        assert line.facts == {"purpose": "marketing", "channels": ["wechat"], "version": 1}

    def test_twice_writes_nothing(self, cast: Cast) -> None:
        give(cast)
        assert give(cast, now=LATER) == []
        assert ConsentEntry.objects.count() == AuditEntry.objects.filter(action="consent.given").count() == 1

    def test_refuses_without_proof_purpose_text_or_right(self, cast: Cast) -> None:
        wrong: list[tuple[type[Exception], dict[str, object]]] = [
            (ProofMissing, {"proof": ""}),
            (ProofMissing, {"proof": "merge"}),
            (ProofMissing, {"giver": "aunt"}),
            (PurposeWrong, {"purpose": "spam"}),
            (PurposeWrong, {"channels": ("fax",)}),
            (NotAllowed, {"by": cast.ji}),
        ]
        for error, more in wrong:
            with pytest.raises(error):
                give(cast, **more)  # type: ignore[arg-type]
        ConsentText.objects.filter(purpose="marketing").delete()
        with pytest.raises(ConsentTextMissing):
            give(cast)
        assert ConsentEntry.objects.count() == 0

    def test_of_a_child_is_the_guardians_and_never_for_selling(self, cast: Cast) -> None:
        born(cast, 2014)
        with pytest.raises(NotForChildren):
            give(cast, giver="guardian")
        with pytest.raises(GuardianMissing):
            give(cast, "care")
        assert answer(cast, "service", "phone") == (False, "guardian_missing")
        give(cast, "care", giver="guardian")
        assert answer(cast, "care") == (True, "given")
        assert answer(cast) == (False, "child")


class TestWithdrawConsent:
    def test_counts_from_its_commit_and_twice_writes_nothing(self, cast: Cast) -> None:
        give(cast)
        assert len(withdraw(cast)) == 1
        assert answer(cast) == (False, "withdrawn")
        assert withdraw(cast) == []

    def test_of_every_channel_is_one_entry(self, cast: Cast) -> None:
        give(cast, channels=("wechat", "sms"))
        assert [entry.channel for entry in withdraw(cast, channels=("",))] == [""]
        assert {answer(cast, channel=channel) for channel in ("wechat", "sms", "phone")} == {(False, "withdrawn")}

    def test_stops_service_by_a_channel_but_never_the_service(self, cast: Cast) -> None:
        withdraw(cast, "service", ("phone",))
        assert answer(cast, "service", "phone") == (False, "withdrawn")
        assert answer(cast, "service", "wechat") == (True, "contract")
        withdraw_everything(customer=cast.mrs_zhou, proof="spoken", by=cast.mei, now=LATER)
        assert answer(cast, "service", "wechat") == (True, "contract")

    def test_is_not_for_those_who_only_read(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            withdraw(cast, by=cast.an)


class TestKeepConsent:
    def keep(self, cast: Cast, channels: tuple[str, ...], purpose: str = "marketing") -> list[ConsentEntry]:
        return keep_consent(
            customer=cast.mrs_zhou, purpose=purpose, channels=channels, proof="spoken", by=cast.mei, now=LATER
        )

    def test_gives_what_is_new_and_takes_back_what_is_gone(self, cast: Cast) -> None:
        give(cast, channels=("wechat", "sms"))
        assert sorted((entry.channel, entry.state) for entry in self.keep(cast, ("wechat", "phone"))) == [
            ("phone", "given"),
            ("sms", "withdrawn"),
        ]
        assert self.keep(cast, ("wechat", "phone")) == []

    def test_of_what_goes_with_the_order_writes_only_the_no(self, cast: Cast) -> None:
        kept = self.keep(cast, ("wechat", "sms", "email", "address"), "service")
        assert [(entry.channel, entry.state) for entry in kept] == [("phone", "withdrawn")]

    def test_leaves_a_yes_to_an_old_text_alone(self, cast: Cast) -> None:
        give(cast)
        words = {"en": "New", "zh-hans": "新"}
        publish_consent_text(purpose="marketing", words=words, is_new_meaning=True, by=cast.zhu, now=LATER)
        assert self.keep(cast, ()) == []
        assert answer(cast) == (False, "text_changed")


class TestWithdrawEverything:
    def test_says_no_to_each_purpose_once(self, cast: Cast) -> None:
        give(cast)
        first = withdraw_everything(customer=cast.mrs_zhou, proof="spoken", by=cast.mei, now=LATER)
        assert {entry.purpose for entry in first} == {
            one.code for one in PURPOSES.values() if one.needs_yes and not one.is_of_children
        }
        assert withdraw_everything(customer=cast.mrs_zhou, proof="spoken", by=cast.mei, now=LATER) == []
        seen = consents_of(viewer=cast.mei, customer=cast.mrs_zhou, today=TODAY)
        assert {one.verdict.why for one in seen if one.purpose != "service"} == {"withdrawn"}


class TestTexts:
    def test_are_loaded_once_and_never_over_the_houses_own(self, cast: Cast) -> None:
        own = {"en": "Ours", "zh-hans": "我们的"}
        publish_consent_text(purpose="care", words=own, is_new_meaning=False, by=cast.zhu, now=NOW)
        assert load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=LATER) == 0
        assert ConsentText.objects.filter(purpose="care").order_by("-version").first().words == own  # type: ignore[union-attr]

    def test_with_other_words_alone_keep_the_old_yes(self, cast: Cast) -> None:
        give(cast)
        words = {"en": "Clearer", "zh-hans": "更清楚"}
        for _ in range(2):
            text = publish_consent_text(purpose="marketing", words=words, is_new_meaning=False, by=cast.zhu, now=LATER)
        assert (text.version, ConsentText.objects.filter(purpose="marketing").count()) == (2, 2)
        assert answer(cast) == (True, "given")

    def test_are_refused_in_one_language_and_of_others_than_the_owner(self, cast: Cast) -> None:
        with pytest.raises(ConsentTextWrong):
            publish_consent_text(
                purpose="care", words={"en": "x", "zh-hans": " "}, is_new_meaning=False, by=cast.zhu, now=NOW
            )
        with pytest.raises(NotAllowed):
            publish_consent_text(
                purpose="care", words={"en": "x", "zh-hans": "y"}, is_new_meaning=False, by=cast.mei, now=NOW
            )

    def test_stand_for_every_purpose_in_every_language(self) -> None:
        assert set(CONSENT_TEXTS) == set(PURPOSES)


class TestConsentsOf:
    def test_has_a_row_for_each_purpose_and_channel_in_four_queries(self, cast: Cast) -> None:
        give(cast, channels=("wechat", "sms", "phone"))
        with CaptureQueriesContext(connection) as seen:
            rows = consents_of(viewer=cast.mei, customer=cast.mrs_zhou, today=TODAY)
        assert len(seen) == 4
        assert [(row.purpose, row.channel) for row in rows] == [
            (purpose.code, channel)
            for purpose in PURPOSES.values()
            if not purpose.is_of_children
            for channel in channels_of(purpose)
        ]

    def test_shows_a_stranger_nothing(self, cast: Cast) -> None:
        give(cast)
        for stranger in (cast.tao, cast.qiao, cast.other):
            assert consents_of(viewer=stranger, customer=cast.mrs_zhou, today=TODAY) == []
            assert consent_history(viewer=stranger, customer=cast.mrs_zhou) == []


class TestConsentHistory:
    def test_is_whole_for_the_owner_and_the_auditor_only(self, cast: Cast) -> None:
        give(cast)
        withdraw(cast)
        for viewer in (cast.zhu, cast.ji):
            found = consent_history(viewer=viewer, customer=cast.mrs_zhou)
            assert [entry.state for entry in found] == ["withdrawn", "given"]
        for viewer in (cast.mei, cast.lin, cast.an):
            assert consent_history(viewer=viewer, customer=cast.mrs_zhou) == []


class TestStricter:
    def test_says_again_only_the_no_that_would_be_covered(self) -> None:
        no, yes = said(False), said(True, at=LATER, key=2)
        assert stricter(mine=[yes], theirs=[no]) == [("marketing", "wechat")]
        assert stricter(mine=[no, yes], theirs=[]) == []
        assert stricter(mine=[said(True)], theirs=[said(False, at=LATER)]) == []
