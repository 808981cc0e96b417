"""`zhenke today --advisor NAME`: an advisor's list as text or JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click
from django.utils import translation

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.basics.errors import BadInput
from zhenke.care.queries import CareItem
from zhenke.care.queries import today as todays_list
from zhenke.doors.words.why import why_line
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember
from zhenke.staff.queries import staff_within


def _advisor(name: str) -> StaffMember:
    people = [person for person in staff_within(viewer=SYSTEM) if name in (person.username, person.name)]
    if len(people) != 1:
        reason = "is not known" if not people else "is the name of several people; use the user name"
        raise BadInput(f"{name} {reason}.")
    return people[0]


def _plain(item: CareItem) -> dict[str, object]:
    return {
        "customer": str(item.customer.id),
        "name": item.customer.name,
        "grade": (item.grade.letter or item.grade.stage) if item.grade else "",
        "task": str(item.task.id) if item.task else None,
        "step": item.why.step,
        "due": item.task.due_date.isoformat() if item.task else None,
        "why": why_line(item.why),
        "facts": {name: value for name, value in asdict(item.why).items() if value not in (None, "", 0, False)},
        "priority": item.priority,
    }


@click.command()
@click.option("--advisor", required=True, help="User name or name of the advisor.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Another day than today.")
@click.option("--language", type=click.Choice(["en", "zh-hans"]), default=None)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def today(advisor: str, day: object, language: str | None, as_json: bool) -> None:
    """Print whom an advisor should care for today, why, and in which order."""
    person = _advisor(advisor)
    on: date = day.date() if day is not None else local_date(now(), person.shop.time_zone)  # type: ignore[attr-defined]
    with translation.override(language or person.language or None):
        listed = todays_list(viewer=person, advisor=person, day=on)
        parts = {name: getattr(listed, name) for name in ("overdue", "due", "upcoming", "occasions", "escalated")}
        if as_json:
            answer = {name: [_plain(item) for item in items] for name, items in parts.items()}
            facts = {"advisor": person.username, "day": on.isoformat(), "capacity": listed.capacity}
            click.echo(json.dumps({**facts, "waiting": listed.waiting, **answer}, ensure_ascii=False))
            return
        click.echo(f"{person.name} · {on} · {listed.done_today} / {listed.capacity}")
        for name, items in parts.items():
            if items:
                click.echo(f"\n{name}")
            for item in items:
                grade = (item.grade.letter or item.grade.stage.lower()) if item.grade else "·"
                click.echo(f"  {grade}  {item.customer}: {why_line(item.why)}")
