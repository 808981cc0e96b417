"""The page of the texts of consent: preview, a new version, a former one put in force again, how many said yes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW, Cast
from tests.doors.pages.world import text_of
from zhenke.customers.models import ConsentText
from zhenke.customers.operations import give_consent
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
PAGE = "/settings/consent/marketing/"
NEW = {"zh": "新的文字", "en": "New <b>words</b>", "meaning": "new", "version": "1"}


@pytest.fixture(autouse=True)
def texts(cast: Cast) -> None:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)
    give_consent(customer=cast.mrs_zhou, purpose="marketing", channels=("sms",), proof="paper", by=cast.mei, now=NOW)


def versions() -> list[int]:
    return list(ConsentText.objects.filter(purpose="marketing").order_by("version").values_list("version", flat=True))


class TestSettingsConsents:
    def test_shows_each_purpose_with_how_many_said_yes(self, cast: Cast, desk: Desk) -> None:
        page = text_of(desk("zhu"), "/settings/consent/")
        assert page.count('href="/settings/consent/') == len(CONSENT_TEXTS)
        assert "1 yes" in page
        assert "to ask again" not in page

    def test_tells_how_many_are_to_be_asked_again(self, cast: Cast, desk: Desk) -> None:
        desk("zhu").post(PAGE, {**NEW, "act": "publish"})
        assert "1 to ask again" in text_of(desk("zhu"), "/settings/consent/")

    def test_is_for_the_owner(self, cast: Cast, desk: Desk) -> None:
        assert desk("lin").get("/settings/consent/").status_code == 403


class TestSettingsConsent:
    def test_shows_the_new_words_as_the_customer_sees_them_before_anything_is_written(
        self, cast: Cast, desk: Desk
    ) -> None:
        answer = desk("zhu").post(PAGE, {**NEW, "act": "preview"})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "As the customer sees it" in page
        assert "New &lt;b&gt;words&lt;/b&gt;" in page
        assert "1 customer is asked again" in page
        assert versions() == [1]

    def test_puts_a_version_in_force_once(self, cast: Cast, desk: Desk) -> None:
        for _ in range(2):
            assert desk("zhu").post(PAGE, {**NEW, "act": "publish"}).status_code == 302
        assert versions() == [1, 2]
        page = text_of(desk("zhu"), PAGE)
        assert "new meaning" in page
        assert "counts no more" in page
        assert cast.zhu.name in page

    def test_says_when_somebody_was_faster(self, cast: Cast, desk: Desk) -> None:
        desk("zhu").post(PAGE, {**NEW, "act": "publish"})
        answer = desk("zhu").post(PAGE, {**NEW, "zh": "第三", "act": "publish"})
        assert answer.status_code == 422
        assert "Somebody published another version meanwhile" in answer.content.decode()

    def test_asks_what_has_changed(self, cast: Cast, desk: Desk) -> None:
        assert desk("zhu").post(PAGE, {**NEW, "meaning": "", "act": "publish"}).status_code == 422
        assert versions() == [1]

    @pytest.mark.parametrize("purpose", ["spam", "MARKETING"])
    def test_knows_no_other_purpose(self, cast: Cast, desk: Desk, purpose: str) -> None:
        assert desk("zhu").get(f"/settings/consent/{purpose}/").status_code == 404


class TestSettingsConsentAgain:
    def test_puts_the_former_words_in_force_and_the_yes_counts_again(self, cast: Cast, desk: Desk) -> None:
        desk("zhu").post(PAGE, {**NEW, "act": "publish"})
        for _ in range(2):
            assert desk("zhu").post(f"{PAGE}1/again/").status_code == 302
        assert versions() == [1, 2, 3]
        assert "1 customer stands with a yes that counts" in text_of(desk("zhu"), PAGE)

    def test_knows_no_version_that_never_was(self, cast: Cast, desk: Desk) -> None:
        assert desk("zhu").post(f"{PAGE}9/again/").status_code == 404
