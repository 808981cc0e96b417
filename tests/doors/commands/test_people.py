"""`zhenke create-user` and `set-password`: the first account makes its brand; a refusal leaves nothing behind."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from tests.cast import Cast

from zhenke.basics.errors import ZhenkeError
from zhenke.doors.commands.people import create_user, set_password_command
from zhenke.sales.queries import counter_of
from zhenke.staff.models import Shop, StaffMember

pytestmark = pytest.mark.django_db
GOOD = "amber-pearl-cloud-silk-35"


def _run(*words: str, password: str = GOOD) -> Result:
    return CliRunner().invoke(create_user, [*words, "--password", password], catch_exceptions=False)


class TestCreateUser:
    def test_opens_an_empty_house_with_a_shop_that_sells_and_an_owner_who_can_sign_in(
        self, db: None, client: Client
    ) -> None:
        told = json.loads(_run("zhu", "--name", "朱蕴清", "--role", "owner", "--json").output)
        member = StaffMember.objects.get(username="zhu")
        assert told == {"id": str(member.pk), "username": "zhu", "shop": "MAIN"}
        assert (member.shop.kind, member.shop.parent.kind, member.role) == ("shop", "brand", "owner")
        assert client.login(username="zhu", password=GOOD)
        place, _ = counter_of(viewer=member, shop="MAIN", advisor="zhu")
        assert place == member.shop

    def test_puts_the_next_person_into_the_only_shop(self, db: None) -> None:
        for name, role in (("zhu", "owner"), ("mei", "advisor")):
            _run(name, "--name", name, "--role", role)
        assert StaffMember.objects.get(username="mei").shop.kind == "shop"

    def test_puts_somebody_into_the_shop_that_is_named(self, cast: Cast) -> None:
        assert "may now sign in" in _run("tian", "--name", "田", "--role", "advisor", "--shop", "A").output
        assert StaffMember.objects.get(username="tian").shop == cast.shop_a

    @pytest.mark.parametrize(
        ("words", "password", "says"),
        [
            (("new", "--name", "n", "--role", "owner"), "123", "password"),
            (("BAD NAME!", "--name", "n", "--role", "owner"), GOOD, "user name"),
        ],
    )
    def test_refused_in_an_empty_house_leaves_it_empty(
        self, db: None, words: tuple[str, ...], password: str, says: str
    ) -> None:
        with pytest.raises(ZhenkeError) as refused:
            _run(*words, password=password)
        assert says in str(refused.value)
        assert (Shop.objects.count(), StaffMember.objects.count()) == (0, 0)

    def test_asks_which_shop_and_names_those_that_are_there(self, cast: Cast) -> None:
        with pytest.raises(ZhenkeError, match="--shop"):
            _run("new", "--name", "n", "--role", "advisor")
        with pytest.raises(ZhenkeError, match="no shop NOWHERE; there are "):
            _run("new", "--name", "n", "--role", "advisor", "--shop", "NOWHERE")
        assert not StaffMember.objects.filter(username="new").exists()

    def test_refuses_a_user_name_that_is_taken(self, cast: Cast) -> None:
        with pytest.raises(ZhenkeError, match="mei"):
            _run("mei", "--name", "n", "--role", "advisor", "--shop", "A")


class TestSetPassword:
    def test_ends_sessions_and_lets_the_new_password_in(self, cast: Cast, client: Client) -> None:
        browser = Client()
        browser.force_login(cast.mei)
        assert browser.get("/", secure=True).status_code == 200
        for _ in range(2):
            words = ["mei", "--password", GOOD]
            told = CliRunner().invoke(set_password_command, words, catch_exceptions=False).output
            assert "signs in as mei" in told
            assert GOOD not in told
        assert browser.get("/", secure=True).status_code == 302
        assert client.login(username="mei", password=GOOD)

    @pytest.mark.parametrize(("who", "password"), [("nobody", GOOD), ("mei", "short"), ("mei", "1234567890")])
    def test_refuses_whom_it_does_not_know_and_what_is_weak(self, cast: Cast, who: str, password: str) -> None:
        before = StaffMember.objects.get(username="mei").password
        with pytest.raises(ZhenkeError):
            CliRunner().invoke(set_password_command, [who, "--password", password], catch_exceptions=False)
        assert StaffMember.objects.get(username="mei").password == before
