"""A PostgreSQL of our own for a test run or a bench, on a free port of the loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

BIN = Path("/usr/lib/postgresql/15/bin")
_INIT = ("--locale=C.UTF-8", "-E", "UTF8", "--no-sync", "-U", "zhenke", "-A", "trust")


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_postgres(folder: Path, *options: str) -> str:
    """Start the cluster in `folder/cluster`, made first if there is none, and return the address of its server.

    `options` are settings such as "fsync=off". Run by root, the server runs as the user postgres.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    cluster = folder / "cluster"
    if not cluster.exists():
        _as_postgres(str(BIN / "initdb"), "-D", str(cluster), *_INIT)
    port = free_port()
    named = ("listen_addresses=127.0.0.1", "max_connections=200", *options)
    settings = f"-p {port} -k {folder} " + " ".join(f"-c {one}" for one in named)
    _as_postgres(str(BIN / "pg_ctl"), "-w", "-D", str(cluster), "-l", str(folder / "log"), "-o", settings, "start")
    return f"postgresql://zhenke@127.0.0.1:{port}"


def stop_postgres(folder: Path, *, mode: str = "immediate") -> None:
    """Stop the cluster in `folder/cluster` if there is one."""
    if (folder / "cluster" / "postmaster.pid").exists():
        _as_postgres(str(BIN / "pg_ctl"), "-D", str(folder / "cluster"), "-m", mode, "stop")


def _as_postgres(*command: str) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")
