"""`zhenke demo`: the demo shop 珍宝阁, made once, then served; existing data is never touched."""

from __future__ import annotations

import os
import secrets
import sys
import time
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.doors.commands.start import open_installation, start_both
from zhenke.doors.demo.live import bring_to_life
from zhenke.doors.demo.load import open_demo_shop
from zhenke.doors.demo.member_site import member_to_try
from zhenke.staff import SYSTEM
from zhenke.staff.queries import shops_within, staff_within

_WORDS = ("jade", "pearl", "amber", "lotus", "plum", "cloud", "river", "crane", "bamboo", "moon", "silk", "coral")
_LOG_INS = (("mei", "advisor, Shuibei shop"), ("lin", "shop manager, Shuibei shop"), ("zhu", "owner of the brand"))
_UNFINISHED = ".demo-unfinished"


def _password(path: Path) -> str:
    """Return the log-ins' password, made for this installation alone and kept where only its owner reads it."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text("-".join(secrets.choice(_WORDS) for _ in range(4)) + f"-{secrets.randbelow(90) + 10}\n")
    return path.read_text().strip()


def _say(words: str) -> None:
    click.echo(f"  · {words}", err=True)


def _say_member(at: datetime, port: int) -> None:
    """Say how the member site is tried out; her code appears here when she asks for it."""
    mei = staff_within(viewer=SYSTEM).filter(username="mei").first()
    member = member_to_try(advisor=mei.pk, today=local_date(at, settings.TIME_ZONE), now=at) if mei else None
    if member is None or not settings.PORTAL_HOST:
        return
    birthday = f"{member.birthday.month}-{member.birthday.day}"
    click.echo(f"    member site   http://{settings.PORTAL_HOST}:{port}/")
    click.echo(f"    a member      {member.phone}, birthday {birthday} (month-day); the code appears below\n")


@click.command()
@click.option("--no-serve", is_flag=True, help="Make the shop and stop.")
@click.option("--customers", type=click.IntRange(100, 100_000), default=3_000, show_default=True)
@click.option("--port", type=int, default=None, help="Port to listen on.")
def demo(no_serve: bool, customers: int, port: int | None) -> None:
    """Open the demo shop 珍宝阁 and serve it; a second start takes seconds and changes nothing."""
    began = time.monotonic()
    at = now()
    open_installation(at)
    logins, unfinished = Path(settings.HOME) / "demo-log-ins.txt", Path(settings.HOME) / _UNFINISHED
    if unfinished.exists():
        click.echo(
            f"An earlier start was cut off while the demo shop was made. Remove {settings.HOME} and start again."
        )
        sys.exit(1)
    if not shops_within(viewer=SYSTEM).exists():
        unfinished.touch()
        opened = open_demo_shop(password=_password(logins), now=at, customers=customers, say=_say)
        bring_to_life(opened=opened, now=at, say=_say)
        unfinished.unlink()
        _say(f"ready in {time.monotonic() - began:.0f} s")
    address, at_port = settings.INSTALLATION.address, port or settings.INSTALLATION.port
    if logins.exists():
        click.echo(
            f"\n  Zhenke 珍客 · 珍宝阁   http://{'localhost' if address == '127.0.0.1' else address}:{at_port}/\n"
        )
        for username, who in _LOG_INS:
            click.echo(f"    {username:<5} {who}")
        click.echo(f"\n    password for all three: {_password(logins)}\n")
        _say_member(at, at_port)
    if not no_serve:
        os.environ.setdefault("ZHENKE_PORTAL_CODES", "console")  # for the web server, which starts from here
        sys.exit(start_both(address, at_port))
