"""Files, functions, classes, templates and journeys stay small; exceptions stand here, each with its reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.house import SOURCE, functions, parsed, place, python_files

pytestmark = pytest.mark.one_database
FILE, FUNCTION, CLASS, TEMPLATE, JOURNEY = 400, 50, 150, 120, 120
EXCEPTIONS: dict[str, str] = {}


def too_long(path: Path) -> list[str]:
    """Return what in one Python file is over its limit."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    limit = JOURNEY if path.parent.name == "journeys" else FILE
    found = [f"{place(path)}: {lines} lines, limit {limit}"] if lines > limit else []
    tree = parsed(path)
    for node in functions(tree):
        length = (node.end_lineno or 0) - node.lineno + 1
        if length > FUNCTION:
            found.append(f"{place(path)}:{node.lineno} {node.name}: {length} lines, limit {FUNCTION}")
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno + 1 > CLASS:
            found.append(f"{place(path)}:{node.lineno} class {node.name} is over {CLASS} lines")
    return found


class TestLimits:
    def test_no_python_file_or_function_is_too_long(self) -> None:
        found = [words for path in python_files() for words in too_long(path)]
        assert [words for words in found if words.split(":")[0] not in EXCEPTIONS] == []

    def test_no_template_is_too_long(self) -> None:
        found = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCE.rglob("*.html")}
        assert {name: lines for name, lines in found.items() if lines > TEMPLATE and name not in EXCEPTIONS} == {}

    def test_it_catches_a_planted_fault(self, tmp_path: Path) -> None:
        planted = tmp_path / "long.py"
        planted.write_text("def f():\n" + "    x = 1\n" * 60 + "\n" * 400)
        assert len(too_long(planted)) == 2
