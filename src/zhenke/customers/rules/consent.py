"""For what a customer may be asked, and whether one contact for one purpose is allowed: purposes are data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.rules.ages import age_on

OF_AGE = 14
CHANNELS = ("phone", "sms", "wechat", "email", "address")


@dataclass(frozen=True, slots=True)
class Purpose:
    """One thing that a customer may allow.

    `needs_yes`: nothing without a yes; else (orders, repairs, warranty) it goes with the contract, until she says no.
    `is_of_children`: asked of the guardian of somebody under 14, and of nobody else.
    """

    code: str
    by_channel: bool = False
    needs_yes: bool = True
    is_marketing: bool = False
    is_at_sign_up: bool = False
    is_of_children: bool = False


# Each asked for by itself, none bundled. promises.md P24; PIPL 14-16, 23, 24, 29, 31, 39.
PURPOSES: Mapping[str, Purpose] = {
    purpose.code: purpose
    for purpose in (
        Purpose("service", by_channel=True, needs_yes=False),
        Purpose("care", by_channel=True, is_at_sign_up=True),
        Purpose("marketing", by_channel=True, is_marketing=True, is_at_sign_up=True),
        Purpose("profiling", is_marketing=True, is_at_sign_up=True),
        Purpose("photos", is_marketing=True),
        Purpose("id_scan"),
        Purpose("sharing"),
        Purpose("abroad"),
        Purpose("under_14", is_of_children=True),
    )
}


class PurposeWrong(BadInput):
    """There is no such purpose, or not by this channel. Facts: `field`."""

    code = "purpose_wrong"
    message = "This cannot be consented to: check the {field}."


class ProofMissing(BadInput):
    """A consent is written down with its proof."""

    code = "proof_missing"
    message = "Say how the consent can be proved."


class ConsentTextMissing(RuleBroken):
    """No text of this purpose was put in force: nobody can have said yes to it. Facts: `purpose`."""

    code = "consent_text_missing"
    message = "There is no text for {purpose} yet; nobody can agree to it."


class NotForChildren(RuleBroken):
    """Somebody under 14 is asked for nothing that serves selling."""

    code = "not_for_children"
    message = "This is never asked of somebody under 14."


class GuardianMissing(RuleBroken):
    """For somebody under 14 the guardian says yes."""

    code = "guardian_missing"
    message = "For somebody under 14 only the guardian can agree."


class ChildWithoutGuardian(GuardianMissing):
    """Of somebody under 14 nothing is kept until the guardian has said yes to it."""

    code = "child_without_guardian"
    message = "Under 14 nothing is kept without the guardian: write down how the guardian agreed."


@dataclass(frozen=True, slots=True)
class Said:
    """One entry as the rules need it; `version` is that of the text, 0 without one."""

    purpose: str
    channel: str
    is_given: bool
    at: datetime
    key: int
    version: int = 0
    by_guardian: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something is allowed, and the code of why: given, contract, not_given, withdrawn, text_changed, child,
    guardian_missing, of_age. `said` is the entry that decided.
    """

    may: bool
    why: str
    said: Said | None = None


def purpose_of(code: str) -> Purpose:
    """Return one purpose. Errors: PurposeWrong."""
    if code not in PURPOSES:
        raise PurposeWrong(field="purpose")
    return PURPOSES[code]


def channels_of(purpose: Purpose) -> tuple[str, ...]:
    """Return the channels that a purpose is asked by; "" alone where it knows none."""
    return CHANNELS if purpose.by_channel else ("",)


def is_child(*, birthdays: Iterable[tuple[str, int | None, int, int]], today: date) -> bool:
    """Return whether somebody is under 14, by birthdays as (calendar, year, month, day).

    Without a known year nobody is a child. A lunar birthday counts from the end of its year: a day longer a child is
    the safer mistake.
    Example: solar 2013-05-06, today 2026-11-25 -> True
    """
    for calendar, year, month, day in birthdays:
        if year is None:
            continue
        lunar = calendar != "solar"
        if age_on(today=today, year=year + lunar, month=2 if lunar else month, day=20 if lunar else day) < OF_AGE:
            return True
    return False


def last_said(*, purpose: str, channel: str, said: Iterable[Said]) -> Said | None:
    """Return what counts of all that was said about one purpose by one channel: the latest; at one instant the no."""
    mine = [one for one in said if one.purpose == purpose and one.channel in ("", channel)]
    return max(mine, key=lambda one: (one.at, not one.is_given, one.key), default=None)


def verdict(*, purpose: str, channel: str, said: Iterable[Said], holds_from: int, child: bool) -> Verdict:
    """Return whether a purpose is allowed by a channel. What was never said is no consent, and a no always counts.

    Units:  `holds_from` is the oldest version of the text whose consents still count.
    Errors: PurposeWrong for a purpose or channel that there is none of.
    Source: promises.md P7, P24.
    """
    about = purpose_of(purpose)
    if channel not in channels_of(about):
        raise PurposeWrong(field="channel")
    last = last_said(purpose=purpose, channel=channel, said=said)
    if last is not None and not last.is_given:
        return Verdict(False, "withdrawn", last)
    if child and about.is_marketing:
        return Verdict(False, "child", last)
    if child and (last is None or not last.by_guardian):
        return Verdict(False, "guardian_missing", last)
    if last is None:
        return Verdict(False, "not_given") if about.needs_yes else Verdict(True, "contract")
    if last.by_guardian and not child and about.needs_yes:
        return Verdict(False, "of_age", last)  # the guardian spoke for her until she was 14; now she is asked herself
    if last.version < holds_from:
        return Verdict(False, "text_changed", last) if about.needs_yes else Verdict(True, "contract", last)
    return Verdict(True, "given", last)


def stricter(*, mine: Iterable[Said], theirs: Iterable[Said]) -> list[tuple[str, str]]:
    """Return the (purpose, channel) in which one of two archives of one person said no and a later yes of the other
    would cover it: there the no has to be said again.

    Shape:  in the order of `PURPOSES`; empty when the two agree.
    """
    ours, others = list(mine), list(theirs)
    found = []
    for purpose in PURPOSES.values():
        for channel in channels_of(purpose):
            sides = [last_said(purpose=purpose.code, channel=channel, said=side) for side in (ours, others)]
            whole = last_said(purpose=purpose.code, channel=channel, said=[*ours, *others])
            no = any(side is not None and not side.is_given for side in sides)
            if no and whole is not None and whole.is_given:
                found.append((purpose.code, channel))
    return found
