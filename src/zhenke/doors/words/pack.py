"""The copy of everything about a customer, in words: sections, labels, and values as people write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.basics.days import DayOfYear
from zhenke.doors.templatetags.words import grams, money
from zhenke.doors.words.care import result_word, step_word
from zhenke.doors.words.consent import GIVER_WORDS, PROOF_WORDS, PURPOSE_WORDS, WAY_WORDS, WHY_WORDS
from zhenke.doors.words.days import exact_day, yearly_day
from zhenke.doors.words.goods import category_word, metal_word
from zhenke.doors.words.grades import REASON_WORDS
from zhenke.doors.words.membership import MOVE_WORDS as TIER_MOVE_WORDS
from zhenke.doors.words.membership import right_word, tier_word
from zhenke.doors.words.messages import REASON_WORDS as MESSAGE_REASONS
from zhenke.doors.words.messages import RECEIPT_WORDS, STATE_WORDS, template_word
from zhenke.doors.words.people import (
    CHANNEL_WORDS,
    GENDER_WORDS,
    INTERACTION_WORDS,
    KIND_WORDS,
    LIFECYCLE_WORDS,
    link_word,
    source_word,
    trait_word,
    value_word,
)
from zhenke.doors.words.rewards import COUPON_STATES
from zhenke.doors.words.rewards import STATE_WORDS as REDEMPTION_WORDS
from zhenke.doors.words.why import occasion_name

SECTION_WORDS: dict[str, Promise] = {
    "person": pgettext_lazy("copy", "The person"),
    "contacts": gettext_lazy("Ways to be in touch"),
    "days": pgettext_lazy("copy", "Days that come back"),
    "known": gettext_lazy("Taste and sizes"),
    "said_otherwise": gettext_lazy("What another source says"),
    "tags": gettext_lazy("Tags"),
    "family": gettext_lazy("Who belongs here (others are not named)"),
    "consents": gettext_lazy("Consent given and taken back"),
    "purchases": gettext_lazy("Purchases"),
    "points": gettext_lazy("Points and how they came about"),
    "gifts": gettext_lazy("Pieces received as gifts"),
    "pieces": gettext_lazy("Pieces owned"),
    "valuations": gettext_lazy("Valuations"),
    "worn": gettext_lazy("Pieces worn that belong to others"),
    "happened": gettext_lazy("Visits, calls and messages"),
    "messages": pgettext_lazy("copy", "Messages of the house"),
    "follow_ups": gettext_lazy("Follow-ups"),
    "coming_days": gettext_lazy("Coming days"),
    "tier": gettext_lazy("Membership"),
    "tier_moves": gettext_lazy("How the tier moved"),
    "rights_given": gettext_lazy("Rights that were given"),
    "rewards_taken": gettext_lazy("Rewards taken for points"),
    "coupons": gettext_lazy("Coupons"),
    "points_of_receipts": gettext_lazy("Points that receipts earned"),
    "grade": pgettext_lazy("profile", "Grade"),
    "grade_moves": gettext_lazy("How the grade moved"),
    "grade_by_hand": gettext_lazy("Grade set by hand"),
    "merges": gettext_lazy("Archives merged"),
    "possible_doubles": gettext_lazy("Possible duplicates"),
    "sign_ins": gettext_lazy("Signed in to the member site"),
    "requests": gettext_lazy("Asked to be forgotten"),
    "looks": gettext_lazy("Who looked, changed or handed on"),
}
# Values that are codes, by section and field, or by field alone.
_CODES: Mapping[str, Mapping[str, object]] = {
    "purchases.kind": {"sale": "", "return": gettext_lazy("Returned"), "exchange": gettext_lazy("Exchanged")},
    "messages.state": {code: word for code, (word, _level) in STATE_WORDS.items()},
    "messages.reason": MESSAGE_REASONS,
    "receipt": RECEIPT_WORDS,
    "follow_ups.state": {
        "open": pgettext_lazy("copy", "planned"),
        "done": pgettext_lazy("copy", "done"),
        "cancelled": pgettext_lazy("copy", "cancelled"),
    },
    "points.what": {
        "balance": pgettext_lazy("points", "balance"),
        "lot": pgettext_lazy("points", "may be spent until their end"),
        "movement": pgettext_lazy("points", "movement"),
    },
    "points.kind": {
        "earn": pgettext_lazy("points", "earned"),
        "activate": pgettext_lazy("points", "may be spent from then on"),
        "spend": pgettext_lazy("points", "spent"),
        "cancel": pgettext_lazy("points", "given back"),
        "reverse": pgettext_lazy("points", "taken back with a return"),
        "expire": pgettext_lazy("points", "ended unspent"),
        "adjust": pgettext_lazy("points", "by hand"),
        "merge": pgettext_lazy("points", "two archives became one"),
        "unmerge": pgettext_lazy("points", "one archive became two"),
        "close": pgettext_lazy("points", "closed"),
    },
    "merges.state": {"done": pgettext_lazy("copy", "merged"), "undone": pgettext_lazy("copy", "taken apart again")},
    "possible_doubles.state": {
        "open": pgettext_lazy("copy", "not decided"),
        "not_same": pgettext_lazy("copy", "two people"),
    },
    "origin": {"sold_here": gettext_lazy("Sold here"), "elsewhere": gettext_lazy("bought elsewhere")},
    "reason": REASON_WORDS,
    "tier_moves.reason": TIER_MOVE_WORDS,
    "rewards_taken.state": REDEMPTION_WORDS,
    "coupons.state": COUPON_STATES,
    "person.kind": KIND_WORDS,
}
_VALUES: dict[str, Callable[[str], object]] = {
    "contacts.kind": lambda code: CHANNEL_WORDS.get(code, code),
    "family.kind": link_word,
    "happened.kind": lambda code: INTERACTION_WORDS.get(code, code),
    "days.kind": occasion_name,
    "coming_days.kind": occasion_name,
    "known.key": trait_word,
    "known.text": value_word,
    "consents.purpose": lambda code: PURPOSE_WORDS.get(code, code),
    "consents.channel": lambda code: WAY_WORDS.get(code, code),
    "consents.state": lambda code: WHY_WORDS.get(code, code),
    "proof": lambda code: PROOF_WORDS.get(code, code),
    "giver": lambda code: GIVER_WORDS.get(code, code),
    "gender": lambda code: GENDER_WORDS.get(code, code),
    "lifecycle": lambda code: LIFECYCLE_WORDS.get(code, code),
    "source": source_word,
    "channel": lambda code: CHANNEL_WORDS.get(code, code),
    "category": category_word,
    "metal": metal_word,
    "template_key": template_word,
    "step": step_word,
    "tier": tier_word,
    "from_tier": tier_word,
    "to_tier": tier_word,
    "rights_given.right": right_word,
    "result": result_word,
}
IN_THE_HEAD = frozenset(
    {"what", "kind", "text", "key", "name", "purpose", "step", "description", "action", "letter", "piece__name"}
    | {"template_key"}
)


def pack_words(pack: Mapping[str, list[dict[str, Any]]], actions: Mapping[str, Promise]) -> list[dict[str, object]]:
    """Return the copy as sections of lines: what a line is about, and the rest as (label, value).

    Sections without a row are named together at the end by whoever shows it.
    """
    return [
        {
            "code": code,
            "name": name,
            "rows": [_line(code, row, actions) for row in pack.get(code, ())],
        }
        for code, name in SECTION_WORDS.items()
    ]


def _line(section: str, row: Mapping[str, Any], actions: Mapping[str, Promise]) -> dict[str, object]:
    told = dict(row)
    head = []
    if section == "days":
        day = DayOfYear(told["month"], told["day"], told["calendar"], told["is_leap_month"], told["year"])
        told = {"kind": told["kind"], "label": told["label"], "day": yearly_day(day)}
    if section == "looks":
        told["action"] = str(actions.get(told["action"], told["action"]))
    currency = told.pop("currency", "CNY")
    pairs = []
    for field, value in told.items():
        words = _value(section, field, value, currency)
        if not words:
            continue
        if field in IN_THE_HEAD and section != "person":
            head.append(words)
        else:
            pairs.append((LABEL_WORDS.get(field, field), words))
    first = " · ".join(head)
    return {"head": first[:1].upper() + first[1:], "pairs": pairs}


def _value(section: str, field: str, value: Any, currency: str) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if value in (None, "", []):
        return ""
    if field.endswith("_minor"):
        return str(money(value, currency))
    if field.endswith("_mg"):
        return str(grams(value))
    if isinstance(value, datetime):
        local = localtime(value)
        return f"{exact_day(local.date())} {local:%H:%M}"
    if isinstance(value, date):
        return exact_day(value)
    if isinstance(value, list):
        return ", ".join(_value(section, field, one, currency) for one in value)
    codes = _CODES.get(f"{section}.{field}") or _CODES.get(field)
    if codes is not None:
        return str(codes.get(str(value), value))
    speak = _VALUES.get(f"{section}.{field}") or _VALUES.get(field)
    return str(speak(str(value)) if speak else value)


LABEL_WORDS: dict[str, Promise] = {
    "name": pgettext_lazy("person", "Name"),
    "kind": gettext_lazy("Kind"),
    "gender": gettext_lazy("Addressed as"),
    "card_number": gettext_lazy("Card number"),
    "region": gettext_lazy("City or district"),
    "source": gettext_lazy("How they came to us"),
    "language": gettext_lazy("Language"),
    "channel": gettext_lazy("Channel"),
    "hour_preference": gettext_lazy("Best hour"),
    "caution": gettext_lazy("Careful with"),
    "notes": gettext_lazy("Remarks"),
    "first_met_date": gettext_lazy("First met"),
    "created_at": gettext_lazy("On file since"),
    "shop": gettext_lazy("Shop"),
    "advisor": gettext_lazy("Advisor"),
    "brought_by_somebody": gettext_lazy("Brought by another customer"),
    "former_numbers": gettext_lazy("Former numbers"),
    "label": gettext_lazy("Whose, or what"),
    "day": pgettext_lazy("date", "Day"),
    "confirmed_at": gettext_lazy("Confirmed on"),
    "state": gettext_lazy("State"),
    "at": gettext_lazy("On"),
    "giver": gettext_lazy("Who said it"),
    "proof": gettext_lazy("How"),
    "proof_note": gettext_lazy("Where the proof is"),
    "text_version": gettext_lazy("Version of the text"),
    "number": gettext_lazy("Receipt"),
    "sold_date": gettext_lazy("Bought on"),
    "style_no": gettext_lazy("Style number"),
    "quantity": gettext_lazy("Quantity"),
    "weight_mg": gettext_lazy("Weight"),
    "amount_minor": gettext_lazy("Paid"),
    "is_gift": gettext_lazy("Bought as a gift"),
    "known_at": gettext_lazy("On"),
    "points": gettext_lazy("Points"),
    "until": gettext_lazy("Until"),
    "spendable": gettext_lazy("May be spent"),
    "pending": gettext_lazy("Waiting"),
    "owed": gettext_lazy("Owed"),
    "serial": gettext_lazy("Serial number"),
    "category": gettext_lazy("Category"),
    "metal": gettext_lazy("Metal"),
    "purity_permille": gettext_lazy("Purity (‰)"),
    "gross_mg": gettext_lazy("Gross weight"),
    "size": gettext_lazy("Size"),
    "hallmark": gettext_lazy("Hallmark"),
    "maker": gettext_lazy("Maker"),
    "setting": gettext_lazy("Setting"),
    "source_key": gettext_lazy("Key in another program"),
    "came_from": gettext_lazy("Where it comes from"),
    "minutes": gettext_lazy("Minutes"),
    "looked_at": gettext_lazy("Looked at"),
    "tried": gettext_lazy("Tried on"),
    "agreed": gettext_lazy("Agreed"),
    "agreed_date": gettext_lazy("Agreed for"),
    "origin": gettext_lazy("Origin"),
    "bought_date": gettext_lazy("Bought on"),
    "price_minor": gettext_lazy("Price"),
    "warranty": gettext_lazy("Warranty"),
    "next_date": gettext_lazy("Next time"),
    "stones": gettext_lazy("Stones"),
    "certificates": gettext_lazy("Certificate"),
    "inspected": gettext_lazy("Inspected on"),
    "photos": gettext_lazy("Photos"),
    "on_date": gettext_lazy("On"),
    "value_minor": gettext_lazy("Value"),
    "valid_until_date": gettext_lazy("Valid until"),
    "insurer": gettext_lazy("Insurer"),
    "policy": gettext_lazy("Policy"),
    "due_date": gettext_lazy("Due on"),
    "done_at": gettext_lazy("Done on"),
    "result": gettext_lazy("Result"),
    "stage": gettext_lazy("Stage"),
    "score": gettext_lazy("Score"),
    "lifecycle": gettext_lazy("Standing"),
    "last_bought_date": gettext_lazy("Last bought on"),
    "frequency": gettext_lazy("Purchases"),
    "as_of_date": gettext_lazy("As of"),
    "from_letter": gettext_lazy("From grade"),
    "to_letter": gettext_lazy("To grade"),
    "from_stage": gettext_lazy("From stage"),
    "to_stage": gettext_lazy("To stage"),
    "reason": gettext_lazy("Why"),
    "made_at": gettext_lazy("On"),
    "until_date": gettext_lazy("Until"),
    "undone_at": gettext_lazy("Undone on"),
    "signed_in_at": pgettext_lazy("member", "In"),
    "signed_out_at": pgettext_lazy("member", "Out"),
    "asked_at": gettext_lazy("Asked on"),
    "queued_at": pgettext_lazy("copy", "Written down on"),
    "called_at": gettext_lazy("Sent on"),
    "receipt": gettext_lazy("Receipt of the provider"),
    "found_at": gettext_lazy("Found on"),
    "tier": gettext_lazy("Tier"),
    "joined_date": gettext_lazy("Member since"),
    "since_date": gettext_lazy("In this tier since"),
    "grace_until_date": gettext_lazy("Kept until"),
    "protected_until_date": gettext_lazy("Protected until"),
    "gram_minor": gettext_lazy("Paid by gram in the window"),
    "other_minor": gettext_lazy("Paid for set pieces in the window"),
    "receipts": gettext_lazy("Purchases"),
    "window_points": gettext_lazy("Points of the window"),
    "from_tier": gettext_lazy("From tier"),
    "to_tier": gettext_lazy("To tier"),
    "right": gettext_lazy("Right"),
    "reward": gettext_lazy("Reward"),
    "closed_date": gettext_lazy("Closed on"),
    "coupon": gettext_lazy("Coupon"),
}
