"""`zhenke doctor`: look at everything that must be well, and say what to do where it is not."""

from __future__ import annotations

import json
import shutil
import sys

import click
from django.conf import settings

from zhenke.doors.commands.readiness import Finding, findings
from zhenke.staff.audit import broken_links

_LOW_DISK_SHARE = 0.15


def _disk() -> Finding:
    usage = shutil.disk_usage(settings.HOME if settings.HOME.exists() else "/")
    share = usage.free / usage.total
    return Finding("disk", share >= _LOW_DISK_SHARE, f"{usage.free / 1e9:.1f} GB free ({share:.0%})")


def _audit() -> Finding:
    broken = broken_links()
    words = "unbroken" if not broken else f"{len(broken)} broken links, first at position {broken[0].position}"
    return Finding("audit trail", not broken, words)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def doctor(as_json: bool) -> None:
    """Check settings, keys, database, tables, audit trail and disk. Exit code 1 when anything is not well."""
    found = findings()
    if all(finding.is_well for finding in found):
        found.append(_audit())
    found.append(_disk())
    well = all(finding.is_well for finding in found)
    if as_json:
        checks = {finding.name: {"well": finding.is_well, "words": finding.words} for finding in found}
        click.echo(json.dumps({"well": well, "checks": checks}, ensure_ascii=False))
    else:
        for finding in found:
            mark = click.style("✓", fg="green") if finding.is_well else click.style("✗", fg="red")
            click.echo(f"{mark} {finding.name}: {finding.words}")
    sys.exit(0 if well else 1)
