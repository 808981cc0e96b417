"""Rules of messages: templates, hours, the gate, the words by which somebody stops."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from zhenke.doors.defaults.contact_rules import CONTACT_RULES
from zhenke.doors.defaults.message_templates import MESSAGE_TEMPLATES
from zhenke.messaging.rules.contact_rules import ContactRules, ContactRulesWrong, checked_rules, opens_at
from zhenke.messaging.rules.gate import Asked, Had, Passed, Way, gate
from zhenke.messaging.rules.letters import again_after
from zhenke.messaging.rules.opt_out import is_opt_out
from zhenke.messaging.rules.salutations import first_name, salutation
from zhenke.messaging.rules.templates import (
    FieldWrong,
    OptOutMissing,
    TemplateFieldUnknown,
    TemplateWrong,
    Wording,
    checked_wording,
    fields_in,
    filled,
    kept_fields,
    plain_value,
    preview,
    spoken,
)

pytestmark = pytest.mark.one_database
NOON = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)  # 21:00 in Shanghai

# promises.md P7: forty ways in which people write that they want no more.
SPELLINGS = (
    "T", "t", "Ｔ", "ｔ", " T ", "T.", "T。", "“T”", "TD", "td", "Td", "ＴＤ", "ｔｄ", "T D", "T-D", "td!", "TD\n",
    "退订", "退 订", "退　订", "退订。", "退订！！", "「退订」", "退訂", "退定", "退丁", "退", "回T退订", "回复TD退订",
    "TD退订",
    "我要退订", "请退订", "取消订阅", "拒收", "不要再发了", "别发了", "STOP", "stop.", "Unsubscribe", "N",
)  # fmt: skip
OTHERS = (
    "T恤有货吗", "今天退订单", "我想退订金", "好的", "谢谢", "Tuesday?", "TD 12:00 到店", "12", "", "退货可以吗",
    "no thanks, see you",
)  # fmt: skip
NOTHING = Had(0, 0, 0)


def wording(
    words: str, *, kind: str = "service", channel: str = "sms", language: str = "en", subject: str = ""
) -> Wording:
    return Wording("points_earned", kind, channel, language, words, subject)


class TestOptOut:
    def test_knows_forty_spellings(self) -> None:
        assert len(set(SPELLINGS)) == 40
        assert [text for text in SPELLINGS if not is_opt_out(text)] == []

    @pytest.mark.parametrize("text", OTHERS)
    def test_leaves_other_answers_to_people(self, text: str) -> None:
        assert not is_opt_out(text)


class TestTemplates:
    @pytest.mark.parametrize(
        "words",
        [
            "{salutation.name}",
            "{points!r}",
            "{points:>10}",
            "{__class__}",
            "{0}",
            "{ points}",
            "{points}}",
            "{{points}}",
            "{",
            "{}",
            "{points[0]}",
            "{phone}",
            "{salutation}{name}",
        ],
    )
    def test_refuse_what_is_no_field_of_the_list(self, words: str) -> None:
        with pytest.raises((TemplateFieldUnknown, TemplateWrong)):
            checked_wording(wording(words))

    def test_say_which_field_is_unknown_and_which_are_known(self) -> None:
        with pytest.raises(TemplateFieldUnknown, match=r"\{phone\}.*salutation, first_name, shop_name, points"):
            fields_in("Call {phone}")

    def test_never_read_a_value_as_a_field(self) -> None:
        assert filled("{tier} {points}", {"tier": "{points}", "points": "5"}) == "{points} 5"

    @pytest.mark.parametrize("text", ["a\r\nBcc: x@y", "a\nb", "a\u2028b", "a\x00b"])
    def test_put_values_on_one_line(self, text: str) -> None:
        assert "\n" not in plain_value(text) and len(plain_value(text).splitlines()) == 1

    @pytest.mark.parametrize(
        ("language", "words", "is_fine"),
        [
            ("zh-hans", "周末品鉴会，回T退订", True),
            ("zh-hans", "周末品鉴会，拒收请回复R", True),
            ("zh-hans", "周末品鉴会", False),
            ("en", "Tasting on Sunday. Reply T to unsubscribe", True),
            ("en", "Tasting on Sunday. Tell us", False),
        ],
    )
    def test_of_promotional_sms_say_how_to_stop(self, language: str, words: str, is_fine: bool) -> None:
        promotion = wording(words, kind="marketing", language=language)
        if is_fine:
            assert checked_wording(promotion).words == words
        else:
            with pytest.raises(OptOutMissing):
                checked_wording(promotion)

    @pytest.mark.parametrize(
        "wrong",
        [
            wording(""),
            wording("x" * 501),
            wording("x", subject="a subject"),
            wording("x", channel="email"),
            wording("x", language="fr"),
            wording("x", kind="news"),
        ],
    )
    def test_refuse_what_does_not_fit_the_channel(self, wrong: Wording) -> None:
        with pytest.raises(TemplateWrong):
            checked_wording(wrong)

    @pytest.mark.parametrize("one", MESSAGE_TEMPLATES, ids=lambda one: f"{one.key}-{one.channel}-{one.language}")
    def test_that_come_with_the_house_can_be_read(self, one: Wording) -> None:
        subject, words = preview(one)
        assert "{" not in subject + words and bool(subject) == (one.channel == "email")
        assert ("周女士" in words) == (one.language == "zh-hans")

    def test_speak_figures_and_days_as_the_language_does(self) -> None:
        kept = kept_fields({"points": 1280, "expires_on": date(2026, 12, 31), "tier": "金卡"})
        assert spoken(kept, language="zh-hans") == {"points": "1,280", "expires_on": "2026年12月31日", "tier": "金卡"}
        assert spoken(kept, language="en")["expires_on"] == "31 December 2026"

    def test_refuse_a_moment_where_a_day_is_wanted(self) -> None:
        with pytest.raises(FieldWrong):
            kept_fields({"expires_on": NOON})


class TestSalutation:
    @pytest.mark.parametrize(
        ("name", "gender", "language", "spoken_to", "first"),
        [
            ("周丽华", "f", "zh-hans", "周女士", "丽华"),
            ("周丽华", "f", "en", "周女士", "丽华"),
            ("周建国", "m", "zh-hans", "周先生", "建国"),
            ("周丽华", "", "zh-hans", "周丽华", "丽华"),
            ("", "", "en", "Customer", "Customer"),
        ],
    )
    def test_speaks_as_one_does(self, name: str, gender: str, language: str, spoken_to: str, first: str) -> None:
        assert salutation(name=name, gender=gender, language=language) == spoken_to
        assert first_name(name=name, language=language) == first


class TestHours:
    @pytest.mark.parametrize(
        ("now", "opens"),
        [
            (datetime(2026, 11, 30, 1, 0, tzinfo=UTC), datetime(2026, 11, 30, 1, 0, tzinfo=UTC)),
            (datetime(2026, 11, 30, 0, 59, tzinfo=UTC), datetime(2026, 11, 30, 1, 0, tzinfo=UTC)),
            (datetime(2026, 11, 30, 12, 29, tzinfo=UTC), datetime(2026, 11, 30, 12, 29, tzinfo=UTC)),
            (datetime(2026, 11, 30, 12, 30, tzinfo=UTC), datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
            (datetime(2026, 11, 30, 17, 0, tzinfo=UTC), datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        ],
    )
    def test_are_those_of_the_shops_own_time(self, now: datetime, opens: datetime) -> None:
        assert opens_at(hours=("09:00", "20:30"), now=now, zone="Asia/Shanghai") == opens

    def test_follow_the_zone_of_the_shop(self) -> None:
        assert opens_at(hours=("09:00", "20:30"), now=NOON, zone="Europe/Berlin") == datetime(
            2026, 11, 30, 8, 0, tzinfo=UTC
        )

    @pytest.mark.parametrize(
        "rules",
        [
            ContactRules({"sms": ("09:00", "20:30")}, 4, 2, 2),
            ContactRules({"sms": ("20:30", "09:00"), "email": ("09:00", "21:00")}, 4, 2, 2),
            ContactRules({"sms": ("9:00", "20:30"), "email": ("09:00", "21:00")}, 4, 2, 2),
            ContactRules(CONTACT_RULES.hours, 32, 2, 2),
            ContactRules(CONTACT_RULES.hours, 4, -1, 2),
        ],
    )
    def test_that_cannot_be_are_refused(self, rules: ContactRules) -> None:
        with pytest.raises(ContactRulesWrong):
            checked_rules(rules)


def at_gate(
    ways: list[Way], *, kind: str = "marketing", now: datetime = NOON, had: Had = NOTHING, **asked: object
) -> Passed:
    known = {"kind": kind, "use_by": NOON + timedelta(days=7), "zone": "Asia/Shanghai"}
    known |= {"is_locked_away": False, "is_protected": False, **asked}
    return gate(asked=Asked(**known), ways=ways, had=had, rules=CONTACT_RULES, now=now)  # type: ignore[arg-type]


SMS, MAIL = Way("sms", "", True, "", True), Way("email", "", True, "", True)


class TestGate:
    @pytest.mark.parametrize(
        ("asked", "why"),
        [
            ({"use_by": NOON - timedelta(seconds=1)}, "too_late"),
            ({"is_locked_away": True}, "locked_away"),
            ({"is_protected": True}, "protected"),
            ({"had": Had(4, 0, 0)}, "budget_marketing"),
            ({"had": Had(0, 0, 2), "kind": "care"}, "budget_care"),
            ({"had": Had(0, 2, 0)}, "budget_sms"),
            ({"now": NIGHT, "use_by": NIGHT + timedelta(hours=2)}, "too_late"),
        ],
    )
    def test_lets_nothing_through_and_says_why(self, asked: dict[str, object], why: str) -> None:
        assert at_gate([SMS], **asked) == Passed(why=why)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("way", "why"),
        [
            (Way("sms", "withdrawn", True, "", True), "withdrawn"),
            (Way("sms", "", False, "", True), "no_contact"),
            (Way("sms", "", True, "no_template", True), "no_template"),
        ],
    )
    def test_takes_the_next_channel_when_one_cannot_be(self, way: Way, why: str) -> None:
        assert at_gate([way]) == Passed(why=why)
        assert at_gate([way, MAIL]) == Passed(channel="email")

    def test_takes_the_other_channel_when_the_sms_of_the_month_are_used_up(self) -> None:
        assert at_gate([SMS, MAIL], had=Had(0, 2, 0)) == Passed(channel="email")

    def test_waits_for_the_hour(self) -> None:
        assert at_gate([SMS], now=NIGHT) == Passed(until=datetime(2026, 12, 1, 1, 0, tzinfo=UTC), why="quiet_hours")

    def test_knows_no_hours_for_a_code_that_was_asked_for(self) -> None:
        assert at_gate([SMS], now=NIGHT, kind="code") == Passed(channel="sms")

    def test_writes_to_protected_people_for_service_alone(self) -> None:
        assert at_gate([SMS], kind="service", is_protected=True) == Passed(channel="sms")

    def test_waits_for_a_channel_that_is_off(self) -> None:
        off = Way("sms", "", True, "", False)
        assert at_gate([off]).why == "channel_off" and at_gate([off]).until is not None

    def test_counts_no_service(self) -> None:
        assert at_gate([SMS], kind="service", had=Had(9, 9, 9)) == Passed(channel="sms")


class TestAgainAfter:
    def test_ends_within_a_quarter_of_an_hour(self) -> None:
        waits = [again_after(number) for number in range(1, 6)]
        assert waits[-1] is None and sum((one for one in waits if one), timedelta()) < timedelta(minutes=15)
