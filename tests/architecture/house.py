"""Where the house's files are, and what counts as a room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "zhenke"
DOMAIN_ROOMS = ("staff", "customers", "catalogue", "messaging", "sales", "membership", "grading", "care")


def python_files(folder: Path = SOURCE) -> list[Path]:
    """Return our own Python files, migrations left out."""
    return sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def place(path: Path) -> str:
    """Return the path as a person would say it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
