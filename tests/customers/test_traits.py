"""Kinds of traits: how a value is written, what cannot be, and writing several at once."""

from __future__ import annotations

import re

import pytest
from tests.architecture.house import ROOT
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.customers import operations
from zhenke.customers.models import Trait
from zhenke.customers.operations.knowledge import TraitWrong
from zhenke.customers.queries import hidden_traits, traits_of
from zhenke.customers.queries.knowledge import unseen_traits
from zhenke.customers.queries.sealed_traits import masked_traits, trait_text
from zhenke.customers.rules.intake import RowFault
from zhenke.customers.rules.trait_columns import TRAIT_FIELDS, traits_in
from zhenke.customers.rules.traits import (
    FORMS,
    GROUPS,
    KINDS,
    LEVEL_3,
    LEVEL_4,
    OwnField,
    ValueUnfit,
    fitting_own,
    kept_value,
    money_bounds,
    offered,
)
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

TEA = OwnField("drink", "choice", ("tea", "cola"), ("Drink", "饮料"), {"tea": ["Green tea", "绿茶"]})


class TestKinds:
    def test_every_line_is_of_a_known_group_form_and_level(self) -> None:
        for kind in KINDS.values():
            assert kind.group in GROUPS and kind.form in FORMS and kind.level in (2, 3, 4), kind.key
            assert bool(kind.units) == (kind.form == "number"), kind.key
        assert {"health", "faith"} <= LEVEL_4 and {"tax_number", "allergy", "income_band"} <= LEVEL_3

    def test_old_keys_are_read_and_not_asked(self) -> None:
        asked = {kind.key for group in GROUPS for kind in offered(group)}
        assert "wrist_mm" in KINDS and "wrist_mm" not in asked and "wrist_cm" in asked

    def test_each_stands_in_the_page_of_fields_and_no_other(self) -> None:
        page = (ROOT / "docs" / "fields.md").read_text(encoding="utf-8").partition("## Kinds of traits")[2]
        named = set(re.findall(r"`([a-z_]+)`", page.partition("## Other rooms")[0]))
        assert named == set(KINDS)

    @pytest.mark.parametrize(
        ("key", "text", "kept"),
        [
            ("ring_left_ring", "港度14号", "14"),
            ("ring_size", "#13", "13"),
            ("ring_size", "13.50", "13.5"),
            ("ring_size", "US 6.5", "6.5 us"),
            ("ring_size", "美码6", "6 us"),
            ("ring_size", "17.20mm", "17.2 mm"),
            ("ring_size", "１４", "14"),
            ("bangle_mm", "56号", "56"),
            ("wrist_cm", "15.5厘米", "15.5"),
            ("ears_pierced", "有", "yes"),
            ("ears_pierced", "No", "no"),
            ("budget_band", "5千-1.5万", "5000-15000"),
            ("budget_band", "5-15k", "5000-15000"),
            ("budget_band", "¥10,000-5,000", "5000-10000"),
            ("budget_band", "1万以上", "10000+"),
            ("budget_band", "一万左右", "一万左右"),
            ("intent_date", "2026-05-20", "2026-05-20"),
            ("tax_number", "9144 0300 7084 6113 6T", "91440300708461136T"),
            ("tax_number", "DE123456789", "DE123456789"),
            ("skin_tone", "cool", "cool"),
            ("till_word", "anything", "anything"),
        ],
    )
    def test_a_value_has_one_spelling(self, key: str, text: str, kept: str) -> None:
        assert kept_value(key, text) == kept
        assert kept_value(key, kept) == kept

    @pytest.mark.parametrize(
        ("key", "text", "reason"),
        [
            ("ring_size", "small", "number"),
            ("ring_size", "-3", "number"),
            ("ring_size", "15 cm", "unit"),
            ("ring_size", "US 40", "range"),
            ("wrist_cm", "155", "range"),
            ("ears_pierced", "maybe", "yes_no"),
            ("intent_date", "2026-02-30", "day"),
            ("zodiac", "cat", "choice"),
            ("tax_number", "91440300708461136X", "tax_number"),
            ("tax_number", "12", "tax_number"),
        ],
    )
    def test_what_cannot_be_says_why(self, key: str, text: str, reason: str) -> None:
        with pytest.raises(ValueUnfit) as unfit:
            kept_value(key, text)
        assert unfit.value.reason == reason

    def test_a_band_has_ends_and_words_have_none(self) -> None:
        assert money_bounds("5000-15000") == (5000, 15000) and money_bounds("50000+") == (50000, None)
        assert money_bounds("一万左右") is None

    def test_a_choice_of_the_shop_is_known_by_code_and_word(self) -> None:
        assert [fitting_own(TEA, text) for text in ("tea", "GREEN TEA", "绿茶", "cola")] == [
            "tea",
            "tea",
            "tea",
            "cola",
        ]


class TestColumns:
    def test_there_is_one_for_every_kind_that_is_asked(self) -> None:
        columns = {spec.name for spec in TRAIT_FIELDS}
        # Sensitive notes come from a person, never from a file; what she cannot be given stands in the caution.
        assert {kind.key for group in GROUPS for kind in offered(group)} - columns == {
            "taboo", "do_not_gift", "partner_ring_size", "skin_type", "hair_type", "health", "contraindication",
            "faith",
        }  # fmt: skip

    def test_words_of_files_become_codes(self) -> None:
        cells = {
            "style": "新中式、极简", "zodiac": "属龙", "ears_pierced": "无", "allergy": "镍", "hobby": "茶 / 高尔夫",
            "budget_band": "5000-10000", "intent_date": "2026/5/20", "custom.drink": "绿茶", "name": "周",
        }  # fmt: skip
        assert traits_in(cells, {"custom.drink": TEA}) == [
            ("style", "chinese"), ("style", "minimal"), ("zodiac", "dragon"), ("ears_pierced", "no"),
            ("allergy", "nickel"), ("hobby", "茶"), ("hobby", "高尔夫"), ("budget_band", "5000-10000"),
            ("intent_date", "2026-05-20"), ("custom.drink", "tea"),
        ]  # fmt: skip

    def test_not_known_says_nothing(self) -> None:
        assert traits_in({"ring_size": "不详", "allergy": "无", "industry": "-"}, {}) == []

    @pytest.mark.parametrize(
        ("column", "text", "reason"),
        [
            ("wrist_cm", "155", "trait_range"),
            ("ring_size", "大", "trait_number"),
            ("contract_date", "去年", "trait_day"),
            ("custom.drink", "beer", "trait_choice"),
        ],
    )
    def test_a_cell_that_cannot_be_is_refused_at_its_column(self, column: str, text: str, reason: str) -> None:
        with pytest.raises(RowFault) as fault:
            traits_in({column: text}, {"custom.drink": TEA})
        assert (fault.value.column, fault.value.reason) == (column, reason)


class TestSetTraits:
    def test_leaves_exactly_these_values(self, cast: Cast) -> None:
        her = {"customer": cast.mrs_zhou, "by": cast.mei, "now": NOW}
        operations.set_trait(key="metal", text="gold", **her)
        operations.set_trait(key="metal", text="pt950", **her)
        given = {"metal": ["pt950", "k18_rose"], "ring_left_ring": ["HK 12"], "style": []}
        assert operations.set_traits(values=given, **her) == ["metal", "ring_left_ring"]
        known = traits_of(viewer=cast.mei, customer=cast.mrs_zhou)
        assert {key: sorted(row.text for row in rows) for key, rows in known.items()} == {
            "metal": ["k18_rose", "pt950"],
            "ring_left_ring": ["12"],
        }

    def test_twice_changes_nothing_and_notes_nothing(self, cast: Cast) -> None:
        her = {"customer": cast.mrs_zhou, "by": cast.mei, "now": NOW}
        operations.set_traits(values={"metal": ["gold"]}, **her)
        lines = AuditEntry.objects.count()
        assert operations.set_traits(values={"metal": ["gold"]}, **her) == []
        assert Trait.objects.count() == 1 and AuditEntry.objects.count() == lines

    def test_one_wrong_value_writes_nothing(self, cast: Cast) -> None:
        her = {"customer": cast.mrs_zhou, "by": cast.mei, "now": NOW}
        for wrong in ({"wrist_cm": ["155"]}, {"ring_size": ["12", "13"]}, {"custom.none": ["x"]}):
            with pytest.raises(TraitWrong):
                operations.set_traits(values={"metal": ["gold"], **wrong}, **her)
        assert not Trait.objects.exists()

    def test_never_writes_over_what_is_not_seen(self, cast: Cast) -> None:
        her = {"customer": cast.mrs_zhou, "now": NOW}
        operations.set_traits(values={"health": ["孕期"]}, by=cast.lin, **her)
        with pytest.raises(NotAllowed):
            operations.set_traits(values={"health": []}, by=cast.mei, **her)
        with pytest.raises(NotAllowed):
            operations.drop_trait(customer=cast.mrs_zhou, key="health", by=cast.mei)
        with pytest.raises(NotAllowed):
            operations.set_traits(values={"metal": []}, by=cast.an, **her)
        operations.set_trait(key="faith", text="佛教", by=cast.mei, **her)  # heard for the first time
        with pytest.raises(NotAllowed):
            operations.set_trait(key="faith", text="无", by=cast.mei, **her)
        assert sorted(trait_text(row) for row in Trait.objects.all()) == ["佛教", "孕期"]

    def test_the_audit_line_names_keys_only(self, cast: Cast) -> None:
        operations.set_traits(customer=cast.mrs_zhou, values={"alias": ["丽姐"]}, by=cast.mei, now=NOW)
        line = AuditEntry.objects.get(action="customer.traits_set")
        assert "丽姐" not in str(line.facts) and "alias" in str(line.facts)


class TestHidden:
    def test_by_level_and_role(self, cast: Cast) -> None:
        own = {"name_en": "Illness", "name_zh": "病史", "kind": "text", "by": cast.zhu, "now": NOW}
        operations.save_custom_field(key="illness", level=4, **own)
        operations.save_custom_field(key="car", level=3, **{**own, "name_en": "Car", "name_zh": "车"})
        assert hidden_traits(viewer=SYSTEM) == unseen_traits(viewer=cast.lin) == frozenset()
        assert hidden_traits(viewer=cast.lin) == masked_traits(viewer=cast.lin) == LEVEL_4 | {"custom.illness"}
        assert masked_traits(viewer=cast.mei) == masked_traits(viewer=SYSTEM) == frozenset()
        assert hidden_traits(viewer=cast.mei) == LEVEL_4 | {"custom.illness"}
        assert hidden_traits(viewer=cast.an) >= LEVEL_3 | LEVEL_4 | {"custom.illness", "custom.car"}
