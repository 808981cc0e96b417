"""Names: split, masked, addressed, and found by what people type."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenke.basics.names import (
    MAX_TERMS,
    TERM_LENGTH,
    Honorific,
    SplitName,
    honorific,
    mask_name,
    normalise_query,
    pinyin_readings,
    split_name,
)
from zhenke.basics.pinyin_table import readings_of, toneless
from zhenke.basics.surnames import COMPOUND_SURNAMES, GIVEN_READINGS, SURNAME_READINGS

SPLIT = [
    ("周丽", "周", "丽"),
    ("周 丽", "周", "丽"),
    ("　周　晓丽 ", "周", "晓丽"),
    ("欧阳娜娜", "欧阳", "娜娜"),
    ("欧阳修", "欧阳", "修"),
    ("司马光", "司马", "光"),
    ("上官婉儿", "上官", "婉儿"),
    ("尉迟恭", "尉迟", "恭"),
    ("欧阳", "欧", "阳"),
    ("范徐丽泰", "范", "徐丽泰"),
    ("王", "王", ""),
    ("周女士", "周", ""),
    ("欧阳先生", "欧阳", ""),
    ("周丽(老客户)", "周", "丽"),
    ("周丽（推荐人：吴总）", "周", "丽"),
    ("周丽 Amy", "周", "丽"),
    ("周丽.", "周", "丽"),
    ("李𬍛", "李", "𬍛"),
    ("歐陽菲菲", "歐陽", "菲菲"),
    ("阿迪力·买买提", "", "阿迪力·买买提"),
    ("深圳珍宝商贸有限公司", "", "深圳珍宝商贸有限公司"),
    ("Anna Müller", "Müller", "Anna"),
    ("Müller, Anna", "Müller", "Anna"),
    ("Anna", "", "Anna"),
    ("", "", ""),
]

SURNAMES = [
    ("单", "shan"),
    ("解", "xie"),
    ("仇", "qiu"),
    ("曾", "zeng"),
    ("查", "zha"),
    ("区", "ou"),
    ("朴", "piao"),
    ("任", "ren"),
    ("华", "hua"),
    ("盖", "ge"),
    ("盖", "gai"),
    ("吕", "lv"),
    ("吕", "lu"),
    ("尉迟", "yuchi"),
    ("万俟", "moqi"),
    ("翟", "zhai"),
    ("覃", "qin"),
    ("缪", "miao"),
    ("卜", "bu"),
    ("冼", "xian"),
    ("欧阳", "ouyang"),
    ("诸葛", "zhuge"),
    ("闾丘", "lvqiu"),
    ("闾丘", "luqiu"),
    ("单于", "chanyu"),
    ("令狐", "linghu"),
]


def is_found(name: str, typed: str) -> bool:
    """Say whether the beginning of one term is what was typed: the search that the rooms do."""
    query = normalise_query(typed)
    return bool(query) and any(term.startswith(query) for term in pinyin_readings(name).search_terms)


class TestSplitName:
    @pytest.mark.parametrize(("name", "family", "given_part"), SPLIT)
    def test_tells_family_from_given(self, name: str, family: str, given_part: str) -> None:
        assert split_name(name) == SplitName(family, given_part)

    @pytest.mark.parametrize("family", sorted(COMPOUND_SURNAMES))
    def test_knows_every_compound_surname(self, family: str) -> None:
        assert split_name(family + "晓丽") == SplitName(family, "晓丽")


class TestMaskName:
    @pytest.mark.parametrize(
        ("name", "masked"),
        [
            ("张伟", "张**"),
            ("张晓伟", "张**"),
            ("张", "张**"),
            ("张女士", "张**"),
            ("欧阳娜娜", "欧阳**"),
            ("欧阳", "欧**"),
            ("阿迪力·买买提", "阿***"),
            ("深圳珍宝商贸有限公司", "深***"),
            ("Anna Müller", "A***"),
            ("周丽 Amy", "周**"),
            ("", ""),
            ("  ", ""),
        ],
    )
    def test_leaves_only_the_family(self, name: str, masked: str) -> None:
        assert mask_name(name) == masked

    @given(st.text(alphabet="周丽王晓红欧阳Anna ·", min_size=1, max_size=12))
    def test_never_tells_the_given_name_or_its_length(self, name: str) -> None:
        masked = mask_name(name)
        parts = split_name(name)
        if parts.family and len(parts.given) > 1:
            assert parts.given not in masked
        assert len(masked) <= 4


class TestHonorific:
    @pytest.mark.parametrize(
        ("name", "gender", "expected"),
        [
            ("周丽", "f", Honorific("周", "ms", True)),
            ("周丽", "m", Honorific("周", "mr", True)),
            ("周丽", "", Honorific("周丽", "", True)),
            ("欧阳娜娜", "f", Honorific("欧阳", "ms", True)),
            ("周先生", "", Honorific("周", "mr", True)),
            ("周女士", "", Honorific("周", "ms", True)),
            ("Anna Müller", "f", Honorific("Müller", "ms", False)),
            ("阿迪力·买买提", "m", Honorific("阿迪力·买买提", "", True)),
            ("深圳珍宝商贸有限公司", "", Honorific("深圳珍宝商贸有限公司", "", True)),
            ("", "f", Honorific("", "", False)),
        ],
    )
    def test_gives_facts_for_a_form_of_address(self, name: str, gender: str, expected: Honorific) -> None:
        assert honorific(name, gender) == expected


class TestPinyinReadings:
    def test_gives_pinyin_initials_and_terms(self) -> None:
        readings = pinyin_readings("周丽")
        assert (readings.pinyin, readings.initials) == ("zhouli", "zl")
        assert readings.search_terms == ("周丽", "丽", "zhouli", "li", "zl")

    @pytest.mark.parametrize(("family", "spoken"), SURNAMES)
    def test_reads_surnames_as_surnames(self, family: str, spoken: str) -> None:
        assert is_found(family + "晓红", spoken + "xiaohong")

    @pytest.mark.parametrize("family", ["单", "解", "仇", "曾", "查", "区", "任", "尉迟", "万俟"])
    def test_puts_the_surname_reading_first(self, family: str) -> None:
        spoken = dict(SURNAMES)[family]
        assert pinyin_readings(family + "红").pinyin == spoken + "hong"

    @pytest.mark.parametrize(
        ("name", "typed"),
        [
            ("周晓丽", "周晓丽"),
            ("周晓丽", "周"),
            ("周晓丽", "晓丽"),
            ("周晓丽", "晓"),
            ("周晓丽", "zhouxiaoli"),
            ("周晓丽", "Zhou Xiaoli"),
            ("周晓丽", "ZHOU"),
            ("周晓丽", "xiaol"),
            ("周晓丽", "zxl"),
            ("周晓丽", "ＺＸ"),
            ("周晓丽", "zhōu xiǎo lì"),
            ("周 晓丽", "周晓丽"),
            ("周晓丽", "周 晓丽"),
            ("欧阳娜娜", "oynn"),
            ("欧阳娜娜", "nana"),
            ("欧阳娜娜", "nuona"),
            ("吕丽", "lvli"),
            ("吕丽", "luli"),
            ("吕丽", "Lü Li"),
            ("王乐", "wangle"),
            ("王乐", "wangyue"),
            ("王乐", "wy"),
            ("王晟", "wangcheng"),
            ("王晟", "wangsheng"),
            ("单乐", "shanyue"),
            ("曾略", "zenglue"),
            ("曾略", "zenglve"),
            ("阿迪力·买买提", "阿迪力买买提"),
            ("阿迪力·买买提", "买买提"),
            ("阿迪力·买买提", "adili"),
            ("阿迪力·买买提", "adlmmt"),
            ("Anna Müller", "anna m"),
            ("Anna Müller", "MULLER"),
            ("Anna Müller", "müller anna"),
            ("Søren Łukasz", "soren"),
            ("周丽 Amy", "amy"),
            ("周丽 Amy", "周丽"),
            ("周丽（老客户）", "周丽"),
            ("李𬍛", "李𬍛"),
            ("深圳珍宝商贸有限公司", "szzb"),
            ("周女士", "周女士"),
            ("周女士", "zhou"),
            ("김철수", "김철"),
        ],
    )
    def test_finds_by_the_beginning_of_what_is_typed(self, name: str, typed: str) -> None:
        assert is_found(name, typed)

    @pytest.mark.parametrize(("name", "typed"), [("周丽", "lizhou"), ("周丽", "danli"), ("周丽", "周莉"), ("周丽", "")])
    def test_does_not_find_what_it_is_not(self, name: str, typed: str) -> None:
        assert not is_found(name, typed)

    @pytest.mark.parametrize("name", ["", "  ", "·", "()"])
    def test_gives_nothing_for_no_name(self, name: str) -> None:
        assert pinyin_readings(name).search_terms == ()

    @given(st.text(max_size=200))
    def test_stays_bounded_for_every_text(self, name: str) -> None:
        readings = pinyin_readings(name)
        assert len(readings.search_terms) <= MAX_TERMS
        assert len(set(readings.search_terms)) == len(readings.search_terms)
        assert all(0 < len(term) <= TERM_LENGTH for term in readings.search_terms)
        assert len(readings.pinyin) <= TERM_LENGTH

    @given(st.text(alphabet="周丽王晓红欧阳单乐吕解朝晟行略", min_size=1, max_size=4))
    def test_finds_every_chinese_name_by_name_pinyin_and_initials(self, name: str) -> None:
        readings = pinyin_readings(name)
        assert {normalise_query(name), readings.pinyin, readings.initials} <= set(readings.search_terms)

    def test_reads_a_million_names_in_half_a_minute(self) -> None:
        families, first, last = "王李张刘陈杨黄赵吴周单解吕欧", "丽晓红春燕海雪梅霞建", "华美艳秋志玉乐朝晟行茜"
        started = time.process_time()
        for number in range(50_000):
            pinyin_readings(families[number % 14] + first[number % 9] + last[number % 11])
        assert (time.process_time() - started) * 20 < 30

    def test_does_not_load_the_phrases_of_the_pinyin_package(self) -> None:
        look = "import sys, zhenke.basics.names; print('pypinyin' in sys.modules)"
        shown = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
        assert shown.stdout.strip() == "False"


class TestReadingsOf:
    @pytest.mark.parametrize(
        ("sign", "readings"),
        [("丽", ("li",)), ("红", ("hong",)), ("绿", ("lv", "lu")), ("乐", ("le", "yue")), ("x", ()), ("㐂", ())],
    )
    def test_gives_the_readings_that_names_use(self, sign: str, readings: tuple[str, ...]) -> None:
        assert readings_of(sign) == readings

    @pytest.mark.parametrize(("spoken", "plain"), [("lǚ", "lv"), ("zhōu", "zhou"), ("lüè", "lve"), ("ế", "e")])
    def test_drops_tones(self, spoken: str, plain: str) -> None:
        assert toneless(spoken) == plain


class TestTables:
    def test_are_written_in_plain_letters(self) -> None:
        spoken = [way for table in (SURNAME_READINGS, GIVEN_READINGS) for ways in table.values() for way in ways]
        spoken += [way for ways in COMPOUND_SURNAMES.values() for way in ways.split()]
        assert [way for way in spoken if not (way.isascii() and way.isalpha() and way.islower())] == []

    def test_give_one_syllable_to_each_sign(self) -> None:
        assert [name for name, ways in COMPOUND_SURNAMES.items() if len(ways.split()) != len(name)] == []


class TestNormaliseQuery:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [("Zhou Li", "zhouli"), ("周 丽", "周丽"), ("ＺＬ", "zl"), ("É·t'é", "ete"), ("", ""), (" - ", "")],
    )
    def test_keeps_letters_digits_and_signs(self, typed: str, kept: str) -> None:
        assert normalise_query(typed) == kept
