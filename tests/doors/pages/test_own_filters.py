"""Own fields of text, number and day as filters: what they keep, how they read, who may ask, and kept lists."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import SavedView
from zhenke.customers.operations import save_custom_field, set_traits
from zhenke.customers.queries.lists import customer_page
from zhenke.customers.rules.filters import CustomerFilters, OwnAsked

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
FIELDS = (
    ("car", "Car", "座驾", "text", 2),
    ("kids", "Children", "孩子数", "number", 2),
    ("move", "Moves", "搬家日", "date", 2),
    ("ill", "Ill", "病史", "text", 4),
    ("debt", "Debt", "负债", "number", 3),
)


@pytest.fixture
def known(world: World) -> World:
    for key, english, chinese, kind, level in FIELDS:
        save_custom_field(key=key, name_en=english, name_zh=chinese, kind=kind, level=level, by=world.cast.zhu, now=NOW)
    hers = {"car": "Audi Q5", "kids": "10", "move": "2027-03-01", "ill": "怀孕", "debt": "-5.5"}
    his = {"car": "BMW", "kids": "9.5", "move": "2026-12-24"}
    for customer, values in ((world.cast.mrs_zhou, hers), (world.cast.mr_zhou, his)):
        traits = {f"custom.{key}": [text] for key, text in values.items()}
        set_traits(customer=customer, values=traits, by=world.cast.lin, now=NOW)
    return world


def shown(client: Client, query: str) -> list[str]:
    page = text_of(client, f"/customers/?{query}")
    return [name for name in ("周丽华", "周建国") if f">{name}</a>" in page]


class TestOwnFilters:
    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("own-car-has=audi", "Car contains “audi”"),
            ("own-car-is=Audi+Q5", "Car is “Audi Q5”"),
            ("own-kids-from=10", "Children from 10"),
            ("own-kids-from=9.6&own-kids-to=10", "Children from 9.6 to 10"),
            ("own-move-from=2027-01-01&own-move-to=2027-12-31", "Moves from"),
            ("own-debt-to=0", "Debt up to 0"),
        ],
    )
    def test_keep_her_and_read_as_a_sentence(self, known: World, desk: Desk, query: str, sentence: str) -> None:
        assert shown(desk("lin"), query) == ["周丽华"]
        assert sentence in text_of(desk("lin"), f"/customers/?{query}")
        assert len(queries_of(desk("lin"), f"/customers/?{query}")) <= 10

    @pytest.mark.parametrize("query", ["own-kids-from=many", "own-move-to=soon", "own-none-has=x", "own-car-from=1",
                                       "own-kids-has=1", "own--has=x", "own-car-has="])  # fmt: skip
    def test_what_cannot_be_is_left_out(self, known: World, desk: Desk, query: str) -> None:
        assert shown(desk("lin"), query) == ["周丽华", "周建国"]

    def test_both_ends_count_and_numbers_are_no_words(self, known: World, desk: Desk) -> None:
        assert shown(desk("lin"), "own-kids-from=9&own-kids-to=9.5") == ["周建国"]
        assert shown(desk("lin"), "own-kids-from=9.5") == ["周丽华", "周建国"]
        assert shown(desk("lin"), "own-car-is=Audi") == []
        assert shown(desk("lin"), "own-move-to=2026-12-24") == ["周建国"]

    def test_nobody_filters_by_what_is_not_shown(self, known: World, desk: Desk) -> None:
        for who in ("lin", "mei"):
            assert shown(desk(who), "own-ill-has=nothing") == shown(desk(who), "")
            assert "own-ill-" not in text_of(desk(who), "/customers/filters/")
        for one in (OwnAsked("custom.ill", "text", has="x"), OwnAsked("custom.debt", "number", most="0")):
            with pytest.raises(NotAllowed):
                customer_page(viewer=known.cast.an, filters=CustomerFilters(own=(one,)))

    def test_are_offered_with_what_is_set_and_kept_in_a_list(self, known: World, desk: Desk) -> None:
        sheet = text_of(desk("lin"), "/customers/filters/?own-kids-from=2")
        assert 'name="own-kids-from" value="2"' in sheet and 'name="own-move-to"' in sheet and "Car" in sheet
        desk("lin").post("/customers/keep/", {"name": "Many", "own-kids-from": "10"}, headers=HTMX)
        assert SavedView.objects.get().filters == {"own-kids-from": ["10"]}

    def test_a_stranger_finds_nobody(self, known: World, desk: Desk) -> None:
        assert shown(desk("qiao"), "own-car-has=audi") == []
