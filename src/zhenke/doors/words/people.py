"""Words about people: how they are addressed, where they come from, what is known of them, what happened with them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.basics.names import honorific
from zhenke.doors.words.goods import METAL_WORDS, STONE_WORDS
from zhenke.doors.words.trait_names import MORE_TRAIT_WORDS, MORE_VALUE_WORDS

GENDER_WORDS: dict[str, Promise] = {"f": pgettext_lazy("title", "Ms"), "m": pgettext_lazy("title", "Mr")}
KIND_WORDS: dict[str, Promise] = {
    "person": gettext_lazy("Person"),
    "company": gettext_lazy("Company"),
    "government": gettext_lazy("Public body"),
    "partner": gettext_lazy("Partner"),
}
SOURCE_WORDS: dict[str, Promise] = {
    "walk_in": gettext_lazy("Walked in"),
    "referral": gettext_lazy("Brought by a friend"),
    "wedding_fair": gettext_lazy("Wedding fair"),
    "online": gettext_lazy("Online"),
    "wechat": gettext_lazy("WeChat"),
    "event": gettext_lazy("Event in the shop"),
    "partner": pgettext_lazy("source", "Partner"),
    "import": gettext_lazy("Imported file"),
}
CHANNEL_WORDS: dict[str, Promise] = {
    "phone": gettext_lazy("Phone"),
    "sms": gettext_lazy("Text message"),
    "wechat": gettext_lazy("WeChat"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
}
INTERACTION_WORDS: dict[str, Promise] = {
    "visit": pgettext_lazy("interaction", "Visit"),
    "call": pgettext_lazy("interaction", "Call"),
    "message": pgettext_lazy("interaction", "Message"),
    "note": pgettext_lazy("interaction", "Note"),
    "service": pgettext_lazy("interaction", "Service"),
}
LIFECYCLE_WORDS: dict[str, Promise] = {
    "prospect": gettext_lazy("Prospect"),
    "active": pgettext_lazy("lifecycle", "Active"),
    "at_risk": gettext_lazy("At risk"),
    "lapsed": gettext_lazy("Lapsed"),
    "lost": pgettext_lazy("lifecycle", "Lost"),
}
# What the other is to her; by gender where the language has a word of its own for it.
LINK_WORDS: dict[str, Promise] = {
    "spouse": pgettext_lazy("link", "Spouse"),
    "partner": pgettext_lazy("link", "Partner"),
    "child": pgettext_lazy("link", "Child"),
    "parent": pgettext_lazy("link", "Parent"),
    "guardian": pgettext_lazy("link", "Guardian"),
    "ward": pgettext_lazy("link", "Ward"),
    "grandchild": pgettext_lazy("link", "Grandchild"),
    "grandparent": pgettext_lazy("link", "Grandparent"),
    "sibling": pgettext_lazy("link", "Brother or sister"),
    "relative": pgettext_lazy("link", "Relative"),
    "friend": pgettext_lazy("link", "Friend"),
    "companion": pgettext_lazy("link", "Comes along"),
    "company_contact": pgettext_lazy("link", "Contact of the company"),
    "company": pgettext_lazy("link", "Company"),
}
_GENDERED_LINKS: dict[tuple[str, str], Promise] = {
    ("spouse", "f"): pgettext_lazy("link", "Wife"),
    ("spouse", "m"): pgettext_lazy("link", "Husband"),
    ("child", "f"): pgettext_lazy("link", "Daughter"),
    ("child", "m"): pgettext_lazy("link", "Son"),
    ("parent", "f"): pgettext_lazy("link", "Mother"),
    ("parent", "m"): pgettext_lazy("link", "Father"),
}
BAND_WORDS: dict[str, Promise] = {
    "high": pgettext_lazy("value", "High"),
    "middle": pgettext_lazy("value", "Middle"),
    "low": pgettext_lazy("value", "Low"),
}
TRAIT_WORDS: dict[str, Promise] = {
    "metal": gettext_lazy("Metal"),
    "stone": gettext_lazy("Stone"),
    "style": gettext_lazy("Style"),
    "motif": gettext_lazy("Motif"),
    "occasion": gettext_lazy("Worn for"),
    "taboo": gettext_lazy("Never"),
    "allergy": gettext_lazy("Allergy"),
    "brand": gettext_lazy("Other brands"),
    "budget": gettext_lazy("Budget"),
    "budget_band": gettext_lazy("Budget"),
    "ring_size": gettext_lazy("Ring size"),
    "ring_size_hk": gettext_lazy("Ring size (HK)"),
    "partner_ring_size_hk": gettext_lazy("Partner's ring size (HK)"),
    "ring_size_left": gettext_lazy("Ring size, left"),
    "ring_size_right": gettext_lazy("Ring size, right"),
    "bracelet_mm": gettext_lazy("Bracelet (mm)"),
    "wrist_mm": gettext_lazy("Wrist (mm)"),
    "necklace_mm": gettext_lazy("Necklace (mm)"),
    "ears_pierced": gettext_lazy("Pierced ears"),
    "contact_hour": gettext_lazy("Best hour"),
    "zodiac": gettext_lazy("Animal sign"),
    "motive": gettext_lazy("Buys for"),
    "occupation": gettext_lazy("Occupation"),
    "intent": gettext_lazy("Looking for"),
    "intent_date": gettext_lazy("Wanted by"),
    "consent": gettext_lazy("May be contacted by"),
    "do_not_gift": gettext_lazy("Do not give"),
    **MORE_TRAIT_WORDS,
}
VALUE_WORDS: dict[str, Promise] = {
    **METAL_WORDS,
    **STONE_WORDS,
    **CHANNEL_WORDS,
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
    "minimal": gettext_lazy("Minimal"),
    "sweet": gettext_lazy("Sweet"),
    "modern": gettext_lazy("Modern"),
    "chinese": gettext_lazy("New Chinese"),
    "statement": gettext_lazy("Statement"),
    "classic": gettext_lazy("Classic"),
    "daily": gettext_lazy("Every day"),
    "office": gettext_lazy("Office"),
    "banquet": gettext_lazy("Banquets"),
    "festival": gettext_lazy("Festivals"),
    "travel": gettext_lazy("Travel"),
    "company_gift": gettext_lazy("Company gifts"),
    "morning": gettext_lazy("Morning"),
    "lunch": gettext_lazy("Lunch time"),
    "after_work": gettext_lazy("After work"),
    "evening": gettext_lazy("Evening"),
    "weekend": gettext_lazy("Weekend"),
    "self": gettext_lazy("Herself or himself"),
    "bridal": gettext_lazy("A wedding"),
    "gift": gettext_lazy("Gifts"),
    "saver": gettext_lazy("Saving in gold"),
    "elder": gettext_lazy("Parents"),
    "baby": gettext_lazy("A baby"),
    "collector": gettext_lazy("Collecting"),
    "company": gettext_lazy("The company"),
    "engagement": gettext_lazy("An engagement"),
    "wedding": gettext_lazy("A wedding"),
    "saving": gettext_lazy("Gold to keep"),
    "repair": gettext_lazy("A repair"),
    "rat": gettext_lazy("Rat"),
    "ox": gettext_lazy("Ox"),
    "tiger": gettext_lazy("Tiger"),
    "rabbit": gettext_lazy("Rabbit"),
    "dragon": gettext_lazy("Dragon"),
    "snake": gettext_lazy("Snake"),
    "horse": gettext_lazy("Horse"),
    "goat": gettext_lazy("Goat"),
    "monkey": gettext_lazy("Monkey"),
    "rooster": gettext_lazy("Rooster"),
    "dog": gettext_lazy("Dog"),
    "pig": gettext_lazy("Pig"),
    "clover": gettext_lazy("Clover"),
    "heart": gettext_lazy("Heart"),
    "butterfly": gettext_lazy("Butterfly"),
    "moon": gettext_lazy("Moon"),
    "snow": gettext_lazy("Snow"),
    "camellia": gettext_lazy("Camellia"),
    "magnolia": gettext_lazy("Magnolia"),
    "swan": gettext_lazy("Swan"),
    "ribbon": gettext_lazy("Ribbon"),
    "rain": gettext_lazy("Rain"),
    "bamboo": gettext_lazy("Bamboo"),
    "lotus": gettext_lazy("Lotus"),
    "fortune": gettext_lazy("Fortune character"),
    "ruyi": gettext_lazy("Ruyi"),
    "cloud": gettext_lazy("Cloud"),
    "peony": gettext_lazy("Peony"),
    "gourd": gettext_lazy("Gourd"),
    "safety": gettext_lazy("Safety lock"),
    "koi": gettext_lazy("Koi"),
    "pixiu": gettext_lazy("Pixiu"),
    "wheat": gettext_lazy("Wheat"),
    "guanyin": gettext_lazy("Guanyin"),
    **MORE_VALUE_WORDS,
}


def address_of(name: str, gender: str) -> str:
    """Return how a person is spoken to: 周女士, Ms Zhou; the whole name when no title is known."""
    whom = honorific(name, gender)
    if not whom.title:
        return whom.name
    if whom.is_han:
        return whom.name + {"ms": "女士", "mr": "先生"}[whom.title]
    return {"ms": _("Ms %(name)s"), "mr": _("Mr %(name)s")}[whom.title] % {"name": whom.name}


def trait_word(key: str) -> str:
    """Return the word of a key of traits; a key without one is written as it reads."""
    return str(TRAIT_WORDS.get(key, key.removeprefix("custom.").replace("_", " ").capitalize()))


def value_word(text: str) -> str:
    """Return the word of a trait's value; a value of the shop's own stays as it is."""
    return str(VALUE_WORDS.get(text, text))


def source_word(code: str) -> str:
    """Return how the customer came to the shop; a word of the shop's own stays as it is."""
    return str(SOURCE_WORDS.get(code, code))


def link_word(kind: str, gender: str = "") -> str:
    """Return what somebody is to a customer: wife, son, friend; without a known gender the word for both."""
    word = _GENDERED_LINKS.get((kind, gender)) or LINK_WORDS.get(kind)
    return str(word) if word else kind
