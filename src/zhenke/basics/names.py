"""Names of people: family and given part, masks, forms of address, and the words by which a name is found.

Words for people ("女士", "Ms") live at the doors; this module gives the facts they are made of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from zhenke.basics.pinyin_table import readings_of
from zhenke.basics.surnames import COMPOUND_SURNAMES, SURNAME_READINGS

MAX_TERMS = 8
TERM_LENGTH = 80
_MOST_REMEMBERED = 10_000
_HAN_SIGNS = r"〇\u3400-\u9fff\U00020000-\U0003ffff"
_HAN = re.compile(f"[{_HAN_SIGNS}]+")
_WORD = re.compile(rf"[^\W_{_HAN_SIGNS}]+")
_ASIDE = re.compile(r"[(\[【].*?[)\]】]")
_DOT = re.compile(rf"(?<=[{_HAN_SIGNS}]) ?[·•‧∙⋅・.] ?(?=[{_HAN_SIGNS}])")
_ACCENT = re.compile(r"[\u0300-\u036f]")
_NOT_TAKEN_APART = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"}
)
_LONGEST_PERSON = 4
_TITLES = {"女士": "ms", "小姐": "ms", "太太": "ms", "夫人": "ms", "阿姨": "ms", "先生": "mr", "老师": "", "总": ""}
_TITLE_OF_GENDER = {"f": "ms", "m": "mr"}


@dataclass(frozen=True, slots=True)
class SplitName:
    """The two parts of a name; `family` is empty when a name has none that can be told (阿迪力·买买提, a company)."""

    family: str
    given: str


@dataclass(frozen=True, slots=True)
class Honorific:
    """Whom to address and how: `title` is "ms", "mr" or "" (use the whole name); `is_han` puts the title after it."""

    name: str
    title: str
    is_han: bool


@dataclass(frozen=True, slots=True)
class NameReadings:
    """What a name sounds like, and the words under which it is found by their beginning."""

    pinyin: str
    initials: str
    search_terms: tuple[str, ...]


def split_name(name: str) -> SplitName:
    """Return family and given part of a name.

    Example: 欧阳娜娜 -> 欧阳 + 娜娜; 周女士 -> 周 + nothing; Anna Müller -> Müller + Anna
    """
    core = _core(name)
    han = "".join(_HAN.findall(core))
    if han:
        if _DOT.search(core) and not _WORD.search(core):
            return SplitName("", core)
        return _split_han(han)
    last, comma, first = core.partition(",")
    if comma:
        return SplitName(last.strip(), first.strip())
    words = core.split()
    return SplitName(words[-1], " ".join(words[:-1])) if len(words) > 1 else SplitName("", core)


def mask_name(name: str) -> str:
    """Return the name with only its family part, or its first letter, left; its length is not told.

    Source: promises.md §3.3.
    Example: 张伟 -> 张**; 欧阳娜娜 -> 欧阳**; 阿迪力·买买提 -> 阿***; Anna Müller -> A***
    """
    core = _core(name)
    family = split_name(core).family
    if family and _HAN.match(family):
        return f"{family}**"
    return f"{core[:1]}***" if core else ""


def honorific(name: str, gender: str) -> Honorific:
    """Return whom to address and with which title.

    Units:  `gender` is "f", "m" or "" (unknown).
    Example: 周丽, f -> 周 + "ms"; 周先生, "" -> 周 + "mr"; 周丽, "" -> 周丽 without title
    """
    core = _core(name)
    is_han = bool(_HAN.search(core))
    family = split_name(core).family
    title = _TITLE_OF_GENDER.get(gender) or next((word for end, word in _TITLES.items() if core.endswith(end)), "")
    if family and title:
        return Honorific(family, title, is_han)
    return Honorific(core, "", is_han)


def normalise_query(text: str) -> str:
    """Return what somebody typed in the form in which search terms are kept: small letters, no accents, no spaces."""
    return _squeezed(unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=_MOST_REMEMBERED)
def pinyin_readings(name: str) -> NameReadings:
    """Return pinyin, initials and at most eight search terms of a name.

    Terms, each to be found by its beginning: the whole name, the given name, both in pinyin, the initials, and then
    the other ways in which its signs are read. A name in Latin letters gives its words in both orders.
    Example: 周丽 -> zhouli, zl, (周丽, 丽, zhouli, li, zl)
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    core = _core(plain)
    words = tuple(_latin(word) for word in _WORD.findall(plain))
    han = "".join(_HAN.findall(core))
    if not han:
        return _latin_readings(plain, words)
    split = _split_han(han)
    family, given = split.family, split.given
    if _DOT.search(core):
        family, given = "", han
    readings = [*_family_readings(family), *(readings_of(sign) or ("",) for sign in given)]
    usual = [ways[0] for ways in readings]
    start = len(family)
    pinyin, initials = "".join(usual), "".join(way[:1] for way in usual)
    spoken = given if family else "".join(_HAN.findall(_DOT.split(core)[-1]))
    first = (_squeezed(plain), spoken, pinyin, "".join(usual[-len(spoken) :] if spoken else ()), initials)
    if len(han) <= _LONGEST_PERSON or start:
        others: Iterable[str] = chain(words, [han] if words or han != first[0] else [], _others(readings, start))
    else:
        others = words
    return NameReadings(pinyin[:TERM_LENGTH], initials[:TERM_LENGTH], _terms(chain(first, others)))


def _core(name: str) -> str:
    """Return the name without remarks in brackets, with single spaces; the remark itself if nothing else is there."""
    plain = unicodedata.normalize("NFKC", name)
    return " ".join(_ASIDE.sub(" ", plain).split()) or " ".join(plain.split())


def _split_han(han: str) -> SplitName:
    title = next((end for end in _TITLES if han.endswith(end)), "")
    if title and (len(han) - len(title) == 1 or han.removesuffix(title) in COMPOUND_SURNAMES):
        return SplitName(han.removesuffix(title), "")
    for length in (4, 2):
        if len(han) > length and han[:length] in COMPOUND_SURNAMES and len(han) <= length + 3:
            return SplitName(han[:length], han[length:])
    if len(han) > _LONGEST_PERSON:
        return SplitName("", han)
    return SplitName(han[:1], han[1:])


@lru_cache(maxsize=10_000)
def _family_readings(family: str) -> tuple[tuple[str, ...], ...]:
    """Return the readings of each sign of a family name."""
    compound = COMPOUND_SURNAMES.get(family)
    if compound:
        return tuple((way, way.replace("v", "u")) if "v" in way else (way,) for way in compound.split())
    own = SURNAME_READINGS.get(family)
    return (own,) if own else tuple(readings_of(sign) or ("",) for sign in family)


def _others(readings: list[tuple[str, ...]], start: int) -> Iterator[str]:
    """Return the other readings, one sign changed at a time: whole name and initials before the given part."""
    for place, ways in enumerate(readings):
        for way in ways[1:]:
            spoken = [other[0] for other in readings]
            spoken[place] = way
            yield "".join(spoken)
            yield "".join(syllable[:1] for syllable in spoken)
            if place >= start:
                yield "".join(spoken[start:])


def _latin_readings(plain: str, words: tuple[str, ...]) -> NameReadings:
    joined, initials = "".join(words), "".join(word[:1] for word in words)
    turned = "".join((*words[1:], *words[:1]))
    last_first = "".join((*words[-1:], *words[:-1]))
    terms = _terms((_squeezed(plain), joined, last_first, turned, *words[1:], initials))
    return NameReadings(joined[:TERM_LENGTH], initials[:TERM_LENGTH], terms)


def _terms(words: Iterable[str]) -> tuple[str, ...]:
    found = dict.fromkeys(word[:TERM_LENGTH] for word in words if word)
    return tuple(found)[:MAX_TERMS]


def _squeezed(plain: str) -> str:
    return "".join(sign for sign in _latin(plain) if sign.isalnum())[:TERM_LENGTH]


def _latin(word: str) -> str:
    """Return the word in small letters without accents; signs of other scripts stay whole."""
    if word.isascii():
        return word.lower()
    folded = word.casefold().translate(_NOT_TAKEN_APART)
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", folded)))
