"""The why-line: one sentence, made from facts, that says why this person is on the list today."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from zhenke.care.rules import ASK_STEP, DATED_STEPS, MEMBER_STEP, STAY_STEP, Why
from zhenke.doors.words.fields import field_word

_MONTH_DAYS = 30.44
_AFTER_SALE = {"thanks", "wear_check", "satisfaction"}
_MEETING_AGAIN = DATED_STEPS | {"by_hand", "call_back"}

_OCCASIONS: dict[str, Promise] = {
    "birthday": gettext_lazy("birthday"),
    "spouse_birthday": gettext_lazy("spouse's birthday"),
    "child_birthday": gettext_lazy("child's birthday"),
    "mother_birthday": gettext_lazy("mother's birthday"),
    "registration": gettext_lazy("day of the marriage papers"),
    "wedding": gettext_lazy("wedding anniversary"),
    "engagement": gettext_lazy("engagement day"),
    "met": gettext_lazy("the day they met"),
    "full_month": gettext_lazy("the baby's full month"),
    "new_years_eve": gettext_lazy("New Year's Eve"),
    "valentine": gettext_lazy("Valentine's Day"),
    "may_20": gettext_lazy("20 May"),
    "qixi": gettext_lazy("Qixi"),
    "mid_autumn": gettext_lazy("Mid-Autumn"),
    "christmas": gettext_lazy("Christmas"),
}
_STAY: dict[str, Promise] = {
    "silent": gettext_lazy(
        "Silent for three years: ask whether we may keep the archive. Without an answer in 90 days it is erased."
    ),
    "guardian": gettext_lazy("Under 14 and no guardian has agreed: ask the parents. Without a yes it is erased."),
    "of_age": gettext_lazy("Is 14 now: ask again for every consent that the guardian gave."),
}
_MEMBER: dict[str, Promise] = {
    "forget": gettext_lazy("Asks to be forgotten: check who is asking, then see the page of rights. 15 working days."),
    "name": gettext_lazy("Says that the name is another: look at the sources that differ."),
    "birthday": gettext_lazy("Says that the birthday is another: look at the sources that differ."),
    "phone": gettext_lazy("Has another phone number: call back on the number on file, and write the new one down."),
    "email": gettext_lazy("Has another e-mail address: call back, and write it down."),
}
_SPECIAL_DAY = gettext_lazy("special day")


def occasion_name(kind: str, label: str = "") -> str:
    """Return the name of an occasion or festival in the reader's language."""
    if label:
        return label
    return str(_OCCASIONS.get(kind, _SPECIAL_DAY))


def in_days(days: int) -> str:
    """Return a near day in words: today, tomorrow, in 3 days, in 3 weeks."""
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days < 0:
        return ngettext("%(n)d day ago", "%(n)d days ago", -days) % {"n": -days}
    if days >= 14 and days % 7 == 0:
        return _("in %(n)d weeks") % {"n": days // 7}
    return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}


def span(days: int) -> str:
    """Return a length of time in words: 6 days, 3 weeks, 13 months."""
    if days < 14:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if days < 60:
        return ngettext("%(n)d week", "%(n)d weeks", days // 7) % {"n": days // 7}
    months = round(days / _MONTH_DAYS)
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}


def between_sentences() -> str:
    """Return what stands between two sentences: Chinese needs no space after 。"""
    return "" if (get_language() or "").startswith("zh") else " "


def why_line(why: Why) -> str:
    """Return the sentence; the first part says why now, the second what else is near."""
    parts = [_first(why), _second(why)]
    if why.missed:
        parts.append(ngettext("Missed once.", "Missed %(n)d times.", why.missed) % {"n": why.missed})
    return between_sentences().join(_begun(part, why) for part in parts if part)


def _begun(sentence: str, why: Why) -> str:
    """Begin a sentence with a capital, unless it begins with somebody's own words: those stay as they were written."""
    own = (why.note, why.piece, why.occasion_label)
    return (
        sentence if any(words and sentence.startswith(words) for words in own) else sentence[:1].upper() + sentence[1:]
    )


def _ended(note: str) -> str:
    """What somebody wrote, as a sentence that another may follow."""
    if not note or note[-1] in ".!?…。！？":
        return note
    return f"{note}。" if note[-1] > "\u2e80" else f"{note}."


def _ago(days: int | None) -> str:
    """How long ago something was, in words that end a sentence: today, yesterday, 6 days ago."""
    if days is None:
        return ""
    if days <= 1:
        return _("yesterday") if days == 1 else _("today")
    return _("%(span)s ago") % {"span": span(days)}


def _first(why: Why) -> str:
    if why.step in DATED_STEPS:
        return _near(why)
    facts = {"piece": why.piece or _("the purchase"), "ago": _ago(why.days)}
    if why.step in _AFTER_SALE:
        return (_("Bought %(piece)s as a gift %(ago)s.") if why.is_gift else _("Bought %(piece)s %(ago)s.")) % facts
    if why.step == "cleaning":
        return _("%(piece)s, bought %(ago)s, is due its free cleaning and inspection.") % facts
    if why.step == "inspection":
        return _("%(piece)s is due an inspection of its setting.") % facts
    if why.step == "anniversary":
        return _("Chose %(piece)s almost a year ago.") % facts
    if why.step == "win_back":
        return _not_seen(why, span(why.days) if why.days is not None else "")
    if why.step in {"welcome", "welcome_again"}:
        return _("New acquaintance, has not bought yet.")
    return _asked_for(why)


def _asked_for(why: Why) -> str:
    """What a person promised, or what the house would like to know."""
    if why.step == STAY_STEP:
        return str(_STAY.get(why.note, _STAY["silent"]))
    if why.step == MEMBER_STEP:
        return str(_MEMBER.get(why.note, why.note))
    if why.step == ASK_STEP:
        return _("Ask when you next speak: %(field)s.") % {"field": field_word(why.note)}
    if why.step == "by_hand":
        return _ended(why.note)
    if why.note:
        return _("To be called back: %(note)s") % {"note": _ended(why.note)}
    return _("Promised to be in touch again.")


def _near(why: Why) -> str:
    """The occasion, and how far it is."""
    when = in_days(why.in_days) if why.in_days is not None else ""
    return _("%(occasion)s %(when)s.") % {"occasion": occasion_name(why.occasion, why.occasion_label), "when": when}


def _not_seen(why: Why, away: str) -> str:
    if not away:
        return _("Has not been in for a long time.")
    if why.usual_gap_days:
        usual = span(why.usual_gap_days)
        return _("Has not been in for %(ago)s; used to come every %(usual)s.") % {"ago": away, "usual": usual}
    return _("Has not been in for %(ago)s; last bought %(piece)s.") % {"ago": away, "piece": why.piece or _("a piece")}


def _second(why: Why) -> str:
    if why.step not in DATED_STEPS and why.occasion and why.in_days is not None:
        return _near(why)
    if why.step in _MEETING_AGAIN and why.piece and why.days is not None:
        return _("Last bought %(piece)s %(ago)s.") % {"piece": why.piece, "ago": _ago(why.days)}
    return ""


def script_for(*, script_en: str, script_zh: str, language: str, fields: dict[str, str]) -> str:
    """Return what to say, with the allow-listed fields put in; unknown braces stay as they are written.

    Errors: none; a template is plain text, nothing in it is evaluated.
    """
    text = script_zh if language.startswith("zh") else script_en
    for name in ("name", "piece", "shop", "advisor", "occasion"):
        text = text.replace("{" + name + "}", fields.get(name, ""))
    return text
