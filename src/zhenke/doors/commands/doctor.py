"""`zhenke doctor`: look at everything that must be well, and say what to do where it is not."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import datetime, timedelta

import click
from django.conf import settings

from zhenke.basics.clock import now
from zhenke.doors.anchors import AnchorState, anchor_file, anchor_state
from zhenke.doors.backups import last_backup
from zhenke.doors.commands.readiness import Finding, findings
from zhenke.staff.audit import broken_links

_LOW_DISK_SHARE = 0.15  # P35: warn from here on
_ANCHOR_AGE = timedelta(days=2)
_BACKUP_AGE = timedelta(days=8)  # P25
_FULL_DISK_BYTES = 1_000_000_000  # a nightly grading or a backup of a middling shop no longer fits
_MARKS = {"well": ("✓", "green"), "warning": ("!", "yellow"), "ill": ("✗", "red")}


def disk_finding(free: int, total: int) -> Finding:
    """Say how the disk is: a warning from 15% free on, not well with less than 1 GB.

    Units: bytes.
    """
    share = free / total
    words = f"{free / 1e9:.1f} GB free ({share:.0%})"
    is_low = share < _LOW_DISK_SHARE
    if is_low:
        words += "; make room before it runs full"
    return Finding("disk", free >= _FULL_DISK_BYTES, words, is_warning=is_low)


def _disk() -> Finding:
    usage = shutil.disk_usage(settings.HOME if settings.HOME.exists() else "/")
    return disk_finding(usage.free, usage.total)


def _audit() -> Finding:
    broken = broken_links()
    words = "unbroken" if not broken else f"{len(broken)} broken links, first at position {broken[0].position}"
    return Finding("audit trail", not broken, words)


def anchors_finding(state: AnchorState, at: datetime) -> Finding:
    """Say what the anchors outside the database say of the trail; a night without one is worth a warning."""
    if state.broken:
        first = state.broken[0]
        words = (
            f"{len(state.broken)} anchors do not agree with the trail, first at position {first.position} "
            f"({first.fault}): its end was cut off or written anew, or this is another database. "
            f"After putting back a backup, move {anchor_file()} aside and keep it"
        )
        return Finding("audit anchors", False, words)
    if state.unreadable:
        words = f"{state.unreadable} lines of {anchor_file()} cannot be read"
        return Finding("audit anchors", True, words, is_warning=True)
    if state.kept and at - state.kept[-1].at > _ANCHOR_AGE:
        words = f"the last anchor is of {state.kept[-1].at:%Y-%m-%d}; does `zhenke work` run at night?"
        return Finding("audit anchors", True, words, is_warning=True)
    return Finding("audit anchors", True, f"{len(state.kept)} agree" if state.kept else "the first comes tonight")


def backup_finding(made_at: datetime | None, at: datetime) -> Finding:
    """Say how old the last backup in the house's own folder is; those kept elsewhere are not known here."""
    if made_at is None:
        return Finding("backup", True, "none in this house yet; run `zhenke backup`", is_warning=True)
    days = (at - made_at).days
    words = f"the last is {days} days old" if days else "made within a day"
    is_old = at - made_at > _BACKUP_AGE
    return Finding("backup", True, words + ("; run `zhenke backup`" if is_old else ""), is_warning=is_old)


def _backup() -> Finding:
    last = last_backup()
    return backup_finding(last.made_at if last else None, now())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def doctor(as_json: bool) -> None:
    """Check settings, keys, database, tables, audit trail and disk.

    Exit code 1 when anything is not well; a warning alone is no failure.
    """
    found = findings()
    if all(finding.is_well for finding in found):
        found += [_audit(), anchors_finding(anchor_state(), now())]
    found += [_disk(), _backup()]
    well = all(finding.is_well for finding in found)
    if as_json:
        checks = {
            finding.name: {"well": finding.is_well, "warning": finding.is_warning, "words": finding.words}
            for finding in found
        }
        click.echo(json.dumps({"well": well, "checks": checks}, ensure_ascii=False))
    else:
        for finding in found:
            mark, colour = _MARKS[("warning" if finding.is_warning else "well") if finding.is_well else "ill"]
            click.echo(f"{click.style(mark, fg=colour)} {finding.name}: {finding.words}")
    sys.exit(0 if well else 1)
