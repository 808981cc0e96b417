"""Archives that may be one person, over the api: the list, merge, two people, undo."""

from __future__ import annotations

from tests.doors.api.till import Till, till_of, twin_of_mrs_zhou
from zhenke.customers.models import Customer, DuplicatePair


class TestDuplicates:
    def test_lists_both_with_what_speaks_for_it(self, till: Till) -> None:
        pair = twin_of_mrs_zhou(till)
        [row] = till.get("/duplicates").json()["rows"]
        assert {row["first"]["id"], row["second"]["id"]} == {str(pair.first_id), str(pair.second_id)}
        assert (row["probability_permille"], row["evidence"], row["state"]) == (990, ["pinyin"], "open")

    def test_is_empty_for_a_program_of_another_house(self, till: Till) -> None:
        pair = twin_of_mrs_zhou(till)
        other = till_of(till.cast, shop=till.cast.other_brand)
        assert other.get("/duplicates").json() == {"rows": [], "after": ""}
        for act in ("merge", "not-same"):
            answer = other.post(f"/duplicates/{pair.pk}/{act}", {"keep": str(pair.first_id)} if act == "merge" else {})
            assert answer.status_code == 404
        assert DuplicatePair.objects.get().state == "open"


class TestMergePair:
    def test_keeps_one_and_the_old_key_leads_to_it(self, till: Till) -> None:
        pair, her = twin_of_mrs_zhou(till), till.cast.mrs_zhou
        answer = till.post(f"/duplicates/{pair.pk}/merge", {"keep": str(her.pk), "choices": {"name": "loser"}})
        told = answer.json()
        [gone] = {pair.first_id, pair.second_id} - {her.pk}
        assert (told["customer_id"], told["merged_id"], told["state"]) == (str(her.pk), str(gone), "done")
        assert till.get(f"/customers/{her.pk}").json()["name"] == Customer.objects.get(pk=her.pk).name == "周莉华"
        refusal = till.get(f"/customers/{gone}")
        assert refusal.status_code == 404

    def test_refuses_to_keep_somebody_else_and_moves_nothing(self, till: Till) -> None:
        pair = twin_of_mrs_zhou(till)
        answer = till.post(f"/duplicates/{pair.pk}/merge", {"keep": str(till.cast.mr_zhou.pk)})
        assert (answer.status_code, answer.json()["code"]) == (422, "choice_wrong")
        assert Customer.objects.filter(pk__in=(pair.first_id, pair.second_id)).count() == 2

    def test_is_taken_back(self, till: Till) -> None:
        pair, her = twin_of_mrs_zhou(till), till.cast.mrs_zhou
        [gone] = {pair.first_id, pair.second_id} - {her.pk}
        done = till.post(f"/duplicates/{pair.pk}/merge", {"keep": str(her.pk)}).json()
        undone = till.post(f"/merges/{done['id']}/undo", {}).json()
        assert undone["state"] == "undone"
        assert till.get(f"/customers/{gone}").json()["name"] == "周莉华"
        assert till.post(f"/merges/{done['id']}/undo", {}).json()["state"] == "undone"


class TestTellApart:
    def test_is_remembered_and_shown_no_more(self, till: Till) -> None:
        pair = twin_of_mrs_zhou(till)
        assert till.post(f"/duplicates/{pair.pk}/not-same", {}).json()["state"] == "not_same"
        assert till.get("/duplicates").json()["rows"] == []
