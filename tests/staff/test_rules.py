"""Tables of cases for the pure rules: what roles may do, hours, zones, user names, the chain's hash."""

from __future__ import annotations

from typing import Any

import pytest

from zhenke.staff.rules import (
    ROLE_MAY,
    ROLE_SCOPE,
    SYSTEM,
    BadCurrency,
    BadHours,
    BadTimeZone,
    BadUsername,
    May,
    Role,
    Scope,
    chain_hash,
    checked_currency,
    checked_hours,
    checked_time_zone,
    checked_username,
    needs_shop,
)


class TestRoles:
    def test_all_have_a_scope_and_acts(self) -> None:
        assert set(ROLE_SCOPE) == set(ROLE_MAY) == set(Role)
        assert all(scope != Scope.ALL for scope in ROLE_SCOPE.values())

    @pytest.mark.parametrize(
        ("act", "roles"),
        [
            (May.EDIT_STAFF, {Role.OWNER}),
            (May.EDIT_SETTINGS, {Role.OWNER}),
            (May.SEE_AUDIT, {Role.OWNER, Role.AUDITOR}),
            (May.PUBLISH_GRADING, {Role.OWNER, Role.MARKETING}),
            (May.REASSIGN, {Role.OWNER, Role.AREA_MANAGER, Role.SHOP_MANAGER}),
        ],
    )
    def test_keep_dangerous_acts_to_few(self, act: May, roles: set[Role]) -> None:
        assert {role for role in Role if act in ROLE_MAY[role]} == roles

    def test_let_the_auditor_read_only(self) -> None:
        assert all(act.value.startswith("see_") for act in ROLE_MAY[Role.AUDITOR])

    def test_let_the_system_do_everything(self) -> None:
        assert all(SYSTEM.may(act) for act in May)


class TestNeedsShop:
    def test_is_so_for_people_of_the_shop_floor(self) -> None:
        assert {role for role in Role if needs_shop(role)} == {Role.SHOP_MANAGER, Role.ADVISOR, Role.SERVICE}


class TestCheckedHours:
    @pytest.mark.parametrize(
        "hours",
        [
            {},
            {"mon": []},
            {"mon": [["10:00", "21:30"]], "sun": [["00:00", "24:00"]]},
            {"fri": [["09:00", "12:00"], ["13:00", "18:00"]]},
        ],
    )
    def test_takes_intervals_in_order(self, hours: dict[str, Any]) -> None:
        assert checked_hours(hours) == hours

    @pytest.mark.parametrize(
        "hours",
        [
            {"monday": []},
            {"mon": "10:00-21:30"},
            {"mon": [["10:00"]]},
            {"mon": [["10:00", "10:00"]]},
            {"mon": [["12:00", "18:00"], ["09:00", "11:00"]]},
            {"mon": [["9:00", "18:00"]]},
            {"mon": [["09:00", "24:30"]]},
            {"mon": [[9, 18]]},
        ],
    )
    def test_refuses_everything_else(self, hours: dict[str, Any]) -> None:
        with pytest.raises(BadHours):
            checked_hours(hours)


class TestCheckedWords:
    @pytest.mark.parametrize(("given", "kept"), [("Mei", "mei"), (" wang.xue-2 ", "wang.xue-2"), ("a1", "a1")])
    def test_keep_one_spelling_of_a_user_name(self, given: str, kept: str) -> None:
        assert checked_username(given) == kept

    @pytest.mark.parametrize("given", ["", "a", "梅", "a b", "-a", "a" * 41, "a@b", "a\n"[:2] + "b"])
    def test_refuse_odd_user_names(self, given: str) -> None:
        with pytest.raises(BadUsername):
            checked_username(given)

    def test_know_time_zones_and_currencies(self) -> None:
        assert checked_time_zone("Asia/Urumqi") == "Asia/Urumqi"
        assert checked_currency("cny") == "CNY"
        for zone in ("", "Asia", "asia/shanghai ", "../UTC"):
            with pytest.raises(BadTimeZone):
                checked_time_zone(zone)
        for currency in ("", "RMBY", "¥¥¥", "C1Y"):
            with pytest.raises(BadCurrency):
                checked_currency(currency)


class TestChainHash:
    def test_is_bound_to_every_part_and_to_the_entry_before(self) -> None:
        entry: dict[str, object] = {"position": 1, "facts": {"a": 1}}
        first = chain_hash(previous_hash="0", entry=entry)
        assert len(first) == 64
        assert first == chain_hash(previous_hash="0", entry={"facts": {"a": 1}, "position": 1})
        others = [
            chain_hash(previous_hash="1", entry=entry),
            chain_hash(previous_hash="0", entry={**entry, "position": 2}),
            chain_hash(previous_hash="0", entry={**entry, "facts": {"a": "1"}}),
        ]
        assert len({first, *others}) == 4
