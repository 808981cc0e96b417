"""Where the real data sets lie; tests that need one skip with the reason when it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("ZHENKE_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"


def shared_file(name: str) -> Path:
    """Return the path of one file of the data sets, or skip the test with the reason."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the data set {name} is not here (set ZHENKE_SHARED to the folder that holds data/)")
    return path
