"""Follow-ups and grades over the api."""

from __future__ import annotations

from tests.doors.api.till import Till, days_on, sale_body, task_for_mrs_zhou, till_of
from zhenke.care.models import Task
from zhenke.customers.models import Interaction

LIST_BUDGET = 5


class TestTasks:
    def test_are_listed_by_due_day_for_one_advisor_or_customer(self, till: Till) -> None:
        till.post("/sales", sale_body())
        every = Task.objects.order_by("due_date", "id")
        seen, after = [], ""
        while True:
            page = till.get("/tasks", assignee="mei", state="open", size=2, after=after).json()
            seen += [row["id"] for row in page["rows"]]
            after = page["after"]
            if not after:
                break
        assert seen == [str(task.pk) for task in every]
        assert len(till.get("/tasks", customer_id=till.cast.mrs_zhou.pk).json()["rows"]) == len(seen)
        assert till.get("/tasks", assignee="tao").json()["rows"] == []
        assert till.get("/tasks", due_by=days_on(-1)).json()["rows"] == []

    def test_stay_within_their_budget_of_queries(self, till: Till, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
        till.post("/sales", sale_body())
        with django_assert_max_num_queries(LIST_BUDGET):
            till.get("/tasks")

    def test_show_a_stranger_nothing(self, till: Till) -> None:
        task = task_for_mrs_zhou(till.cast)
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get("/tasks").json()["rows"] == []
        for act, body in (("finish", {}), ("snooze", {"until": days_on(2)}), ("reassign", {"assignee": "other"})):
            hidden, absent = (stranger.post(f"/tasks/{key}/{act}", body) for key in (task.pk, 77))
            assert (hidden.status_code, hidden.content) == (404, absent.content)
        task.refresh_from_db()
        assert (task.state, task.assignee) == ("open", till.cast.mei)

    def test_are_finished_with_the_day_of_the_next(self, till: Till) -> None:
        task = task_for_mrs_zhou(till.cast)
        body = {"result": "reached", "note": "wears it daily", "next_date": days_on(30)}
        told = till.post(f"/tasks/{task.pk}/finish", body).json()
        assert (told["task"]["state"], told["next_task"]["due_date"]) == ("done", days_on(30))
        assert Interaction.objects.get().text == "wears it daily"
        late = till.post(f"/tasks/{task.pk}/finish", {**body, "result": "later"})
        assert (late.status_code, late.json()["code"]) == (409, "task_closed")
        other = task_for_mrs_zhou(till.cast)
        assert till.post(f"/tasks/{other.pk}/finish", {"result": "reached"}).json()["code"] == "body_wrong"
        early = till.post(f"/tasks/{other.pk}/finish", {**body, "next_date": days_on(0)})
        assert (early.status_code, early.json()["code"]) == (422, "date_out_of_reach")

    def test_are_put_off_and_passed_on(self, till: Till) -> None:
        task = task_for_mrs_zhou(till.cast)
        put_off = till.post(f"/tasks/{task.pk}/snooze", {"until": days_on(5)}).json()
        assert (put_off["due_date"], put_off["snoozed_from_date"]) == (days_on(5), days_on(0))
        passed = till.post(f"/tasks/{task.pk}/reassign", {"assignee": "tao"}).json()
        assert passed["assignee"]["username"] == "tao"
        assert till.post(f"/tasks/{task.pk}/reassign", {"assignee": "other"}).json()["code"] == "advisor_unknown"
        assert till.get(f"/tasks/{task.pk}").json() == passed

    def test_are_written_by_hand(self, till: Till) -> None:
        body = {
            "customer_id": str(till.cast.mrs_zhou.pk),
            "assignee": "mei",
            "due_date": days_on(2),
            "note": "Ring is back",
        }
        answer = till.post("/tasks", body)
        assert (answer.status_code, answer.json()["reason"]) == (201, {"note": "Ring is back"})
        for key in ("77", str(10**18)):
            assert till.post("/tasks", {**body, "customer_id": key}).json()["code"] == "not_found"


class TestGrades:
    def test_are_listed_by_letter_and_explained(self, till: Till) -> None:
        letter = till.post("/sales", sale_body()).json()["grade"]["letter"]
        [row] = till.get("/grades", letter=letter).json()["rows"]
        told = till.get(f"/grades/{row['customer_id']}").json()
        assert told["grade"] == row
        assert sum(part["points"] for part in told["contributions"]) == row["score"]
        assert told["history"][0]["to_letter"] == letter
        assert till.get("/grades").json()["code"] == "body_wrong"

    def test_list_people_who_never_bought_by_stage_page_after_page(self, till: Till) -> None:
        for number in range(3):
            stage = till.post("/customers", {"name": f"何{number}", "shop": "A"}).json()["customer"]["grade"]["stage"]
        first = till.get("/grades", stage=stage, size=2).json()
        second = till.get("/grades", stage=stage, size=2, after=first["after"]).json()
        assert len({row["customer_id"] for row in [*first["rows"], *second["rows"]]}) == 3
        assert second["after"] == ""

    def test_stay_within_their_budget_of_queries(self, till: Till, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
        till.post("/sales", sale_body())
        with django_assert_max_num_queries(LIST_BUDGET):
            till.get("/grades", letter="A")

    def test_show_a_stranger_nothing(self, till: Till) -> None:
        letter = till.post("/sales", sale_body()).json()["grade"]["letter"]
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get("/grades", letter=letter).json()["rows"] == []
        hidden, absent = stranger.get(f"/grades/{till.cast.mrs_zhou.pk}"), stranger.get("/grades/77")
        assert (hidden.status_code, hidden.content) == (404, absent.content)
        ungraded = till.get(f"/grades/{till.cast.mr_zhou.pk}")
        assert (ungraded.status_code, ungraded.content) == (404, absent.content)
