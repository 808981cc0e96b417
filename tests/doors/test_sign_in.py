"""Signing in: password, code from a phone, recovery codes, sessions, limits, language, and the way out."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from tests.cast import PASSWORD, Cast
from zhenke.staff.models import StaffMember

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
CODES = "/accounts/2fa/recovery-codes/"


def sign_in(client: Client, username: str = "mei", password: str = PASSWORD, **headers: str):  # type: ignore[no-untyped-def]
    """Send the form of the sign-in page."""
    return client.post(LOGIN, {"login": username, "password": password}, headers=headers)


def code_of(secret: str) -> str:
    """Return the code that a phone would show now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def enrol(client: Client) -> str:
    """Sign Mei in, prove the password again, and tie a phone to the account; return the phone's secret."""
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    secret = str(client.session["mfa.totp.secret"])
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    return secret


class TestPassword:
    def test_leads_to_the_first_page(self, cast: Cast, client: Client) -> None:
        answer = sign_in(client)
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert client.get("/me/").status_code == 200

    def test_leads_on_to_where_one_wanted_but_never_elsewhere(self, cast: Cast, client: Client) -> None:
        assert client.get("/me/")["Location"] == "/accounts/login/?next=/me/"
        assert client.post(f"{LOGIN}?next=/me/", {"login": "mei", "password": PASSWORD})["Location"] == "/me/"
        other = Client()
        away = other.post(f"{LOGIN}?next=https://evil.example/", {"login": "mei", "password": PASSWORD})
        assert away["Location"] == "/"

    def test_does_not_tell_who_exists(self, cast: Cast, client: Client) -> None:
        known, unknown = sign_in(client, "mei", "wrong"), sign_in(client, "nob", "wrong")
        assert known.status_code == unknown.status_code == 200
        assert known.context["form"].errors == unknown.context["form"].errors
        assert client.get("/me/").status_code == 302

    def test_is_refused_to_somebody_who_left(self, cast: Cast, client: Client) -> None:
        StaffMember.objects.filter(pk=cast.mei.pk).update(is_active=False)
        sign_in(client)
        assert client.get("/me/").status_code == 302

    def test_can_be_changed_to_one_that_cannot_be_guessed_and_ends_the_other_sessions(self, cast: Cast) -> None:
        here, there = Client(), Client()
        sign_in(here)
        sign_in(there)
        address = "/accounts/password/change/"
        weak = {"oldpassword": PASSWORD, "password1": "meimeimei1314", "password2": "meimeimei1314"}
        assert here.post(address, weak).status_code == 200
        new = "three calm copper kettles"
        assert here.post(address, {"oldpassword": PASSWORD, "password1": new, "password2": new}).status_code == 302
        assert there.get("/me/").status_code == 302
        sign_in(there, password=new)
        assert there.get("/me/").status_code == 200

    @pytest.mark.parametrize(
        "address", ["signup/", "email/", "password/reset/", "confirm-email/", "login/code/confirm/"]
    )
    def test_is_the_only_way_no_sign_up_no_mail(self, cast: Cast, client: Client, address: str) -> None:
        before = StaffMember.objects.count()
        fields = {"username": "x1", "email": "x@example.com", "password1": PASSWORD, "password2": PASSWORD}
        assert client.get(f"/accounts/{address}").status_code == 404
        assert client.post(f"/accounts/{address}", fields).status_code == 404
        assert StaffMember.objects.count() == before


class TestLimits:
    """Promise P28: ten guesses for an account in a quarter of an hour, wherever they come from."""

    @pytest.fixture(autouse=True)
    def quick(self, settings: Any) -> None:
        """Hash unknown people's guesses quickly: what is counted here is guesses."""
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]

    def test_stop_the_eleventh_guess_even_when_it_is_right(self, cast: Cast) -> None:
        for guess in range(10):
            forged = f"203.0.113.{guess}"
            sign_in(Client(REMOTE_ADDR=f"198.51.100.{guess}"), password="wrong", **{"X-Forwarded-For": forged})
        owner = Client(REMOTE_ADDR="192.0.2.1")
        refused = sign_in(owner, **{"X-Forwarded-For": "192.0.2.77"})
        assert refused.status_code == 200
        assert "too_many_login_attempts" in [e.code for e in refused.context["form"].non_field_errors().as_data()]
        assert owner.get("/me/").status_code == 302
        assert sign_in(Client(), "tao").status_code == 302
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=15, seconds=1)):
            assert sign_in(owner).status_code == 302

    def test_leave_alone_those_who_know_their_password(self, cast: Cast) -> None:
        for _ in range(12):
            assert sign_in(Client()).status_code == 302

    def test_count_one_address_for_many_accounts(self, cast: Cast) -> None:
        for number in range(61):
            last = sign_in(Client(REMOTE_ADDR="198.51.100.9"), f"nobody{number}", "wrong")
        assert last.status_code in {200, 429}
        blocked = sign_in(Client(REMOTE_ADDR="198.51.100.9"), "mei")
        assert blocked.status_code != 302


class TestCode:
    def test_is_asked_for_after_the_password(self, cast: Cast, client: Client) -> None:
        with time_machine.travel(datetime(2026, 11, 22, 3, 0, tzinfo=UTC), tick=False) as clock:
            secret = enrol(client)
            clock.shift(60)
            fresh = Client()
            assert sign_in(fresh)["Location"] == "/accounts/2fa/authenticate/"
            assert fresh.get("/me/").status_code == 302
            assert fresh.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
            assert fresh.get("/me/").status_code == 302
            code = code_of(secret)
            assert fresh.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
            assert fresh.get("/me/").status_code == 200
            again = Client()
            sign_in(again)
            again.post("/accounts/2fa/authenticate/", {"code": code})
            assert again.get("/me/").status_code == 302, "a code opens once"

    def test_keeps_its_secret_sealed(self, cast: Cast, client: Client) -> None:
        secret = enrol(client)
        kept = Authenticator.objects.get(user=cast.mei, type="totp").data["secret"]
        assert kept.startswith("v1|")
        assert secret not in kept

    def test_is_not_tied_to_the_account_without_the_password(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.mei)
        answer = client.get("/accounts/2fa/totp/activate/")
        assert answer["Location"].startswith("/accounts/reauthenticate/")


class TestRecoveryCodes:
    def test_open_once_each(self, cast: Cast, client: Client) -> None:
        enrol(client)
        client.post(f"{CODES}generate/", {})
        codes = client.get(CODES).context["unused_codes"]
        assert len(codes) == 10
        for times, status in ((1, 200), (2, 302)):
            lost_phone = Client()
            sign_in(lost_phone)
            lost_phone.post("/accounts/2fa/authenticate/", {"code": codes[0]})
            assert lost_phone.get("/me/").status_code == status, f"use {times}"
        kept = str(Authenticator.objects.get(user=cast.mei, type="recovery_codes").data)
        assert codes[1] not in kept


class TestSessions:
    def test_are_listed_and_ended_elsewhere(self, cast: Cast) -> None:
        desk, phone = Client(headers={"User-Agent": "Desk"}), Client(headers={"User-Agent": "Phone"})
        sign_in(desk)
        sign_in(phone)
        page = desk.get("/accounts/sessions/").content.decode()
        assert "Desk" in page
        assert "Phone" in page
        desk.post("/accounts/sessions/")
        assert phone.get("/me/").status_code == 302
        assert desk.get("/me/").status_code == 200

    def test_end_with_signing_out(self, cast: Cast, client: Client) -> None:
        sign_in(client)
        key = client.cookies["zhenke_staff"].value
        client.post("/accounts/logout/")
        client.cookies["zhenke_staff"] = key
        assert client.get("/me/").status_code == 302

    def test_begin_with_a_new_key(self, cast: Cast, client: Client) -> None:
        client.get(LOGIN)
        client.cookies["zhenke_staff"] = "fixedbyanattackerfixedbyanattack"
        sign_in(client)
        assert client.cookies["zhenke_staff"].value != "fixedbyanattackerfixedbyanattack"


class TestLanguage:
    def test_is_kept_for_the_person_on_every_device(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.mei)
        answer = client.post("/me/language/", {"language": "zh-hans", "next": "/me/"})
        assert (answer.status_code, answer["Location"]) == (302, "/me/")
        other_device = Client(headers={"Accept-Language": "en"})
        other_device.force_login(cast.mei)
        page = other_device.get("/me/")
        assert page["Content-Language"] == "zh-hans"
        assert '<html lang="zh-hans"' in page.content.decode()

    def test_is_kept_for_the_browser_before_signing_in(self, db: None, client: Client) -> None:
        client.post("/me/language/", {"language": "zh-hans", "next": LOGIN})
        assert client.get(LOGIN, headers={"Accept-Language": "en"})["Content-Language"] == "zh-hans"
        client.post("/me/language/", {"language": "en", "next": LOGIN})
        assert client.get(LOGIN)["Content-Language"] == "en"

    def test_never_leads_elsewhere_and_takes_known_languages_only(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.mei)
        for away in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
            assert client.post("/me/language/", {"language": "en", "next": away})["Location"] == "/"
        client.post("/me/language/", {"language": "../../x"})
        cast.mei.refresh_from_db()
        assert cast.mei.language == "en"
