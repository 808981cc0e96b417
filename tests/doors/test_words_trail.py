"""The audit trail in words: every act has one, and no fact of a line is left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

import zhenke
from zhenke.doors.words.trail import ACTION_WORDS, SUBJECT_WORDS, fact_words, subject_word

SOURCE = Path(zhenke.__file__).parent


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an argument may be: written out, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))


def _recorded(source: str, argument: str) -> set[str]:
    """What the calls of the trail's `record` name, as far as it is written out."""
    calls = (one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call))
    named = (one for one in calls if (getattr(one.func, "attr", "") or getattr(one.func, "id", "")) == "record")
    return {text for one in named for word in one.keywords if word.arg == argument for text in _texts(word.value)}


def _everywhere(argument: str) -> set[str]:
    return {text for file in SOURCE.rglob("*.py") for text in _recorded(file.read_text(), argument)}


class TestActionWords:
    def test_has_a_word_for_every_act(self) -> None:
        acts = _everywhere("action")
        assert len(acts) > 40
        assert acts <= set(ACTION_WORDS)

    def test_has_a_word_for_every_kind_of_row(self) -> None:
        kinds = _everywhere("subject_kind")
        assert {"customer", "piece"} <= kinds
        assert kinds <= set(SUBJECT_WORDS)

    def test_finds_an_act_without_a_word(self) -> None:
        planted = 'record(action="piece.melted" if hot else "piece.valued", by=by)'
        assert _recorded(planted, "action") - set(ACTION_WORDS) == {"piece.melted"}


FACTS = {"columns": ["name", "last_bought"], "rows": 38, "second": "sensitive", "is_on": False, "shop": None}


class TestFactWords:
    @pytest.mark.parametrize(
        ("language", "words"),
        [
            (
                "en",
                "columns Name, Last purchase · rows 38 · second person because of what is specially protected · on no",
            ),
            ("zh-hans", "列 姓名、最近购买 · 行数 38 · 需第二人，因为 特别保护的信息 · 开启 否"),
        ],
    )
    def test_says_codes_as_people_read_them(self, language: str, words: str) -> None:
        with override(language):
            assert fact_words(FACTS) == words

    def test_leaves_nothing_out_that_has_no_word(self) -> None:
        with override("en"):
            assert fact_words({"melted_at": 1064, "reason": "unheard_of"}) == "melted_at 1064 · why unheard_of"

    def test_names_an_unknown_kind_of_row_by_its_code(self) -> None:
        with override("en"):
            assert (subject_word("piece"), subject_word("kiln")) == ("Piece", "kiln")
