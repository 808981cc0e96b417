"""Every refusal has a sentence, and the sentence has the same gaps as the error."""

from __future__ import annotations

import importlib
import pkgutil
import string
from collections.abc import Iterator

import pytest

import zhenke
from zhenke.basics.errors import BadInput, NotAllowed, NotFound, RuleBroken, ZhenkeError
from zhenke.doors.words_errors import SENTENCES, sentence_of, status_of


def _every_refusal(kind: type[ZhenkeError] = ZhenkeError) -> Iterator[type[ZhenkeError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _every_refusal(below)


@pytest.fixture(scope="module")
def refusals() -> set[type[ZhenkeError]]:
    """Every refusal of the house that a page can meet; the whole house is imported to know them."""
    for module in pkgutil.walk_packages(zhenke.__path__, "zhenke."):
        if ".migrations" not in module.name and not module.name.endswith((".manage", ".wsgi", ".asgi")):
            importlib.import_module(module.name)
    # Commands speak English on a terminal and are not met on a page.
    found = {kind for kind in _every_refusal() if kind.__module__.startswith("zhenke.")}
    found = {kind for kind in found if not kind.__module__.startswith("zhenke.doors.commands")}
    return {kind for kind in found if issubclass(kind, NotFound | NotAllowed | RuleBroken | BadInput)}


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


class TestSentences:
    def test_stand_for_every_refusal(self, refusals: set[type[ZhenkeError]]) -> None:
        assert len(refusals) > 20
        assert {kind.code for kind in refusals} - set(SENTENCES) == set()

    def test_ask_for_no_fact_that_the_error_does_not_have(self, refusals: set[type[ZhenkeError]]) -> None:
        wrong = {
            kind.code: _gaps(str(SENTENCES[kind.code])) - _gaps(kind.message)
            for kind in refusals
            if kind.code in SENTENCES and not _gaps(str(SENTENCES[kind.code])) <= _gaps(kind.message)
        }
        assert wrong == {}

    def test_fill_in_the_facts(self) -> None:
        class Strange(RuleBroken):
            code = "strange"
            message = "Nobody translated {this}."

        assert sentence_of(Strange(this="sentence")) == "Nobody translated sentence."
        assert "digits" not in sentence_of(BadInput())


class TestStatusOf:
    @pytest.mark.parametrize(
        ("refusal", "status"), [(NotFound(), 404), (NotAllowed(), 403), (RuleBroken(), 409), (BadInput(), 422)]
    )
    def test_is_one_of_four(self, refusal: ZhenkeError, status: int) -> None:
        assert status_of(refusal) == status

    def test_is_none_for_our_own_faults(self) -> None:
        assert status_of(ZhenkeError()) is None
