"""`zhenke init`, `serve`, `work`: make an installation and start its two processes."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command

from zhenke import __version__
from zhenke.basics.cipher import make_keyring
from zhenke.basics.clock import now
from zhenke.care.operations import load_default_plans
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.customers.operations.freshness import load_default_freshness
from zhenke.doors.commands.forget import apply_list
from zhenke.doors.commands.readiness import must_be_ready
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.defaults.contact_rules import CONTACT_RULES
from zhenke.doors.defaults.freshness import ASKED_A_DAY, ASKED_AGAIN_DAYS, FRESHNESS_RULES
from zhenke.doors.defaults.message_templates import MESSAGE_TEMPLATES
from zhenke.doors.defaults.programme import PROGRAMME_RULES
from zhenke.doors.restored import finish_restore
from zhenke.grading.operations import ensure_first_scheme
from zhenke.membership.operations.rules import load_first_rules
from zhenke.messaging.operations.contact_rules import load_contact_rules
from zhenke.messaging.operations.templates import load_templates
from zhenke.staff import SYSTEM

LOOK_SECONDS = 0.2
STOP_SECONDS = 15


def make_keys() -> list[Path]:
    """Make the signing secret and the keys of sealed fields where they are missing; return what was made."""
    made = []
    secret, keys = Path(settings.SECRET_FILE), Path(settings.KEY_FILE)
    for folder in {secret.parent, keys.parent, Path(settings.HOME)}:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(64))
        made.append(secret)
    settings.SECRET_KEY = secret.read_text().strip()
    if not keys.exists():
        make_keyring(keys)
        made.append(keys)
    return made


def open_installation(at: datetime) -> list[Path]:
    """Bring the home folder, keys, tables, static files and starting rules up to date; twice changes nothing."""
    made = make_keys()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    stamp = Path(settings.STATIC_ROOT) / ".version"
    built = Path(settings.PACKAGE) / "static" / "zhenke"
    version = f"{__version__} {max((path.stat().st_mtime_ns for path in built.rglob('*')), default=0)}"
    if not stamp.exists() or stamp.read_text() != version:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(version)
    ensure_first_scheme(at)
    load_first_rules(rules=PROGRAMME_RULES, now=at)
    load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=at)
    settle(at)
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=at)
    load_default_freshness(fields=FRESHNESS_RULES, a_day=ASKED_A_DAY, again_days=ASKED_AGAIN_DAYS, by=SYSTEM, now=at)
    load_templates(wordings=MESSAGE_TEMPLATES, by=SYSTEM, now=at)
    load_contact_rules(rules=CONTACT_RULES, by=SYSTEM, now=at)
    return made


def settle(at: datetime) -> None:
    """Do before anybody comes in what a restore or an erasure that was cut off still owes."""
    finish_restore(at)
    apply_list(at)


def server_command(address: str, port: int) -> list[str]:
    """Return the command line of the web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", address, "--port", str(port)),
        *("--workers", str(settings.INSTALLATION.workers), "--blocking-threads", "4", "--no-ws"),
        *(
            "--workers-kill-timeout",
            "5",
            "--respawn-failed-workers",
            "--log-level",
            "warning",
            "zhenke.wsgi:application",
        ),
    ]


def worker_command(*, with_clock: bool = True) -> list[str]:
    """Return the command line of the worker."""
    command = [sys.executable, "-m", "zhenke.manage", "run_huey", "--quiet", "--workers", "1"]
    return command if with_clock else [*command, "--no-periodic"]


@click.command()
@click.option("--quiet", is_flag=True, help="Print nothing when all is well.")
def init(quiet: bool) -> None:
    """Make the home folder, keys, database and first settings; safe to repeat, also after an upgrade."""
    made = open_installation(now())
    if not quiet:
        for path in made:
            click.echo(f"made {path}")
        click.echo(
            f"Zhenke {__version__} is ready in {settings.HOME}. Keep {settings.KEY_FILE} safe, apart from backups."
        )
        click.echo("Next: zhenke create-user, then zhenke serve and zhenke work.")


@click.command()
@click.option("--address", default=None, help="Network address to listen on.")
@click.option("--port", type=int, default=None, help="Port to listen on.")
def serve(address: str | None, port: int | None) -> None:
    """Start the web server; refuses when a promise could not be kept."""
    must_be_ready()
    settle(now())
    command = server_command(address or settings.INSTALLATION.address, port or settings.INSTALLATION.port)
    os.execv(command[0], command)  # noqa: S606  (our own interpreter and arguments)


@click.command()
@click.option("--no-clock", is_flag=True, help="Leave the clock's jobs to another worker.")
def work(no_clock: bool) -> None:
    """Start the worker: imports, regrades and the night's jobs."""
    must_be_ready()
    settle(now())
    command = worker_command(with_clock=not no_clock)
    os.execv(command[0], command)  # noqa: S606


def start_both(address: str, port: int) -> int:
    """Start web and worker as children; stop both when one ends or this one is told to end; return the exit code."""
    must_be_ready()
    settle(now())
    for told in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(told, _end)
    children: list[subprocess.Popen[bytes]] = []
    try:
        for command in (server_command(address, port), worker_command()):
            children.append(subprocess.Popen(command))  # noqa: S603
        while True:
            for child in children:
                if (code := child.poll()) is not None:
                    return code
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(children)


def _end(*_told: object) -> None:
    raise KeyboardInterrupt


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    """Tell all to end, and make those end that do not: nobody keeps the port after this."""
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
