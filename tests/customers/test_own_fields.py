"""Fields of the shop's own: both languages, several values, and what may not change while customers have values."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cast import NOW, Cast

from zhenke.customers import operations
from zhenke.customers.models import CustomField, Trait
from zhenke.customers.operations.own_fields import ChoiceInUse, FieldDefinitionWrong, FieldKindInUse
from zhenke.customers.queries import own_fields
from zhenke.staff.models import AuditEntry


def define(cast: Cast, **other: Any) -> CustomField:
    given = {"key": "sport", "name_en": "Sport", "name_zh": "运动", "kind": "choice", "choices": ["golf", "swim"]}
    return operations.save_custom_field(**{**given, "by": cast.zhu, "now": NOW, **other})


def keep(cast: Cast, text: str) -> None:
    operations.set_trait(customer=cast.mrs_zhou, key="custom.sport", text=text, by=cast.mei, now=NOW)


class TestSaveCustomField:
    def test_keeps_words_of_both_languages_for_choices_that_are_there(self, cast: Cast) -> None:
        define(cast, choice_words={"golf": ["Golf", "高尔夫"], "gone": ["x", "y"]}, group="person", level=3)
        [own] = own_fields()
        assert own.words == {"golf": ["Golf", "高尔夫"]} and (own.level, own.names) == (3, ("Sport", "运动"))
        assert AuditEntry.objects.get(action="custom_field.saved").facts["key"] == "sport"

    def test_twice_changes_nothing(self, cast: Cast) -> None:
        assert define(cast).pk == define(cast).pk and CustomField.objects.count() == 1

    @pytest.mark.parametrize(
        "wrong",
        [{"group": "nowhere"}, {"kind": "several", "choices": ["one"]}, {"choices": ["a", "a"]}, {"level": 5},
         {"kind": "picture"}, {"choices": ["x" * 61, "y"]}],
    )  # fmt: skip
    def test_refuses_what_is_not_complete(self, cast: Cast, wrong: dict[str, Any]) -> None:
        with pytest.raises(FieldDefinitionWrong):
            define(cast, **wrong)

    @pytest.mark.parametrize("kind", ["number", "date", "yes_no"])
    def test_refuses_another_kind_while_there_are_values_and_says_how_many(self, cast: Cast, kind: str) -> None:
        define(cast)
        define(cast, kind=kind)  # nobody has a value yet
        define(cast)
        keep(cast, "golf")
        with pytest.raises(FieldKindInUse) as refused:
            define(cast, kind=kind)
        assert refused.value.facts == {"count": 1} and CustomField.objects.get().kind == "choice"

    @pytest.mark.parametrize("kind", ["several", "text"])
    def test_a_choice_may_become_several_or_text_because_its_values_stay_readable(self, cast: Cast, kind: str) -> None:
        define(cast)
        keep(cast, "golf")
        assert define(cast, kind=kind).kind == kind

    def test_refuses_to_drop_a_choice_that_customers_have(self, cast: Cast) -> None:
        define(cast)
        keep(cast, "golf")
        with pytest.raises(ChoiceInUse) as refused:
            define(cast, choices=["swim", "chess"])
        assert refused.value.facts == {"count": 1, "choice": "golf"}
        assert define(cast, choices=["golf", "chess"]).choices == ["golf", "chess"]

    def test_several_values_stand_beside_each_other(self, cast: Cast) -> None:
        define(cast, kind="several")
        keep(cast, "golf")
        keep(cast, "swim")
        assert sorted(Trait.objects.values_list("text", flat=True)) == ["golf", "swim"]
