"""How a Chinese sign is read, from pypinyin's table of 42,000 signs, looked up once per sign.

Only that table is loaded. Importing the package would also load 47,000 phrases, which names do not need: 0.3 s and
50 MB in every process that writes a name.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from functools import cache
from pathlib import Path
from types import ModuleType

from zhenke.basics.surnames import GIVEN_READINGS


def _load(package: str, module: str) -> ModuleType:
    """Load one module of a package by its file, without running the package."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ImportError(f"{package} is not installed")
    spec = importlib.util.spec_from_file_location(f"_{package}_{module}", Path(found.origin).with_name(f"{module}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(f"{package}.{module} cannot be loaded")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


_TABLE: dict[int, str] = _load("pypinyin", "pinyin_dict").pinyin_dict


@cache
def readings_of(sign: str) -> tuple[str, ...]:
    """Return the toneless readings of one sign that names use, the usual one first; empty if the sign is unknown.

    ü is written v, as on a keyboard, and followed by its second spelling with u (lv, lu).
    """
    own = GIVEN_READINGS.get(sign)
    if own:
        return own
    usual = toneless(_TABLE.get(ord(sign), "").partition(",")[0])
    if not usual:
        return ()
    return (usual, usual.replace("v", "u")) if "v" in usual else (usual,)


def toneless(reading: str) -> str:
    """Return a reading without its tone. Example: lǚ -> lv."""
    apart = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(mark for mark in apart if mark.isascii())
