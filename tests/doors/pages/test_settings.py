"""Settings over HTTP: shops, people, roles, care plans, own fields, programs, trail."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW, Cast
from tests.doors.pages.world import World, queries_of, text_of
from zhenke.care.models import CarePlan, Task
from zhenke.customers.models import Customer, CustomField
from zhenke.customers.operations import set_trait
from zhenke.staff.models import ApiToken, AuditEntry, Shop, StaffMember
from zhenke.staff.queries import token_for
from zhenke.staff.rules import ROLE_MAY, May, Role

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
SHOP = {"name": "东门店", "city": "深圳", "time_zone": "Asia/Shanghai", "currency": "CNY", "hours_mon": "10:00-21:30"}
PERSON = {"name": "新人", "username": "xin", "role": "advisor", "capacity_a_day": "12", "email": "", "language": ""}

_FIELD = {
    "name_zh": "手套",
    "name_en": "Glove size",
    "kind": "choice",
    "choices": "S\nM\nL",
    "level": 2,
    "group": "own",
    "position": 1,
}


def saved(client: Client, address: str, **form: object) -> None:
    """Send a form that must be taken."""
    answer = client.post(address, form)
    assert answer.status_code == 302, answer.content.decode()[-3000:]


def refused(client: Client, address: str, **form: object) -> str:
    """Send a form that must come back, and return the page."""
    answer = client.post(address, form)
    assert answer.status_code == 422, answer.status_code
    return answer.content.decode()


class TestSettingsPage:
    def test_offers_only_what_the_role_may_open(self, cast: Cast, desk: Desk) -> None:
        owner, auditor = text_of(desk("zhu"), "/settings/"), text_of(desk("ji"), "/settings/")
        for place in ("shops", "staff", "roles", "care", "fields", "programs", "trail"):
            assert f'href="/settings/{place}/"' in owner
        assert 'href="/settings/trail/"' in auditor
        assert 'href="/settings/staff/"' not in auditor
        assert desk("lin").get("/settings/").status_code == 403

    def test_shows_the_roles_as_the_rules_have_them(self, cast: Cast, desk: Desk) -> None:
        page = text_of(desk("zhu"), "/settings/roles/")
        ticks = sum(act in ROLE_MAY[role] for role in Role if role != Role.INTEGRATION for act in May)
        assert page.count('<span class="hear-only">yes</span>') == ticks


class TestShops:
    def test_adds_a_shop_with_hours_below_its_region_once(self, cast: Cast, desk: Desk) -> None:
        form = {
            **SHOP,
            "code": "DM",
            "kind": "shop",
            "parent": cast.region.pk,
            "hours_tue": "10：00—13：00、15:00–21:00",
        }
        saved(desk("zhu"), "/settings/shops/new/", **form)
        shop = Shop.objects.get(code="DM")
        assert shop.path.startswith(cast.region.path)
        assert shop.hours == {"mon": [["10:00", "21:30"]], "tue": [["10:00", "13:00"], ["15:00", "21:00"]]}
        assert "Another shop already has the code DM" in refused(desk("zhu"), "/settings/shops/new/", **form)
        assert Shop.objects.filter(code="DM").count() == 1

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"hours_mon": "ten to nine"}, "Write it like 10:00–21:30"),
            ({"hours_mon": "21:00-10:00"}, "Opening hours are given by day"),
            ({"time_zone": "Mars/Base"}, "not one of the available choices"),
            ({"currency": "1Y1"}, "A currency is a code of three letters"),
        ],
    )
    def test_says_at_the_field_what_is_wrong(self, cast: Cast, desk: Desk, given: dict[str, str], says: str) -> None:
        assert says in refused(desk("zhu"), f"/settings/shops/{cast.shop_a.pk}/", **{**SHOP, **given})

    def test_keeps_the_brands_rules_of_days(self, cast: Cast, desk: Desk) -> None:
        form = {**SHOP, "name": "珍宝阁", "feb29": "after", "missing30": "before"}
        saved(desk("zhu"), f"/settings/shops/{cast.brand.pk}/", **form)
        cast.brand.refresh_from_db()
        assert cast.brand.date_rules == {"feb29": "after", "missing30": "before"}

    def test_closes_and_opens_again(self, cast: Cast, desk: Desk) -> None:
        saved(desk("zhu"), f"/settings/shops/{cast.shop_b.pk}/", open="no")
        cast.shop_b.refresh_from_db()
        assert cast.shop_b.closed_at is not None
        saved(desk("zhu"), f"/settings/shops/{cast.shop_b.pk}/", open="yes")
        cast.shop_b.refresh_from_db()
        assert cast.shop_b.closed_at is None

    def test_knows_no_shop_of_another_brand(self, cast: Cast, desk: Desk) -> None:
        assert "别家珠宝" not in text_of(desk("zhu"), "/settings/shops/")
        assert desk("zhu").get(f"/settings/shops/{cast.other_brand.pk}/").status_code == 404
        assert desk("other").post(f"/settings/shops/{cast.shop_a.pk}/", SHOP).status_code == 404


class TestStaff:
    def test_adds_a_person_whose_password_is_shown_once_and_opens(self, cast: Cast, desk: Desk) -> None:
        answer = desk("zhu").post("/settings/staff/new/", {**PERSON, "shop": cast.shop_a.pk})
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        password = re.search(r'id="the-secret">([^<]+)<', answer.content.decode())
        assert password
        member = StaffMember.objects.get(username="xin")
        assert member.check_password(password[1])
        assert password[1] not in text_of(desk("zhu"), f"/settings/staff/{member.pk}/")
        assert "Somebody already signs in as xin" in refused(
            desk("zhu"), "/settings/staff/new/", **PERSON, shop=cast.shop_a.pk
        )

    def test_gives_a_new_password_that_replaces_the_old(self, cast: Cast, desk: Desk) -> None:
        answer = desk("zhu").post(f"/settings/staff/{cast.mei.pk}/password/")
        password = re.search(r'id="the-secret">([^<]+)<', answer.content.decode())
        cast.mei.refresh_from_db()
        assert password
        assert cast.mei.check_password(password[1])

    def test_changes_role_and_shop_and_ends_the_sessions(self, cast: Cast, desk: Desk) -> None:
        mei = desk("mei")
        assert mei.get("/").status_code == 200
        form = {**PERSON, "name": "梅雪", "role": "shop_manager", "shop": cast.shop_b.pk}
        saved(desk("zhu"), f"/settings/staff/{cast.mei.pk}/", **form)
        cast.mei.refresh_from_db()
        assert (cast.mei.role, cast.mei.shop) == ("shop_manager", cast.shop_b)
        assert mei.get("/").status_code == 302

    def test_keeps_the_last_owner(self, cast: Cast, desk: Desk) -> None:
        form = {**PERSON, "name": "朱砂", "role": "auditor", "shop": cast.brand.pk}
        assert "This is the last owner" in refused(desk("zhu"), f"/settings/staff/{cast.zhu.pk}/", **form)

    def test_says_what_happens_before_somebody_leaves(self, world: World, desk: Desk) -> None:
        page = text_of(desk("zhu"), f"/settings/staff/{world.cast.mei.pk}/leave/")
        tasks = Task.objects.filter(assignee=world.cast.mei, state="open").count()
        assert "2 customers go to the colleague" in page
        assert f"{tasks} open follow-up" in page

    def test_hands_everything_over_and_ends_access_at_once(self, world: World, desk: Desk) -> None:
        mei, address = desk("mei"), f"/settings/staff/{world.cast.mei.pk}/leave/"
        assert mei.get("/").status_code == 200
        assert "This field is required" in refused(desk("zhu"), address)
        for _ in range(2):
            saved(desk("zhu"), address, to=world.cast.tao.pk)
        assert mei.get("/").status_code == 302
        assert set(Customer.objects.filter(shop=world.cast.shop_a).values_list("owner", flat=True)) == {
            world.cast.tao.pk
        }
        assert not Task.objects.filter(assignee=world.cast.mei, state="open").exists()
        assert AuditEntry.objects.filter(action="staff.let_go").count() == 1
        assert "Have left" in text_of(desk("zhu"), "/settings/staff/")

    def test_is_nobody_elses_business(self, cast: Cast, desk: Desk) -> None:
        assert "梅雪" not in text_of(desk("other"), "/settings/staff/")
        for page in ("", "leave/"):
            assert desk("other").get(f"/settings/staff/{cast.mei.pk}/{page}").status_code == 404
        assert desk("lin").get(f"/settings/staff/{cast.mei.pk}/").status_code == 403

    def test_stays_within_its_queries(self, cast: Cast, desk: Desk) -> None:
        assert len(queries_of(desk("zhu"), "/settings/staff/")) <= 5


def _steps(plan: CarePlan, **given: str) -> dict[str, object]:
    form: dict[str, object] = {"is_active": "on", "step-INITIAL_FORMS": len(plan.steps)}
    form["step-TOTAL_FORMS"] = len(plan.steps)
    form |= {"step-MIN_NUM_FORMS": 1, "step-MAX_NUM_FORMS": 40}
    for place, step in enumerate(plan.steps):
        form |= {f"step-{place}-{name}": value for name, value in step.items()}
    return {**form, **given}


class TestCarePlans:
    def test_shows_each_rhythm_in_words(self, world: World, desk: Desk) -> None:
        page = text_of(desk("zhu"), "/settings/care/")
        assert "Wear check after 6 days" in page
        assert "Birthday 21 days before" in page

    def test_puts_a_new_version_in_force_once(self, world: World, desk: Desk) -> None:
        plan = CarePlan.objects.get(code="after_sale")
        form = _steps(plan, **{"step-1-offset_days": "7", "step-1-script_en": "Hello {name}"})
        saved(desk("zhu"), f"/settings/care/{plan.pk}/", **form)
        newer = CarePlan.objects.get(code="after_sale", is_active=True)
        assert (newer.version, newer.steps[1]["offset_days"], newer.steps[1]["script_en"]) == (2, 7, "Hello {name}")
        assert newer.steps[2]["grades"] == ["A", "B", "C"]
        assert desk("zhu").get(f"/settings/care/{plan.pk}/").status_code == 404
        saved(desk("zhu"), f"/settings/care/{newer.pk}/", **_steps(newer))
        assert CarePlan.objects.filter(code="after_sale").count() == 2

    def test_turns_a_plan_off(self, world: World, desk: Desk) -> None:
        plan = CarePlan.objects.get(code="win_back")
        form = _steps(plan)
        del form["is_active"]
        saved(desk("zhu"), f"/settings/care/{plan.pk}/", **form)
        assert not CarePlan.objects.filter(code="win_back", is_active=True).exists()

    def test_adds_a_row_and_takes_one_out(self, world: World, desk: Desk) -> None:
        plan = CarePlan.objects.get(code="welcome")
        longer = desk("zhu").post(f"/settings/care/{plan.pk}/", _steps(plan, add="1"))
        assert longer.status_code == 200
        assert 'name="step-2-code"' in longer.content.decode()
        assert CarePlan.objects.filter(code="welcome").count() == 1
        saved(desk("zhu"), f"/settings/care/{plan.pk}/", **_steps(plan, **{"step-0-DELETE": "on"}))
        newer = CarePlan.objects.get(code="welcome", is_active=True)
        assert [step["code"] for step in newer.steps] == ["welcome_again"]

    def test_says_at_the_step_what_is_wrong(self, world: World, desk: Desk) -> None:
        plan = CarePlan.objects.get(code="welcome")
        page = refused(desk("zhu"), f"/settings/care/{plan.pk}/", **_steps(plan, **{"step-0-window_days": "99"}))
        assert "less than or equal to 60" in page
        assert CarePlan.objects.filter(code="welcome").count() == 1


class TestOwnFields:
    def test_adds_a_field_once_changes_and_retires_it(self, cast: Cast, desk: Desk) -> None:
        saved(desk("zhu"), "/settings/fields/", **_FIELD)
        field = CustomField.objects.get()
        assert (field.key, field.choices) == ("glove_size", ["S", "M", "L"])
        assert "There is a field of this name already" in refused(desk("zhu"), "/settings/fields/", **_FIELD)
        saved(desk("zhu"), f"/settings/fields/{field.pk}/", **{**_FIELD, "name_en": "Glove"})
        saved(desk("zhu"), f"/settings/fields/{field.pk}/", retired="yes")
        field.refresh_from_db()
        assert (field.name_en, field.retired_at is not None) == ("Glove", True)
        saved(desk("zhu"), f"/settings/fields/{field.pk}/", retired="no")
        field.refresh_from_db()
        assert field.retired_at is None

    def test_takes_words_of_both_languages_and_writes_them_back(self, cast: Cast, desk: Desk) -> None:
        lines = "Small = 小\nl = Large = 大\nM"
        saved(desk("zhu"), "/settings/fields/", **{**_FIELD, "kind": "several", "choices": lines, "group": "sizes"})
        field = CustomField.objects.get()
        assert (field.choices, field.group) == (["Small", "l", "M"], "sizes")
        assert field.choice_words == {"Small": ["Small", "小"], "l": ["Large", "大"]}
        assert lines in text_of(desk("zhu"), f"/settings/fields/{field.pk}/")
        assert "Small, Large, M" in text_of(desk("zhu"), "/settings/fields/")

    def test_says_why_what_it_holds_cannot_change(self, cast: Cast, desk: Desk) -> None:
        saved(desk("zhu"), "/settings/fields/", **_FIELD)
        field = CustomField.objects.get()
        set_trait(customer=cast.mrs_zhou, key="custom.glove_size", text="S", by=cast.mei, now=NOW)
        page = refused(desk("zhu"), f"/settings/fields/{field.pk}/", **{**_FIELD, "kind": "date"})
        assert "Customers with a value here: 1." in page
        page = refused(desk("zhu"), f"/settings/fields/{field.pk}/", **{**_FIELD, "choices": "M\nL"})
        assert "the choice “S”" in page

    def test_says_what_is_missing(self, cast: Cast, desk: Desk) -> None:
        page = refused(desk("zhu"), "/settings/fields/", **{**_FIELD, "choices": "S"})
        assert "not complete" in page


class TestPrograms:
    def test_shows_the_secret_once_and_shuts_out_at_once(self, cast: Cast, desk: Desk) -> None:
        form = {"name": "Till 1", "shop": cast.shop_a.pk, "scopes": ["sales:write", "customers:read"], "valid_days": 90}
        answer = desk("zhu").post("/settings/programs/", form)
        secret = re.search(r'id="the-secret">(zk_[^<]+)<', answer.content.decode())
        assert secret
        token = ApiToken.objects.get()
        assert token_for(secret=secret[1], now=token.made_at) == token
        assert (token.acts_as.shop, token.scopes) == (cast.shop_a, ["customers:read", "sales:write"])
        page = text_of(desk("zhu"), "/settings/programs/")
        assert secret[1] not in page
        assert "Till 1" in page
        for _ in range(2):
            saved(desk("zhu"), f"/settings/programs/{token.pk}/revoke/")
        assert token_for(secret=secret[1], now=token.made_at) is None
        assert desk("other").post(f"/settings/programs/{token.pk}/revoke/").status_code == 404

    def test_wants_at_least_one_scope(self, cast: Cast, desk: Desk) -> None:
        page = refused(desk("zhu"), "/settings/programs/", name="Till", shop=cast.shop_a.pk, valid_days=90)
        assert "This field is required" in page
        assert not ApiToken.objects.exists()


class TestTrail:
    def test_shows_what_was_done_page_by_page(self, cast: Cast, desk: Desk) -> None:
        for number in range(55):
            saved(desk("zhu"), f"/settings/shops/{cast.shop_a.pk}/", **{**SHOP, "name": f"水贝店 {number}"})
        first = text_of(desk("ji"), "/settings/trail/")
        assert first.count("Shop changed</p>") == 50
        next_page = re.search(r'href="(/settings/trail/\?before=\d+)"', first)
        assert next_page
        rest = text_of(desk("ji"), next_page[1], headers={"HX-Request": "true"})
        assert "<html" not in rest
        assert rest.count("Shop changed</p>") == 5
        assert "Nothing of this kind" in text_of(desk("ji"), "/settings/trail/?action=token.issued")

    def test_is_empty_for_another_brand_and_closed_to_others(self, cast: Cast, desk: Desk) -> None:
        saved(desk("zhu"), f"/settings/shops/{cast.shop_a.pk}/", **SHOP)
        assert "Shop changed</p>" not in text_of(desk("other"), "/settings/trail/")
        assert desk("lin").get("/settings/trail/").status_code == 403
