"""The question of who is here twice, on archives as the shop keeps them, and on a labelled crowd."""

from __future__ import annotations

import re
from datetime import timedelta

import pyarrow as pa
import pytest
from bench.linkage.engine import bare_engine
from bench.linkage.measure import fill, precision_recall, true_pairs
from tests.cast import NOW, Cast

from zhenke.analytics.questions.duplicates import TRAITS, likely_pairs, settings_of, shop_model, take_people
from zhenke.basics.days import DayOfYear
from zhenke.customers.facts import FACTS
from zhenke.customers.models import DuplicatePair
from zhenke.customers.operations import add_customer
from zhenke.customers.queries.linkage import linkage_batches
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.customers.rules.linkage import CROWD, RECORD_COLUMNS, compared_birthday, spoken_name
from zhenke.journeys.find_duplicates import find_duplicates
from zhenke.staff import SYSTEM

PHONE = "13912345678"


def opened(cast: Cast, name: str, phone: str = "", day: DayOfYear | None = None, wechat: str = "") -> int:
    """Open an archive and return its key."""
    draft = CustomerDraft(
        name=name,
        phones=(phone,) if phone else (),
        birthday=day,
        wechat_ids=(wechat,) if wechat else (),
        shop=cast.shop_a,
    )
    return add_customer(draft=draft, by=SYSTEM, now=NOW).pk


def found() -> dict[tuple[int, int], list[str]]:
    """Look for duplicates and return the pairs with what speaks for each."""
    find_duplicates(now=NOW)
    return {(pair.first_id, pair.second_id): pair.evidence for pair in DuplicatePair.objects.all()}


@pytest.mark.django_db(transaction=True)
class TestFindDuplicates:
    @pytest.mark.parametrize(
        ("name", "phone", "day", "because"),
        [
            ("沈若兰", PHONE, None, "phone"),
            ("沈若岚", PHONE, None, "pinyin"),
            ("Ruolan Shen", PHONE, None, "phone"),
            ("Shen Ruolan", PHONE, None, "pinyin_turned"),
            ("沈若兰", "13912345679", None, "phone_typo"),
            ("沈若兰", "", DayOfYear(3, 9, year=1990), "birthday"),
            ("沈若兰", "13912345687", DayOfYear(9, 3, year=1990), "birthday_turned"),
            ("沈若兰", "13912345679", DayOfYear(2, 13, "lunar", year=1990), "birthday"),
            ("沈若兰", PHONE, DayOfYear(3, 9, "lunar", year=1990), "birthday_calendar"),
            ("沈女士", PHONE, DayOfYear(3, 9), "surname_title"),
        ],
    )
    def test_finds_one_person_written_down_twice(
        self, cast: Cast, name: str, phone: str, day: DayOfYear | None, because: str
    ) -> None:
        pair = (opened(cast, "沈若兰", PHONE, DayOfYear(3, 9, year=1990)), opened(cast, name, phone, day))
        evidence = found()
        assert pair in evidence
        assert because in evidence[pair]

    @pytest.mark.parametrize(
        ("name", "phone", "day"),
        [
            ("沈若兰", "13700001111", DayOfYear(11, 2, year=1971)),  # a stranger of the same name
            ("沈一鸣", PHONE, DayOfYear(3, 9, year=1990)),  # a twin on the family's phone
            ("高建国", PHONE, None),  # the husband
        ],
    )
    def test_leaves_two_people_two(self, cast: Cast, name: str, phone: str, day: DayOfYear | None) -> None:
        opened(cast, "沈若兰", PHONE, DayOfYear(3, 9, year=1990))
        opened(cast, name, phone, day)
        assert found() == {}

    def test_a_phone_of_forty_archives_says_nothing(self, cast: Cast) -> None:
        for number in range(40):
            opened(cast, "王丽" if number % 10 == 0 else f"客{number}丽", PHONE)
        assert found() == {}
        assert CROWD < 40

    def test_twice_finds_nothing_new_and_keeps_what_was_decided(self, cast: Cast) -> None:
        opened(cast, "沈若兰", PHONE)
        opened(cast, "沈若兰", PHONE)
        assert find_duplicates(now=NOW).new == 1
        DuplicatePair.objects.update(state="not_same")
        again = find_duplicates(now=NOW + timedelta(days=1))
        assert (again.pairs, again.new, again.gone) == (1, 0, 0)
        assert DuplicatePair.objects.get().state == "not_same"

    def test_drops_a_pair_that_is_no_longer_alike(self, cast: Cast) -> None:
        opened(cast, "沈若兰", PHONE)
        opened(cast, "沈若兰", PHONE)
        find_duplicates(now=NOW)
        DuplicatePair.objects.get().second.contact_points.all().delete()
        assert find_duplicates(now=NOW + timedelta(days=1)).gone == 1

    def test_never_pairs_customers_of_two_houses(self, cast: Cast) -> None:
        opened(cast, "沈若兰", PHONE, DayOfYear(3, 9, year=1990))
        draft = CustomerDraft(name="沈若兰", phones=(PHONE,), shop=cast.other_brand)
        add_customer(draft=draft, by=SYSTEM, now=NOW)
        assert found() == {}

    def test_an_empty_house_has_none(self, db: None) -> None:
        assert find_duplicates(now=NOW).pairs == 0


@pytest.mark.django_db
class TestLinkageBatches:
    def test_a_stranger_gets_nothing(self, cast: Cast) -> None:
        assert list(linkage_batches(viewer=cast.zhu)) == []

    def test_hands_over_everybody_once_in_batches(self, cast: Cast) -> None:
        keys = [opened(cast, f"沈若{sign}", f"1391234567{n}", wechat="wx_ruolan") for n, sign in enumerate("兰岚蓝")]
        tables = list(linkage_batches(viewer=SYSTEM, size=2))
        rows = pa.concat_tables(tables)
        assert [table.num_rows for table in tables] == [2, 2, 1]
        assert set(rows["unique_id"].to_pylist()) == {*keys, cast.mrs_zhou.pk, cast.mr_zhou.pk}
        assert rows.column_names == [name for name, _ in RECORD_COLUMNS]
        told = {row["unique_id"]: row for row in rows.to_pylist()}[keys[0]]
        assert (told["family"], told["given"], told["phone"]) == ("shen", "ruolan", "+8613912345670")
        assert "wx_ruolan" not in str(told)

    def test_facts_for_analytics_have_no_names_and_no_phones(self) -> None:
        names = {column.name for table in FACTS for column in table.columns}
        assert not names & {"name", "pinyin", "phone", "sealed", "family", "given", "born"}


@pytest.mark.one_database
class TestShopModel:
    def test_has_trained_weights_for_every_level(self) -> None:
        model = shop_model()
        assert {trait.code for trait in TRAITS} == set(model.weights)
        for trait in TRAITS:
            assert {level.code for level in trait.levels} == set(model.weights[trait.code])
            for m, u in model.weights[trait.code].values():
                assert 0 < m <= 1 and 0 < u <= 1

    def test_speaks_no_dialect(self) -> None:
        """What Splink brings to each engine; a function that only one of them has would show here."""
        told = str(settings_of(shop_model(), count=100)).lower()
        known = {"levenshtein", "jaro_winkler_similarity", "abs", "length"}
        assert set(re.findall(r"([a-z_]+)\(", told)) <= known

    @pytest.mark.slow
    def test_reaches_its_precision_and_recall_on_a_crowd(self) -> None:
        with bare_engine() as engine:
            batches = fill(engine, 30_000, seed=77)
            true_pairs(engine)
            take_people(engine, iter(batches))
            pairs = [pair for part in likely_pairs(engine, model=shop_model()) for pair in part]
            kept = pa.table([[pair.first for pair in pairs], [pair.second for pair in pairs]], ["first", "second"])
            engine.duck.register("found", kept)
            precision, recall = precision_recall(engine, "found")
            assert engine.rows("SELECT current_setting('temp_directory')") == [("",)]
        assert precision >= 0.99 and recall >= 0.94


@pytest.mark.one_database
class TestSpokenName:
    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("周丽", ("周丽", "zhou", "li")),
            ("欧阳娜娜", ("欧阳娜娜", "ouyang", "nana")),
            ("周女士", ("周女士", "zhou", None)),
            ("Li Wang", ("liwang", "wang", "li")),
            ("  ", (None, None, None)),
        ],
    )
    def test_tells_family_and_given(self, name: str, told: tuple[str | None, ...]) -> None:
        assert spoken_name(name) == told

    def test_a_lunar_day_with_its_year_is_also_a_solar_one(self) -> None:
        assert compared_birthday("lunar", 8, 15, False, 1990) == ("1990-10-03", "08-15", 1990)
        assert compared_birthday("lunar", 8, 15, False, None) == (None, "08-15", None)
