"""Stages of people who never bought: E a name, D basic data, C steady contact and intent, B a date, A ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhenke.grading.rules.scheme import StageRules


@dataclass(frozen=True, slots=True)
class Archive:
    """What the archive knows of somebody.

    Units: `known_fields` of six (contact, gender, region, a date, source, advisor); `contacts` = visits, calls and
           messages ever; `intent_date` = the nearest date of intent that is not past.
    """

    known_fields: int = 0
    contacts: int = 0
    has_intent: bool = False
    intent_date: date | None = None
    has_budget: bool = False


def stage_of(*, archive: Archive, rules: StageRules, as_of: date) -> str:
    """Return the stage A–E of somebody who never bought.

    Source:  rules of the trade, "Prospect stages".
    Example: intent, a date in 20 days, two contacts -> A
    """
    has_basics = archive.known_fields >= rules.basic_fields and archive.contacts >= 1
    is_steady = archive.contacts >= rules.steady_contacts
    if archive.has_intent and archive.intent_date is not None:
        is_near = (archive.intent_date - as_of).days <= rules.ready_days
        return "A" if is_steady and (archive.has_budget or is_near) else "B"
    if archive.has_intent and is_steady:
        return "C"
    return "D" if has_basics or (archive.has_intent and archive.contacts >= 1) else "E"


def next_stage_needs(*, archive: Archive, rules: StageRules, as_of: date) -> tuple[str, ...]:
    """Return the codes of what is missing to the next stage; empty when she is ready.

    Codes: known_fields, first_contact, intent, steady_contact, intent_date, budget_or_near_date.
    """
    stage = stage_of(archive=archive, rules=rules, as_of=as_of)
    if stage == "A":
        return ()
    steady = () if archive.contacts >= rules.steady_contacts else ("steady_contact",)
    if stage == "B":
        is_near = archive.intent_date is not None and (archive.intent_date - as_of).days <= rules.ready_days
        return steady if archive.has_budget or is_near else (*steady, "budget_or_near_date")
    if stage == "C":
        return ("intent_date",)
    if stage == "D":
        return (() if archive.has_intent else ("intent",)) + steady
    fields = () if archive.known_fields >= rules.basic_fields else ("known_fields",)
    return fields + (() if archive.contacts >= 1 else ("first_contact",))
