"""Free words of the staff: which lift a note to level 4, which numbers no note may hold, and whom "@name" calls."""

from __future__ import annotations

import pytest

from zhenke.customers.rules.notes import (
    BankNumberInNote,
    PaperNumberInNote,
    checked_words,
    level_of_words,
    names_called,
)

pytestmark = pytest.mark.one_database


class TestLevelOfWords:
    @pytest.mark.parametrize(
        "text",
        [
            "怀孕三个月，镯子要能打开",
            "太太糖尿病，指围变化大",
            "刚做完手术，这阵子不方便来",
            "她是基督徒，不要生肖款",
            "清真，招待不要点心盒",
            "带来身份证复印件",
            "问了开户行",
            "怀\u200b孕",
            "ＨＩＶ",
            "Pregnant, no more rings this year",
            "She has diabetes",
            "her mother has cancer",
            "is a devout Muslim",
            "keeps kosher at home",
            "wants to pay from her bank account in Macau",
        ],
    )
    def test_is_four_for_health_faith_papers_and_accounts(self, text: str) -> None:
        assert level_of_words(text) == level_of_words("看了很久", text) == 4

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "喜欢佛公吊坠，问观音有没有小一号",
            "发微信佛牌照片给她",
            "教会她怎么换表带",
            "下礼拜再来",
            "对镍过敏，要铂金",
            "会员卡号 880012345678",
            "微信教她看克重",
            "微信主动问金价",
            "likes the Christian Dior setting",
            "asked for a cross pendant and the Cancer star sign charm",
            "paid by bank card",
            "hearing about the new jade",
            "Buddha pendant, size as before",
        ],
    )
    def test_is_three_for_the_words_of_the_trade(self, text: str) -> None:
        assert level_of_words(text) == 3


class TestCheckedWords:
    @pytest.mark.parametrize(
        "text",
        [
            "11010519491231002X",
            "她的号 110105 19491231 002x",
            "１１０１０５１９４９１２３１００２Ｘ",
            "110105194912\u200b31002X",
            "11010519491231\x00002X",
            "身份证：110105194912310021",
            "护照 E12345678",
            "passport no. E12345678",
            "ID number: 110105491231002",
            "香港 A123456(3)",
        ],
    )
    def test_refuse_numbers_of_papers(self, text: str) -> None:
        with pytest.raises(PaperNumberInNote) as refusal:
            checked_words("好", text)
        assert refusal.value.facts == {}
        assert text not in refusal.value.message

    @pytest.mark.parametrize(
        "text",
        [
            "退款到 6222021001116245702",
            "4111 1111 1111 1111",
            "5500-0000-0000-0004",
            "3782 822463 10005",
            "卡号：6222 0210 0101 2345 678",
            "账号 012345678901",
            "DE89 3704 0044 0532 0130 00",
            "account number 123456789012",
        ],
    )
    def test_refuse_numbers_of_cards_and_accounts(self, text: str) -> None:
        with pytest.raises(BankNumberInNote):
            checked_words(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "13800138000",
            "13800138000 13900139000",
            "GIA 2201234567",
            "订单 202611301234567890",
            "2026-11-30 13800138000",
            "110105194912310021",  # its check sign is wrong
            "6222021001116245703",  # so is this one's
            "会员卡号 880012345678",
            "礼品卡号：6000123412341234",
            "¥4,111,111 and ¥111,111,111",
            "货号 A123456",
            "带身份证来取货",
        ],
    )
    def test_let_other_numbers_pass(self, text: str) -> None:
        assert checked_words(text) == (text,)


PEOPLE = {1: ("林静", "lin"), 2: ("Mei", "mei"), 3: ("陶然", "tao"), 4: ("陶然居", "cafe"), 5: ("Mei Ling", "")}


class TestNamesCalled:
    @pytest.mark.parametrize(
        ("text", "called"),
        [
            ("", []),
            ("林静 Mei", []),
            ("@林静请看", [1]),
            ("＠林静，@ MEI: look", [1, 2]),
            ("@Meiling @陶", []),
            ("@陶然居 @陶然明天来", [4, 3]),
            ("@mei ling and @lin", [5, 1]),
            ("@林静 @林静 @lin", [1]),
            ("mail a@lin.example", []),
        ],
    )
    def test_are_the_longest_that_fit_each_once(self, text: str, called: list[int]) -> None:
        assert names_called(text, PEOPLE) == called
