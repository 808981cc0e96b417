"""Coupons in words: the shop's own names, what one takes off, what became of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhenke.doors.words.days import is_chinese
from zhenke.doors.words.membership import amount_words
from zhenke.membership.models import CouponKind
from zhenke.membership.rules.coupons import CouponTerms


def coupon_name(kind: CouponKind) -> str:
    """Return the name that the shop gave it, in the reader's language."""
    return kind.name_zh if is_chinese() else kind.name


def terms_words(terms: CouponTerms, currency: str) -> str:
    """Return what a coupon takes off, as one line to read out."""
    said = [_takes(terms, currency)]
    if terms.least_minor:
        said.append(_("from %(amount)s on") % {"amount": amount_words(terms.least_minor, currency)})
    if not terms.with_gram and terms.kind != "partner":
        said.append(_("not on gold by gram"))
    return " · ".join(said)


def _takes(terms: CouponTerms, currency: str) -> str:
    if terms.kind == "partner":
        return _("for %(partner)s") % {"partner": terms.partner}
    if terms.kind == "percent":
        return _("%(n)s %% off") % {"n": terms.percent}
    if terms.kind == "spend_and_save":
        return " · ".join(
            _("%(off)s off from %(spend)s on")
            % {"off": amount_words(save, currency), "spend": amount_words(spend, currency)}
            for spend, save in terms.steps
        )
    off = _("%(off)s off") % {"off": amount_words(terms.off_minor, currency)}
    return off if terms.kind == "fixed" else f"{off} · " + _("for who bought before")
