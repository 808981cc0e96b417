"""The import contracts hold, and each of them catches a fault that is planted on purpose."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, SOURCE

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

FAULTS = {
    "Floors": ("customers/rules.py", "import zhenke.sales.models"),
    "Inside a room": ("grading/rules.py", "import zhenke.grading.queries"),
    "never reach Django": ("basics/money.py", "import django.db"),
    "called only by journeys and doors": ("analytics/__init__.py", "import zhenke.care.operations"),
    "Journeys do not call": ("journeys/record_sale.py", "import zhenke.journeys.regrade_customers"),
    "Doors are independent": ("doors/jobs/__init__.py", "import zhenke.doors.pages.frame"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts over the package that lies in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--no-cache",
        "--config",
        str(folder / "pyproject.toml"),
    ]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package in which faults may be planted."""
    shutil.copytree(SOURCE, tmp_path / "zhenke", ignore=shutil.ignore_patterns("__pycache__", "static", "locale"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


class TestContracts:
    def test_hold_for_the_house_as_it_is(self, copy: Path) -> None:
        result = lint(copy)
        assert result.returncode == 0, result.stdout

    @pytest.mark.parametrize("contract", FAULTS)
    def test_catch_a_planted_fault(self, copy: Path, contract: str) -> None:
        file, line = FAULTS[contract]
        path = copy / "zhenke" / file
        if not path.exists():
            path = path.with_suffix("") / "__init__.py"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
        result = lint(copy)
        broken = [text for text in result.stdout.splitlines() if text.endswith("BROKEN")]
        assert any(contract in text for text in broken), result.stdout
