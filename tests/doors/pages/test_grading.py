"""Grading over HTTP: the preview follows the sliders, publishing makes a version, going back makes another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from tests.cast import NOW, Cast
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.doors.jobs.regrade import ask_for_regrade, regrade_state, regrade_task
from zhenke.grading.models import Grade, Scheme
from zhenke.grading.operations import ensure_first_scheme
from zhenke.grading.rules import DIMENSIONS
from zhenke.journeys.regrade_customers import regrade_customers

Desk = Callable[[str], Client]
WEIGHTS = {f"weight-{name}": "0" for name in DIMENSIONS} | {"weight-amount": "100"}


@pytest.fixture(autouse=True)
def fresh(cast: Cast) -> None:
    """A house with its first scheme and no regrade asked for."""
    ensure_first_scheme(NOW)
    cache.clear()


@pytest.mark.django_db
class TestGradingPage:
    def test_is_for_those_who_may_see_it(self, cast: Cast, desk: Desk) -> None:
        assert desk("mei").get("/grading/").status_code == 403
        for who in ("lin", "ji", "zhu"):
            assert "What counts how much" in text_of(desk(who), "/grading/")

    def test_offers_publishing_only_to_those_who_may(self, cast: Cast, desk: Desk) -> None:
        assert "Publish as version 2" in text_of(desk("zhu"), "/grading/")
        assert "Publish as version" not in text_of(desk("lin"), "/grading/")
        assert desk("lin").post("/grading/publish/", WEIGHTS).status_code == 403

    def test_teaches_the_next_step_when_nobody_is_graded(self, cast: Cast, desk: Desk) -> None:
        assert "Nobody is graded yet" in text_of(desk("zhu"), "/grading/")

    @pytest.mark.django_db(transaction=True)
    def test_stays_within_its_queries(self, world: World, desk: Desk) -> None:
        regrade_customers(reason="night", now=NOW)
        assert len(queries_of(desk("zhu"), "/grading/")) <= 20


@pytest.mark.django_db(transaction=True)
class TestGradingPreview:
    def test_counts_and_names_within_sight(self, world: World, desk: Desk) -> None:
        regrade_customers(reason="night", now=NOW)
        before = Grade.objects.get(customer=world.cast.mrs_zhou).letter
        scores = {"method": "score", "score-A": "99", "score-B": "98", "score-C": "97", "score-D": "96"}
        query = "&".join(f"{name}={value}" for name, value in scores.items())
        page = text_of(desk("zhu"), f"/grading/preview/?{query}", headers=HTMX)
        assert "<html" not in page
        if before != "E":
            assert f"1 falls from {before} to E" in page
            assert "周丽华" in page
        assert "周丽华" not in text_of(desk("an"), f"/grading/preview/?{query}", headers=HTMX)
        assert "周丽华" not in text_of(desk("other"), f"/grading/preview/?{query}", headers=HTMX)

    @pytest.mark.parametrize(
        ("query", "says"),
        [
            ("weight-amount=50", "must sum to 100"),
            ("weight-amount=x", "must sum to 100"),
            ("share-A=90", "sum to 100"),
            ("method=score&score-A=1", "must fall from A to D"),
            ("step-recency-5=900", "the days must be whole numbers that rise"),
            ("step-margin-5=abc", "thresholds must be numbers that fall"),
            ("window_months=0", "1 to 120"),
            ("life-active=5000", "must rise: active, at risk, lapsed"),
        ],
    )
    def test_says_in_words_what_cannot_grade(self, cast: Cast, desk: Desk, query: str, says: str) -> None:
        assert says in text_of(desk("zhu"), f"/grading/preview/?{query}", headers=HTMX)

    def test_takes_a_threshold_of_more_days_than_there_are(self, cast: Cast, desk: Desk) -> None:
        for asked in ("0", "12", "9999999"):
            assert desk("zhu").get("/grading/preview/", {"step-recency-5": asked}).status_code == 200

    def test_is_the_whole_page_without_htmx(self, cast: Cast, desk: Desk) -> None:
        query = "&".join(f"{name}={value}" for name, value in WEIGHTS.items())
        page = text_of(desk("zhu"), f"/grading/preview/?{query}")
        assert 'name="weight-amount" min="0" max="100" step="1" value="100"' in page


@pytest.mark.django_db
class TestPublish:
    def test_makes_a_version_with_its_note_and_asks_for_a_regrade(self, cast: Cast, desk: Desk) -> None:
        answer = desk("zhu").post("/grading/publish/", {**WEIGHTS, "note": "Amount alone"})
        assert answer.status_code == 302
        scheme = Scheme.objects.get(is_current=True)
        assert (scheme.version, scheme.note, scheme.published_by) == (2, "Amount alone", cast.zhu)
        assert scheme.rules["weights"]["amount"] == 100
        assert regrade_state().state == "waiting"  # type: ignore[union-attr]

    def test_is_one_version_when_pressed_twice(self, cast: Cast, desk: Desk) -> None:
        for _ in range(2):
            assert desk("zhu").post("/grading/publish/", WEIGHTS).status_code == 302
        assert Scheme.objects.count() == 2

    def test_shows_what_is_wrong_and_publishes_nothing(self, cast: Cast, desk: Desk) -> None:
        answer = desk("zhu").post("/grading/publish/", {**WEIGHTS, "weight-margin": "7"})
        assert answer.status_code == 422
        assert "The weights must sum to 100" in answer.content.decode()
        assert Scheme.objects.count() == 1

    def test_goes_back_to_an_older_version_as_a_new_one(self, cast: Cast, desk: Desk) -> None:
        desk("zhu").post("/grading/publish/", WEIGHTS)
        for _ in range(2):
            assert desk("zhu").post("/grading/versions/1/roll-back/").status_code == 302
        current = Scheme.objects.get(is_current=True)
        assert (current.version, current.copied_from.version) == (3, 1)  # type: ignore[union-attr]
        assert desk("zhu").post("/grading/versions/99/roll-back/").status_code == 404
        assert "Back to version 1" in text_of(desk("zhu"), "/grading/")


@pytest.mark.django_db(transaction=True)
class TestRegrade:
    def test_waits_runs_and_tells_how_far_it_is(self, world: World, desk: Desk) -> None:
        assert desk("lin").post("/grading/regrade/").status_code == 403
        assert desk("zhu").post("/grading/regrade/").status_code == 302
        assert "waiting for its turn" in text_of(desk("lin"), "/grading/regrade/", headers=HTMX)
        done = regrade_task.func("asked")
        assert done["customers"] == 2
        assert regrade_state().state == "done"  # type: ignore[union-attr]
        assert desk("lin").get("/grading/regrade/", headers=HTMX)["HX-Redirect"] == "/grading/"

    def test_is_queued_once_while_it_waits(self, cast: Cast) -> None:
        assert ask_for_regrade(reason="asked") == ask_for_regrade(reason="import")

    def test_says_when_it_stopped_half_way(self, cast: Cast, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(**_: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr("zhenke.doors.jobs.regrade.regrade_customers", broken)
        with pytest.raises(OSError, match="disk full"):
            regrade_task.func("asked")
        assert "stopped half-way" in text_of(desk("zhu"), "/grading/")
