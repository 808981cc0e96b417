"""Shops, people and tokens: what is written, what a repeat does, and how fast somebody is out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from tests.cast import NOW, PASSWORD, Cast

from zhenke.basics.errors import NotAllowed, NotFound
from zhenke.staff import SYSTEM, operations
from zhenke.staff.audit import broken_links
from zhenke.staff.models import ApiToken, AuditEntry, Shop, StaffMember
from zhenke.staff.operations import MemberChanges
from zhenke.staff.queries import audit_entries, staff_member, token_for, tokens
from zhenke.staff.rules import BadHours, BadTimeZone, BadUsername, Role

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def _trail() -> list[str]:
    return list(AuditEntry.objects.order_by("position").values_list("action", flat=True))


class TestAddShop:
    def test_puts_a_shop_below_its_region(self, cast: Cast) -> None:
        shop = operations.add_shop(code="C", name="罗湖店", kind="shop", parent=cast.region, by=cast.zhu, now=NOW)
        assert shop.path == f"{cast.region.path}{shop.id}/"
        assert shop.time_zone == "Asia/Shanghai"
        assert _trail() == ["shop.added"]

    def test_refuses_the_same_code_twice_and_writes_nothing(self, cast: Cast) -> None:
        with pytest.raises(operations.ShopCodeTaken):
            operations.add_shop(code="A", name="x", kind="shop", parent=cast.region, by=cast.zhu, now=NOW)
        assert _trail() == []

    def test_begins_an_empty_installation_with_a_brand(self, db: None) -> None:
        brand = operations.add_shop(code="MAIN", name="MAIN", kind="brand", parent=None, by=SYSTEM, now=NOW)
        assert brand.path == f"{brand.id}/"

    @pytest.mark.parametrize(("kind", "above"), [("shop", "shop_a"), ("brand", "brand"), ("shop", None)])
    def test_refuses_a_wrong_place(self, cast: Cast, kind: str, above: str | None) -> None:
        parent = getattr(cast, above) if above else None
        with pytest.raises(operations.ShopMisplaced):
            operations.add_shop(code="X", name="x", kind=kind, parent=parent, by=SYSTEM, now=NOW)

    def test_refuses_strangers_and_other_roles(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            operations.add_shop(code="X", name="x", kind="shop", parent=cast.region, by=cast.lin, now=NOW)
        with pytest.raises(NotFound):
            operations.add_shop(code="X", name="x", kind="shop", parent=cast.region, by=cast.other, now=NOW)


class TestChangeShop:
    def test_changes_and_names_the_fields_in_the_trail(self, cast: Cast) -> None:
        hours = {"mon": [["10:00", "12:00"], ["13:00", "21:30"]]}
        changes = {"name": "水贝旗舰店", "hours": hours, "city": ""}
        operations.change_shop(shop=cast.shop_a, changes=changes, by=cast.zhu, now=NOW)
        cast.shop_a.refresh_from_db()
        assert (cast.shop_a.name, cast.shop_a.hours) == ("水贝旗舰店", hours)
        assert AuditEntry.objects.get().facts == {"fields": ["name", "hours"]}

    def test_writes_nothing_twice(self, cast: Cast) -> None:
        for _ in range(2):
            operations.change_shop(shop=cast.shop_a, changes={"city": "深圳"}, by=cast.zhu, now=NOW)
        assert _trail() == ["shop.changed"]

    def test_refuses_a_hostile_zone_and_impossible_hours(self, cast: Cast) -> None:
        for zone in ("Asia/Shanghai'; DROP TABLE staff_shop; --", "../../etc/passwd", ""):
            with pytest.raises(BadTimeZone):
                operations.change_shop(shop=cast.shop_a, changes={"time_zone": zone}, by=cast.zhu, now=NOW)
        for hours in ({"someday": []}, {"mon": [["21:00", "10:00"]]}, {"mon": [["25:00", "26:00"]]}, {"mon": "all"}):
            with pytest.raises(BadHours):
                operations.change_shop(shop=cast.shop_a, changes={"hours": hours}, by=cast.zhu, now=NOW)

    def test_refuses_fields_that_were_not_offered(self, cast: Cast) -> None:
        with pytest.raises(KeyError):
            operations.change_shop(shop=cast.shop_a, changes={"path": "1/"}, by=cast.zhu, now=NOW)


class TestAddStaff:
    def test_makes_somebody_who_can_sign_in(self, cast: Cast, client: Client) -> None:
        member = operations.add_staff(
            username=" Yun ", name="云", role=Role.ADVISOR, shop=cast.shop_a, password=PASSWORD, by=cast.zhu, now=NOW
        )
        assert member.username == "yun"
        assert member.check_password(PASSWORD)
        assert _trail() == ["staff.added"]

    def test_refuses_the_same_user_name_twice(self, cast: Cast) -> None:
        with pytest.raises(operations.UsernameTaken):
            operations.add_staff(
                username="MEI", name="x", role=Role.ADVISOR, shop=cast.shop_a, password=None, by=cast.zhu, now=NOW
            )
        assert _trail() == []

    @pytest.mark.parametrize("password", ["short", "1234567890", "woaini1314520", "yun-yun-yun"])
    def test_refuses_a_password_that_can_be_guessed(self, cast: Cast, password: str) -> None:
        with pytest.raises(operations.PasswordTooWeak):
            operations.add_staff(
                username="yun", name="云", role=Role.ADVISOR, shop=cast.shop_a, password=password, by=SYSTEM, now=NOW
            )
        assert not StaffMember.objects.filter(username="yun").exists()

    def test_refuses_odd_names_wrong_places_and_strangers(self, cast: Cast) -> None:
        def add(by: object, shop: Shop, username: str = "yun", role: Role = Role.ADVISOR) -> StaffMember:
            return operations.add_staff(
                username=username,
                name="云",
                role=role,
                shop=shop,
                password=None,
                by=by,
                now=NOW,  # type: ignore[arg-type]
            )

        with pytest.raises(BadUsername):
            add(cast.zhu, cast.shop_a, "云 朵")
        with pytest.raises(operations.RoleNeedsShop):
            add(cast.zhu, cast.region)
        with pytest.raises(NotFound):
            add(cast.other, cast.shop_a)
        with pytest.raises(NotAllowed):
            add(cast.lin, cast.shop_a)


class TestChangeStaff:
    def test_moves_somebody_and_ends_their_sessions(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.mei)
        changes = MemberChanges(shop=cast.shop_b, capacity_a_day=20)
        operations.change_staff(member=cast.mei, changes=changes, by=cast.zhu, now=NOW)
        cast.mei.refresh_from_db()
        assert (cast.mei.shop, cast.mei.capacity_a_day) == (cast.shop_b, 20)
        assert Session.objects.count() == 0
        assert client.get("/me/").status_code == 302

    def test_writes_nothing_twice(self, cast: Cast) -> None:
        for _ in range(2):
            operations.change_staff(member=cast.mei, changes=MemberChanges(name="梅"), by=cast.zhu, now=NOW)
        assert _trail() == ["staff.changed"]

    def test_keeps_the_last_owner(self, cast: Cast) -> None:
        with pytest.raises(operations.LastOwner):
            operations.change_staff(member=cast.zhu, changes=MemberChanges(role=Role.AUDITOR), by=cast.zhu, now=NOW)
        with pytest.raises(operations.LastOwner):
            operations.let_go(member=cast.zhu, by=cast.zhu, now=NOW)

    def test_refuses_strangers_and_raising_oneself(self, cast: Cast) -> None:
        with pytest.raises(NotFound):
            operations.change_staff(member=cast.mei, changes=MemberChanges(name="x"), by=cast.other, now=NOW)
        with pytest.raises(NotAllowed):
            operations.change_staff(member=cast.mei, changes=MemberChanges(role=Role.OWNER), by=cast.mei, now=NOW)


class TestSetPassword:
    def test_ends_every_session(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.mei)
        for _ in range(2):
            operations.set_password(member=cast.mei, password="three calm copper kettles", by=cast.zhu, now=NOW)
        assert client.get("/me/").status_code == 302
        assert _trail() == ["staff.password_set"] * 2

    def test_is_refused_to_colleagues(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            operations.set_password(member=cast.mei, password="three calm copper kettles", by=cast.tao, now=NOW)


class TestLetGo:
    def test_ends_every_way_in_at_once(self, cast: Cast) -> None:
        browser, phone = Client(), Client()
        for device in (browser, phone):
            device.post("/accounts/login/", {"login": "mei", "password": PASSWORD})
            assert device.get("/me/").status_code == 200
        stays = Client()
        stays.force_login(cast.lin)
        Authenticator.objects.create(user=cast.mei, type=Authenticator.Type.TOTP, data={"secret": "x"})
        token = ApiToken.objects.create(
            name="own", acts_as=cast.mei, token_hash="0" * 64, hint="zk_", made_at=NOW, expires_at=LATER
        )
        assert UserSession.objects.filter(user=cast.mei).count() == 2

        operations.let_go(member=cast.mei, by=cast.zhu, now=NOW)

        for device in (browser, phone):
            refused = device.get("/me/")
            assert (refused.status_code, refused["Location"]) == (302, "/accounts/login/?next=/me/")
            back = device.post("/accounts/login/", {"login": "mei", "password": PASSWORD})
            assert back.status_code == 200
            assert device.get("/me/").status_code == 302
        assert stays.get("/me/").status_code == 200
        assert not UserSession.objects.filter(user=cast.mei).exists()
        assert not Authenticator.objects.filter(user=cast.mei).exists()
        token.refresh_from_db()
        assert token.revoked_at == NOW
        cast.mei.refresh_from_db()
        assert (cast.mei.is_active, cast.mei.left_at) == (False, NOW)
        assert AuditEntry.objects.get(action="staff.let_go").facts == {"sessions": 2, "tokens": 1, "devices": 1}
        assert broken_links() == []

    def test_kills_a_session_that_the_table_of_sessions_did_not_show(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.mei)
        kept = list(Session.objects.values())
        operations.let_go(member=cast.mei, by=cast.zhu, now=NOW)
        Session.objects.bulk_create(Session(**row) for row in kept)
        assert client.get("/me/").status_code == 302

    def test_writes_nothing_twice(self, cast: Cast) -> None:
        operations.let_go(member=cast.mei, by=cast.zhu, now=NOW)
        operations.let_go(member=cast.mei, by=cast.zhu, now=LATER)
        cast.mei.refresh_from_db()
        assert cast.mei.left_at == NOW
        assert _trail() == ["staff.let_go"]

    def test_refuses_strangers_and_other_roles(self, cast: Cast) -> None:
        with pytest.raises(NotFound):
            operations.let_go(member=cast.mei, by=cast.other, now=NOW)
        with pytest.raises(NotAllowed):
            operations.let_go(member=cast.mei, by=cast.lin, now=NOW)


class TestIssueToken:
    @pytest.fixture
    def till(self, cast: Cast) -> StaffMember:
        return operations.add_staff(
            username="till", name="收银", role=Role.INTEGRATION, shop=cast.region, password=None, by=cast.zhu, now=NOW
        )

    def test_opens_the_door_with_its_secret_only(self, cast: Cast, till: StaffMember) -> None:
        token, secret = operations.issue_token(
            name="till", acts_as=till, scopes=["sales:write"], by=cast.zhu, now=NOW, valid_days=1
        )
        found = token_for(secret=secret, now=NOW)
        assert found is not None
        assert (found.pk, found.acts_as, found.scopes) == (token.pk, till, ["sales:write"])
        assert secret not in repr(list(ApiToken.objects.values())) + repr(list(AuditEntry.objects.values()))
        assert token_for(secret=secret + "x", now=NOW) is None
        assert token_for(secret=secret, now=NOW + timedelta(days=1)) is None

    def test_makes_two_tokens_when_asked_twice(self, cast: Cast, till: StaffMember) -> None:
        made = [operations.issue_token(name="t", acts_as=till, scopes=[], by=cast.zhu, now=NOW)[1] for _ in range(2)]
        assert len(set(made)) == 2

    def test_is_dead_once_revoked_or_the_account_left(self, cast: Cast, till: StaffMember) -> None:
        first, secret = operations.issue_token(name="t", acts_as=till, scopes=[], by=cast.zhu, now=NOW)
        _, other_secret = operations.issue_token(name="t", acts_as=till, scopes=[], by=cast.zhu, now=NOW)
        operations.revoke_token(token=first, by=cast.zhu, now=NOW)
        assert operations.revoke_token(token=first, by=cast.zhu, now=LATER).revoked_at == NOW
        assert token_for(secret=secret, now=NOW) is None
        assert token_for(secret=other_secret, now=NOW) is not None
        operations.let_go(member=till, by=cast.zhu, now=NOW)
        assert token_for(secret=other_secret, now=NOW) is None

    def test_refuses_people_strangers_and_other_roles(self, cast: Cast, till: StaffMember) -> None:
        with pytest.raises(operations.TokenMisplaced):
            operations.issue_token(name="t", acts_as=cast.mei, scopes=[], by=cast.zhu, now=NOW)
        with pytest.raises(NotFound):
            operations.issue_token(name="t", acts_as=till, scopes=[], by=cast.other, now=NOW)
        with pytest.raises(NotAllowed):
            operations.issue_token(name="t", acts_as=till, scopes=[], by=cast.lin, now=NOW)
        token, _ = operations.issue_token(name="t", acts_as=till, scopes=[], by=cast.zhu, now=NOW)
        with pytest.raises(NotFound):
            operations.revoke_token(token=token, by=cast.other, now=NOW)
        assert [t.pk for t in tokens(viewer=cast.zhu)] == [token.pk]
        assert not tokens(viewer=cast.other).exists()
        assert not tokens(viewer=cast.lin).exists()

    def test_notes_its_use_once_a_minute(self, cast: Cast, till: StaffMember) -> None:
        token, _ = operations.issue_token(name="t", acts_as=till, scopes=[], by=cast.zhu, now=NOW)
        for at in (NOW, NOW + timedelta(seconds=30), NOW + timedelta(seconds=61)):
            operations.note_use(token=token, now=at)
            token.refresh_from_db()
        assert token.last_used_at == NOW + timedelta(seconds=61)


class TestAuditEntries:
    def test_shows_the_brands_own_acts_to_those_who_may(self, cast: Cast) -> None:
        operations.change_shop(shop=cast.shop_a, changes={"city": "深圳"}, by=cast.zhu, now=NOW)
        operations.change_shop(shop=cast.other_brand, changes={"city": "上海"}, by=cast.other, now=NOW)
        seen = audit_entries(viewer=cast.ji, subject_kind="shop")
        assert [(entry.actor_id, entry.subject_id) for entry in seen] == [(cast.zhu.id, cast.shop_a.id)]
        assert len(audit_entries(viewer=SYSTEM)) == 2
        assert audit_entries(viewer=SYSTEM, before=1) == []

    def test_shows_a_stranger_nothing(self, cast: Cast) -> None:
        operations.change_shop(shop=cast.shop_a, changes={"city": "深圳"}, by=cast.zhu, now=NOW)
        assert audit_entries(viewer=cast.other) == []
        assert audit_entries(viewer=cast.lin) == []
        left = staff_member(viewer=SYSTEM, id=cast.ji.id)
        left.is_active = False
        assert audit_entries(viewer=left) == []


class TestChooseLanguage:
    def test_keeps_known_languages_only_and_is_the_same_twice(self, cast: Cast) -> None:
        for language, kept in (("zh-hans", "zh-hans"), ("zh-hans", "zh-hans"), ("xx", "")):
            operations.choose_language(member=cast.mei, language=language, now=NOW)
            cast.mei.refresh_from_db()
            assert cast.mei.language == kept
