"""`zhenke create-token`: a credential, shown once."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from tests.cast import Cast

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.doors.commands.tokens import create_token
from zhenke.doors.permissions import SCOPES
from zhenke.staff.models import ApiToken, StaffMember


def _run(*words: str) -> Result:
    return CliRunner().invoke(create_token, words, catch_exceptions=False)


class TestCreateToken:
    def test_opens_the_door_for_an_account_of_its_own(self, cast: Cast, client: Client) -> None:
        told = json.loads(_run("till-a", "--shop", "A", "--scope", "customers:read", "--json").output)
        token = ApiToken.objects.get()
        assert (token.acts_as.username, token.acts_as.shop, token.scopes) == ("till-a", cast.shop_a, ["customers:read"])
        assert told["token"] not in str(ApiToken.objects.values())
        headers = {"Authorization": f"Bearer {told['token']}"}
        assert client.get("/api/v1/customers", headers=headers, secure=True).status_code == 200
        assert client.get("/api/v1/sales", headers=headers, secure=True).status_code == 403

    def test_twice_is_a_second_token_of_the_same_account(self, cast: Cast) -> None:
        first, second = (_run("till-a", "--shop", "A").stdout.split()[-1] for _ in range(2))
        assert first != second
        assert StaffMember.objects.filter(username="till-a").count() == 1
        assert [token.scopes for token in ApiToken.objects.all()] == [list(SCOPES)] * 2

    def test_refuses_people_other_shops_and_unknown_scopes(self, cast: Cast) -> None:
        with pytest.raises(RuleBroken):
            _run("mei", "--shop", "A")
        with pytest.raises(BadInput):
            _run("till-a", "--shop", "NONE")
        _run("till-a", "--shop", "A")
        with pytest.raises(BadInput):
            _run("till-a", "--shop", "B")
        assert _run("till-b", "--shop", "B", "--scope", "everything").exit_code == 2
        assert ApiToken.objects.count() == 1
