"""Words about grades: what made them up, what would lift them, why they moved."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from zhenke.basics.money import Money, format_money
from zhenke.doors.words.days import ago
from zhenke.grading.models import Grade, GradeChange
from zhenke.grading.rules import Contribution, Lift

DIMENSION_WORDS: dict[str, Promise] = {
    "recency": gettext_lazy("How recent"),
    "frequency": gettext_lazy("How often"),
    "amount": pgettext_lazy("grading", "Amount"),
    "margin": gettext_lazy("Margin"),
    "engagement": gettext_lazy("Contact"),
    "satisfaction": gettext_lazy("Satisfaction"),
    "referral": gettext_lazy("Brought friends"),
}
ABSENT_WORDS: dict[str, Promise] = {
    "recency": gettext_lazy("no purchase yet"),
    "frequency": gettext_lazy("no purchase yet"),
    "amount": gettext_lazy("no purchase yet"),
    "margin": gettext_lazy("the cost of the pieces is not known"),
    "engagement": gettext_lazy("no visit, call or message is written down"),
    "satisfaction": gettext_lazy("never asked how satisfied"),
    "referral": gettext_lazy("it is not known who brought whom"),
}
REASON_WORDS: dict[str, Promise] = {
    "sale": gettext_lazy("after a purchase"),
    "return": gettext_lazy("after a return"),
    "welcome": gettext_lazy("first met"),
    "contact": gettext_lazy("after a contact"),
    "night": gettext_lazy("in the nightly count"),
    "scheme": gettext_lazy("by new rules"),
    "import": gettext_lazy("after an import"),
    "merge": gettext_lazy("after two archives became one"),
    "merge_undone": gettext_lazy("after a merge was undone"),
    "override": gettext_lazy("set by hand"),
    "override_ended": gettext_lazy("no longer set by hand"),
}
NEED_WORDS: dict[str, Promise] = {
    "known_fields": gettext_lazy("complete the record: phone, birthday, where from"),
    "first_contact": gettext_lazy("a first visit, call or message"),
    "intent": gettext_lazy("learn what is wanted"),
    "steady_contact": gettext_lazy("stay in touch regularly"),
    "intent_date": gettext_lazy("learn by when it is wanted"),
    "budget_or_near_date": gettext_lazy("learn the budget, or wait until the day is near"),
}


def _money(minor: int, currency: str) -> str:
    return format_money(Money(minor, currency), get_language() or "en", is_whole=True)


def score_words(points: int) -> str:
    """Return points of 0–10000 as of a hundred, to the last place: 72.50."""
    return f"{points / 100:.2f}"


def grade_reason(grade: Grade, *, today: date, months: int, currency: str) -> str:
    """Return the one line that says why: 4 purchases in 36 months, ¥86,400; the last one 20 days ago."""
    if not grade.letter or grade.last_bought_date is None:
        return _("Has not bought yet.")
    last = ago(grade.last_bought_date, today)
    if not grade.frequency:
        return _("Nothing bought in the last %(months)d months; last %(ago)s.") % {"months": months, "ago": last}
    bought = ngettext("%(n)d purchase", "%(n)d purchases", grade.frequency) % {"n": grade.frequency}
    facts = {"bought": bought, "months": months, "amount": _money(grade.amount_minor, currency), "ago": last}
    line = _("%(bought)s in %(months)d months, %(amount)s; last %(ago)s.") % facts
    if grade.referral:
        brought = ngettext("Brought %(n)d person.", "Brought %(n)d people.", grade.referral) % {"n": grade.referral}
        line = f"{line} {brought}"
    return line


def because(part: Contribution, *, months: int, currency: str) -> str:
    """Return the fact behind one part of a score."""
    value = part.value or 0
    if part.dimension == "recency":
        return ngettext("bought %(n)d day ago", "bought %(n)d days ago", value) % {"n": value}
    if part.dimension == "frequency":
        return ngettext("%(n)d purchase in %(months)d months", "%(n)d purchases in %(months)d months", value) % {
            "n": value,
            "months": months,
        }
    if part.dimension == "amount":
        return _("%(amount)s in %(months)d months") % {"amount": _money(value, currency), "months": months}
    if part.dimension == "engagement":
        return ngettext("%(n)d contact in a year", "%(n)d contacts in a year", value) % {"n": value}
    if part.dimension == "satisfaction":
        return _("said %(n)d of 100") % {"n": value}
    if part.dimension == "referral":
        return ngettext("brought %(n)d person", "brought %(n)d people", value) % {"n": value}
    return _("place %(band)d of 5 among the shop's customers") % {"band": part.band}


def lift_words(lift: Lift, *, currency: str) -> str:
    """Return what would lift her one letter."""
    facts = {
        "n": lift.count,
        "letter": lift.target,
        "days": lift.within_days,
        "amount": _money(lift.amount_minor, currency),
        "level": lift.level,
    }
    if lift.kind == "contact":
        words = ngettext(
            "One more visit, call or message lifts to %(letter)s.",
            "%(n)d more visits, calls or messages lift to %(letter)s.",
            lift.count,
        )
    elif lift.kind == "purchase":
        words = ngettext(
            "One more purchase lifts to %(letter)s.", "%(n)d more purchases lift to %(letter)s.", lift.count
        )
    elif lift.kind == "spend":
        words = _("One purchase of %(amount)s or more lifts to %(letter)s.")
    elif lift.kind == "satisfaction":
        words = _("A satisfaction of %(level)d or more lifts to %(letter)s.")
    else:
        words = ngettext(
            "One friend brought to the shop lifts to %(letter)s.",
            "%(n)d friends brought to the shop lift to %(letter)s.",
            lift.count,
        )
    return words % facts


def change_words(change: GradeChange) -> str:
    """Return one move of a grade: C → B, after a purchase."""
    before = change.from_letter or (_("prospect %(stage)s") % {"stage": change.from_stage} if change.from_stage else "")
    after = change.to_letter or _("prospect %(stage)s") % {"stage": change.to_stage}
    moved = f"{before} → {after}" if before else after
    return f"{moved}, {REASON_WORDS.get(change.reason, change.reason)}"
