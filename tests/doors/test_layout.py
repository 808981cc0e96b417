"""The frame of all pages: marks for keyboard and screen readers, nothing inline, icons that exist, refusals."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

import zhenke
from tests.cast import Cast

PACKAGE = Path(zhenke.__file__).parent
FRONT = PACKAGE.parents[1] / "front"
TEMPLATES = sorted(PACKAGE.rglob("*.html"))
ICONS = set(re.findall(r'<symbol id="i-([a-z-]+)"', (PACKAGE / "templates/_icons.html").read_text()))


@pytest.fixture(autouse=True)
def plain_static(settings: object) -> None:
    """Serve static addresses without a manifest: these tests run before and after the front end is built."""
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def _page(client: Client, cast: Cast, address: str = "/me/") -> str:
    client.force_login(cast.mei)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestLayout:
    def test_says_its_language_and_has_landmarks_and_a_skip_link(self, client: Client, cast: Cast) -> None:
        page = _page(client, cast)
        assert re.search(r'<html lang="(en|zh-hans)"', page)
        assert '<a class="skip-link" href="#page">' in page
        assert page.count("<main ") == 1
        assert '<header class="top-bar"' in page
        assert page.count("<nav ") >= 2

    def test_names_the_shop_and_the_viewer(self, client: Client, cast: Cast) -> None:
        page = _page(client, cast)
        assert cast.mei.shop.name in page
        assert cast.mei.name in page

    def test_has_each_id_once(self, client: Client, cast: Cast) -> None:
        ids = re.findall(r'\sid="([^"]+)"', _page(client, cast))
        assert sorted(ids) == sorted(set(ids))

    def test_carries_the_nonce_of_its_policy(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.mei)
        answer = client.get("/me/")
        nonce = re.search(r'type="module"[^>]+nonce="([^"]+)"', answer.content.decode())
        assert nonce
        assert f"'nonce-{nonce[1]}'" in answer["Content-Security-Policy"]

    @pytest.mark.parametrize("theme", ["dark", "light"])
    def test_draws_the_chosen_theme_from_the_first_byte(self, client: Client, cast: Cast, theme: str) -> None:
        client.cookies["theme"] = theme
        assert f'data-theme="{theme}"' in _page(client, cast)

    def test_takes_no_other_word_from_the_theme_cookie(self, client: Client, cast: Cast) -> None:
        client.cookies["theme"] = "x-onload-alert"
        page = _page(client, cast)
        assert "data-theme=" not in page.split("<head>")[0]
        assert "x-onload" not in page


class TestErrorPages:
    @pytest.mark.parametrize("name", ["403", "404", "429", "500", "403_csrf", "refusal"])
    def test_render_with_nothing_given(self, name: str) -> None:
        page = render_to_string(f"{name}.html")
        assert "<h1>" in page
        assert "quiet-card" in page


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
    def test_hold_nothing_inline(self, path: Path) -> None:
        text = path.read_text()
        assert not re.search(r"<[^>]*\sstyle=", text), "style attribute"
        assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text), "script attribute"
        assert not re.search(r"<style[\s>]", text), "style element"
        scripts = re.findall(r"<script([^>]*)>", text)
        assert all(" src=" in script or "application/json" in script for script in scripts), "script without src"

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
    def test_name_only_icons_that_exist(self, path: Path) -> None:
        text = path.read_text()
        named = set(re.findall(r'href="#i-([a-z-]+)"', text))
        named |= set(re.findall(r'\{% icon (?:[a-z.]+\|default:)?"([a-z-]+)"', text))
        named |= set(re.findall(r'\sicon="([a-z-]+)"', text))
        assert named <= ICONS


class TestStyles:
    @pytest.mark.parametrize("path", sorted(FRONT.glob("css/*.css")), ids=lambda path: path.name)
    def test_name_colours_only_in_tokens(self, path: Path) -> None:
        if path.name in {"tokens.css", "print.css"}:
            return
        text = re.sub(r"url\([^)]*\)|/\*.*?\*/", "", path.read_text(), flags=re.S)
        found = set(re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(", text)) - {"#fff"}  # white behind a QR code
        assert not found

    def test_give_every_colour_of_the_light_to_the_dark(self) -> None:
        tokens = (FRONT / "css/tokens.css").read_text()
        light, *dark = re.split(r"(?<!-)color-scheme:", tokens)[1:]
        named = re.findall(r"--([a-z-]+): ([^;]+);", light)
        colours = {name for name, value in named if "#" in value or "rgb" in value}
        assert len(dark) == 2
        for block in dark:
            assert colours <= set(re.findall(r"--([a-z-]+):", block))

    @pytest.mark.skipif(not (PACKAGE / "static/zhenke").exists(), reason="the front end is not built here")
    def test_are_built_with_scripts_and_icons(self) -> None:
        built = {path.name for path in (PACKAGE / "static/zhenke").iterdir()}
        assert {"zhenke.css", "zhenke.js", "charts.js", "mark.svg", "manifest.webmanifest", "icon-192.png"} <= built
        assert settings.STATICFILES_DIRS == [PACKAGE / "static"]
