"""Everything that happened to a customer, over the api."""

from __future__ import annotations

import pytest

from tests.doors.api.till import Till, sale_body, till_of, visit_body
from zhenke.customers.models import Customer


def lived(till: Till) -> str:
    """Let Mrs Zhou buy and come in, and return the address of her timeline."""
    her = till.cast.mrs_zhou
    assert till.post("/sales", sale_body()).status_code == 201
    assert till.post(f"/customers/{her.pk}/visits", visit_body(till)).status_code == 200
    return f"/customers/{her.pk}/timeline"


class TestListHappened:
    def test_tells_of_every_room_newest_first(self, till: Till) -> None:
        rows = till.get(lived(till)).json()["rows"]
        assert {"sale", "visit", "grade"} <= {row["kind"] for row in rows}
        assert [row["at"] for row in rows] == sorted((row["at"] for row in rows), reverse=True)
        [sold] = [row for row in rows if row["kind"] == "sale"]
        assert sold["sale_id"] == sold["id"] and "Solitaire" in sold["title"] and sold["by_name"] == "梅雪"

    def test_of_one_kind_or_of_some_words_only(self, till: Till) -> None:
        address = lived(till)
        assert {row["kind"] for row in till.get(address, kind="visit").json()["rows"]} == {"visit"}
        assert till.get(address, words="no such word").json() == {"rows": [], "after": ""}

    @pytest.mark.parametrize("asked", [{"kind": "nothing"}, {"after": "yesterday"}])
    def test_refuses_what_it_cannot_read(self, till: Till, asked: dict[str, str]) -> None:
        answer = till.get(f"/customers/{till.cast.mrs_zhou.pk}/timeline", **asked)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")

    def test_is_absent_for_strangers_and_protected_people(self, till: Till) -> None:
        address = lived(till)
        assert till_of(till.cast, shop=till.cast.other_brand).get(address).status_code == 404
        Customer.objects.filter(pk=till.cast.mrs_zhou.pk).update(importance=3)
        assert till.get(address).status_code == 404

    def test_goes_page_by_page_each_once(self, till: Till) -> None:
        address = f"/customers/{till.cast.mrs_zhou.pk}"
        for _ in range(23):
            assert (
                till.post(f"{address}/visits", visit_body(till) | {"agreed": "", "agreed_date": None}).status_code
                == 200
            )
        seen, after = [], ""
        while True:
            page = till.get(f"{address}/timeline", kind="visit", after=after).json()
            seen += [row["id"] for row in page["rows"]]
            after = page["after"]
            if not after:
                break
        assert len(seen) == len(set(seen)) == 23
