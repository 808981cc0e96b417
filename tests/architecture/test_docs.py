"""The documents stay true: settings, commands, journeys and rooms are written down, links lead somewhere."""

from __future__ import annotations

import re

import pytest

from tests.architecture.house import DOMAIN_ROOMS, ROOT, SOURCE
from zhenke.cli import COMMANDS
from zhenke.settings import Installation

pytestmark = pytest.mark.one_database


def text_of(name: str) -> str:
    """Return a document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


class TestDocuments:
    @pytest.mark.parametrize("name", Installation.model_fields)
    def test_each_setting_is_written_down(self, name: str) -> None:
        assert f"`ZHENKE_{name.upper()}`" in text_of("docs/settings.md")

    @pytest.mark.parametrize("journey", sorted(path.stem for path in (SOURCE / "journeys").glob("[a-z]*.py")))
    def test_each_journey_is_on_the_map(self, journey: str) -> None:
        assert journey in text_of("docs/map.md")

    @pytest.mark.parametrize("room", [*DOMAIN_ROOMS, "basics", "analytics", "journeys", "doors"])
    def test_each_room_is_on_the_map(self, room: str) -> None:
        assert f"{room}/" in text_of("docs/map.md")

    @pytest.mark.parametrize("name", COMMANDS)
    def test_each_command_is_written_down(self, name: str) -> None:
        assert f"zhenke {name}" in text_of("docs/commands.md")

    @pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/map.md", "docs/settings.md"])
    def test_links_lead_somewhere(self, name: str) -> None:
        folder = (ROOT / name).parent
        links = re.findall(r"\]\(([^)#]+)\)", text_of(name))
        assert [link for link in links if "://" not in link and not (folder / link).exists()] == []

    def test_both_readmes_have_the_same_parts(self) -> None:
        parts = [re.findall(r"^## ", text_of(name), re.MULTILINE) for name in ("README.md", "README.zh-CN.md")]
        assert len(parts[0]) == len(parts[1]) >= 4
