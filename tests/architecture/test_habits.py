"""Habits that linters do not know: tables touched only in their room, no signals, no hidden imports, no vague names."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.house import DOMAIN_ROOMS, SOURCE, functions, parsed, place, python_files

pytestmark = pytest.mark.one_database
BANNED_WORDS = {"data", "info", "manager", "processor", "handler", "util", "misc", "process", "do"}
BANNED_FILES = BANNED_WORDS | {"utils", "helper", "helpers", "common"}
# A shop manager is a person of the trade; names that the framework calls (middleware, uploads, forms) are its own.
ALLOWED_NAMES = {
    "shop_manager",
    "area_manager",
    "process_view",
    "process_exception",
    "receive_data_chunk",
    "bound_data",
}
# Their `.save()` writes a picture into memory, not a row; neither imports a table.
PICTURES = {"src/zhenke/basics/pictures.py", "src/zhenke/doors/demo/drawings.py"}
WRITES = {"save", "delete", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}
MAY_TOUCH_TABLES = {"queries", "operations", "models", "audit"}


def kind_of(path: Path) -> str:
    """Return which of the seven files of a room this is, or the door or journey it belongs to."""
    parts = path.relative_to(SOURCE).parts
    if parts[0] in DOMAIN_ROOMS and len(parts) > 1:
        return parts[1].removesuffix(".py")
    return parts[0]


def is_outside(path: Path) -> bool:
    """Return whether a file must not reach tables."""
    return kind_of(path) not in MAY_TOUCH_TABLES and place(path) not in PICTURES


def touched_tables(path: Path) -> list[str]:
    """Return places that reach a table (`.objects`, `.save()`, `.delete()` …)."""
    found = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
            found.append(f"{place(path)}:{node.lineno} .{node.attr}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            found.append(f"{place(path)}:{node.lineno} .{node.func.attr}()")
    return found


def bad_habits(path: Path) -> list[str]:
    """Return imports inside functions, `save` overrides, signal receivers, swallowed exceptions and vague names."""
    found = []
    tree = parsed(path)
    for function in functions(tree):
        if function.name in {"save", "delete"}:
            found.append(f"{place(path)}:{function.lineno} {function.name}() is overridden")
        words = set(function.name.split("_"))
        if words & BANNED_WORDS and function.name not in ALLOWED_NAMES:
            found.append(f"{place(path)}:{function.lineno} {function.name} says nothing")
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found.append(f"{place(path)}:{node.lineno} import inside {function.name}")
        if any("receiver" in ast.dump(decorator) for decorator in function.decorator_list):
            found.append(f"{place(path)}:{function.lineno} {function.name} is a signal receiver")
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or "'Exception'" in ast.dump(node.type)):
            raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            if not raises:
                found.append(f"{place(path)}:{node.lineno} except Exception that goes on")
    return found


def lost_words(path: Path) -> list[str]:
    """Return translating functions under a name that the extractor of sentences does not know."""
    return [
        f"{place(path)}:{node.lineno} words under {name.asname} are not extracted"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname not in (None, "_")
    ]


class TestHabits:
    def test_tables_are_touched_only_in_their_rooms_queries_and_operations(self) -> None:
        found = [words for path in python_files() if is_outside(path) for words in touched_tables(path)]
        assert found == []

    def test_no_bad_habit_is_in_the_house(self) -> None:
        assert [words for path in python_files() for words in bad_habits(path)] == []

    def test_no_sentence_is_lost_to_the_translators(self) -> None:
        assert [words for path in python_files() for words in lost_words(path)] == []

    def test_no_file_has_a_vague_name(self) -> None:
        found = [
            place(path)
            for path in python_files()
            if set(path.stem.split("_")) & BANNED_FILES and path.name != "manage.py"
        ]
        assert found == []

    def test_it_catches_planted_faults(self, tmp_path: Path) -> None:
        planted = tmp_path / "planted.py"
        planted.write_text(
            "from django.utils.translation import gettext_lazy as lazy\n"
            "@receiver(x)\ndef handle_data(a):\n    import os\n    try:\n        a.objects.all()\n"
            "    except Exception:\n        a.save()\n"
        )
        assert len(bad_habits(planted)) == 4
        assert len(lost_words(planted)) == 1
        assert len(touched_tables(planted)) == 2
