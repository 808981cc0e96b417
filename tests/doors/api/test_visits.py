"""Visits to the counter over the api."""

from __future__ import annotations

from tests.doors.api.till import Till, days_on, till_of, visit_body
from zhenke.customers.queries.notes import mentions_for


def visits_of(till: Till) -> str:
    return f"/customers/{till.cast.mrs_zhou.pk}/visits"


class TestVisits:
    def test_are_written_once_and_told_with_their_details(self, till: Till) -> None:
        body = visit_body(till)
        first = till.post(visits_of(till), body).json()
        again = till.post(visits_of(till), body).json()
        assert first == again
        assert [(one["name"], one["is_tried"]) for one in first["visit"]["pieces"]] == [
            ("R1", True),
            ("pearl strand", False),
        ]
        assert first["visit"]["companions"] == [{"id": str(till.cast.mr_zhou.pk), "name": "周建国"}]
        assert (first["task"]["assignee"]["username"], first["task"]["due_date"]) == ("mei", days_on(3))
        assert till.get(visits_of(till)).json() == {"rows": [first["visit"]]}

    def test_may_be_no_more_than_that_she_was_here(self, till: Till) -> None:
        body = {"source_key": "till-1:short", "shop": "A", "at": visit_body(till)["at"]}
        told = till.post(visits_of(till), body).json()
        assert (told["task"], told["visit"]["pieces"], told["visit"]["minutes"]) == (None, [], None)

    def test_refuse_what_cannot_be(self, till: Till) -> None:
        yesterday = {**visit_body(till), "agreed_date": days_on(-1)}
        answer = till.post(visits_of(till), yesterday)
        assert (answer.status_code, answer.json()["code"]) == (422, "visit_wrong")
        unknown = {**visit_body(till), "companion_ids": ["1"]}
        assert till.post(visits_of(till), unknown).status_code == 404

    def test_name_colleagues_and_keep_words_of_health_from_programs(self, till: Till) -> None:
        body = {"source_key": "till-1:n", "shop": "A", "at": visit_body(till)["at"], "mentions": ["lin"]}
        told = till.post(visits_of(till), {**body, "text": "怀孕三个月"}).json()["visit"]
        assert (told["text"], told["is_closed"], told["mentions"]) == ("", True, [])
        assert [line.interaction.text for line in mentions_for(viewer=till.cast.lin)] == ["怀孕三个月"]
        told = till.post(visits_of(till), {**body, "source_key": "till-1:m", "text": "看了珍珠"}).json()["visit"]
        assert (told["text"], told["is_closed"], told["photos"]) == ("看了珍珠", False, 0)
        assert [one["username"] for one in told["mentions"]] == ["lin"]

    def test_refuse_colleagues_who_may_not_see_her_and_numbers_of_papers(self, till: Till) -> None:
        tries = (
            ({"mentions": ["tao"]}, 409, "named_cannot_see"),
            ({"mentions": ["nobody"]}, 422, "advisor_unknown"),
            ({"text": "11010519491231002X"}, 422, "note_holds_id_number"),
            ({"agreed": "6222021001116245702", "agreed_date": days_on(3)}, 422, "note_holds_bank_number"),
        )
        for more, status, code in tries:
            answer = till.post(visits_of(till), {**visit_body(till), **more})
            assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
        assert till.get(visits_of(till)).json() == {"rows": []}

    def test_are_hidden_from_another_house(self, till: Till) -> None:
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get(visits_of(till)).status_code == 404
        assert stranger.post(visits_of(till), visit_body(till)).status_code == 404
