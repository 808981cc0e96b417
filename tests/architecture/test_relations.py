"""Relations between rooms point down, have no way back, and protect what they point at; each room has its README."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.house import DOMAIN_ROOMS, SOURCE

pytestmark = pytest.mark.one_database
FLOOR = {room: number for number, room in enumerate(DOMAIN_ROOMS)}


def faults_of(field: models.ForeignKey[models.Model, models.Model], own: str, other: str) -> list[str]:
    """Return what is wrong with one relation from room `own` to room `other`."""
    if own == other:
        return []
    name = f"{field.model.__name__}.{field.name}"
    found = []
    if FLOOR[other] > FLOOR[own]:
        found.append(f"{name} points up to {other}")
    if not field.remote_field.hidden:
        found.append(f"{name} has a reverse name")
    if field.remote_field.on_delete is not models.PROTECT:
        found.append(f"{name} does not protect")
    return found


def relations() -> list[tuple[models.ForeignKey[models.Model, models.Model], str, str]]:
    """Return all relations of our tables with the room at each end."""
    return [
        (field, model._meta.app_label, field.related_model._meta.app_label)
        for model in apps.get_models()
        if model._meta.app_label in FLOOR
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model._meta.app_label in FLOOR
    ]


class TestRelations:
    def test_all_point_down_protect_and_have_no_way_back(self) -> None:
        assert [words for relation in relations() for words in faults_of(*relation)] == []

    def test_there_are_relations_to_judge(self) -> None:
        assert len(relations()) > 30

    def test_it_catches_a_planted_fault(self) -> None:
        field, own, other = next(one for one in relations() if one[1] != one[2])
        assert "points up" in faults_of(field, other, own)[0]


class TestRooms:
    @pytest.mark.parametrize("room", [*DOMAIN_ROOMS, "basics", "analytics"])
    def test_each_explains_itself_in_15_to_40_lines(self, room: str) -> None:
        lines = (SOURCE / room / "README.md").read_text(encoding="utf-8").splitlines()
        assert 12 <= len(lines) <= 60, f"{room}/README.md has {len(lines)} lines"

    @pytest.mark.parametrize("room", DOMAIN_ROOMS)
    def test_each_has_only_the_seven_names(self, room: str) -> None:
        allowed = {
            "README.md",
            "models",
            "rules",
            "queries",
            "operations",
            "facts",
            "migrations",
            "apps",
            "audit",
            "__init__",
            "__pycache__",
        }
        if room == "messaging":
            allowed |= {"channels"}  # one folder for each way out
        found = {path.stem if path.suffix == ".py" else path.name for path in (SOURCE / room).iterdir()}
        assert found - allowed == set()
