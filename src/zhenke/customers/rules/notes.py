"""What free words of the staff give away: words that lift a note to level 4, and numbers that no note may hold.

Words are looked for as the shop floor writes them, in Chinese and English. Of pieces that show something holy, of
metals that somebody's skin does not bear and of a shop's own card numbers a note may speak freely: that is the trade.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from zhenke.basics.errors import BadInput

PLAIN, SENSITIVE = 3, 4
_HEALTH = (
    r"怀孕|懷孕|怀上了|孕妇|孕婦|孕期|孕早期|备孕|待产|流产|产后|哺乳|坐月子|更年期|糖尿病|高血压|心脏病|起搏器|癌|肿瘤|化疗|放疗"
    r"|抑郁|抑鬱|焦虑症|精神病|自闭症|乙肝|肝炎|艾滋|哮喘|癫痫|透析|手术|手術"
    r"|住院|住了院|病历|残疾|确诊|白血病|中风|老年痴呆|皮肤病|吃药|试管婴儿"
    r"|\b(?:pregnan\w*|miscarriage|breast-?feed\w*|diabet\w*|tumou?rs?|chemo(?:therapy)?|hiv|hepatitis|epilep\w*|asthma"
    r"|depress(?:ion|ed)|dementia|alzheimer\w*|pacemaker|surgery|hospitali[sz]ed|in hospital|disabled|disability"
    r"|dialysis|ivf|menopause|diagnos\w+|medication|heart (?:disease|attack|condition)|(?:her|his|their) illness"
    r"|(?:has|had|of|breast|lung|skin|with) cancer)\b"
)
_FAITH = (
    r"佛教|(?<!微)信佛(?!牌|公|像|珠)|(?<!微)信教(?![她他你我])|信奉|信仰|皈依|居士|吃斋|念佛|基督教|基督徒|天主教|教徒|教友"
    r"|去教会|教会活动|做礼拜|穆斯林|伊斯兰|清真|斋月|道教|犹太教|印度教"
    r"|\b(?:muslims?|islam(?:ic)?|buddhis[tm]s?|catholics?|christianity|(?:is|a|devout|practising) christian"
    r"|hindus?|hinduism|jewish|judaism|sikhs?|mormons?|protestants?|ramadan|kosher|halal|devout\w*|religio\w+"
    r"|goes to (?:church|mosque|temple|synagogue))\b"
)
_PAPERS = (
    r"身份证号|身份证复印|身份证照|护照号|护照复印|银行账号|银行帐号|银行卡号|开户行|社保号"
    r"|\b(?:id number|identity number|copy of (?:her|his|the) (?:id|passport)|passport (?:number|copy|scan)"
    r"|bank account|iban|social security)\b"
)
_SENSITIVE = re.compile(f"{_HEALTH}|{_FAITH}|{_PAPERS}", re.IGNORECASE)

_GROUPED = re.compile(r"(?<=\d)[ \-.·](?=[\dX])", re.IGNORECASE)
_OWN_NUMBER = re.compile(
    r"(?<![0-9A-Z])[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?![0-9A-Z])"
)
_NAMED_PAPER = re.compile(
    r"(?:身份证|证件号|护照|通行证|ID CARD|ID NUMBER|ID NO|PASSPORT)[^0-9A-Z]{0,4}(?:NUMBER|NO)?[^0-9A-Z]{0,6}"
    r"(?:\d{17}[\dX]|\d{15}|[A-Z]{0,2}\d{7,9})(?![0-9A-Z])"
)
_HONG_KONG = re.compile(r"(?<![0-9A-Z])[A-Z]{1,2}\d{6}\([0-9A]\)")
_CARD = re.compile(r"(?<![0-9A-Z])(?:62\d{14,17}|4\d{15}|(?:5[1-5]|2[2-7]|35)\d{14}|3[47]\d{13})(?![0-9A-Z])")
_NAMED_ACCOUNT = re.compile(
    r"(?<![员宾礼品物分])(?:银行卡|卡号|账号|帐号|账户|ACCOUNT|CARD (?:NO|NUMBER)|IBAN)[^0-9A-Z]{0,4}(?:NUMBER|NO)?"
    r"[^0-9A-Z]{0,6}[A-Z]{0,2}\d{12,19}(?![0-9A-Z])"
)
_IBAN = re.compile(r"(?<![0-9A-Z])[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,4})?(?![0-9A-Z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"


class PaperNumberInNote(BadInput):
    """A note holds the number of an identity paper. No facts: the number is not said again."""

    code = "note_holds_id_number"
    message = "The words hold the number of an identity paper. Leave it out: notes are read by many."


class BankNumberInNote(BadInput):
    """A note holds the number of a bank card or account. No facts: the number is not said again."""

    code = "note_holds_bank_number"
    message = "The words hold the number of a bank card or account. Leave it out: notes are read by many."


class WordsTooPrivate(BadInput):
    """Words of health, faith, papers or accounts stand where everybody reads. Facts: `field`, of a receipt `line`."""

    code = "words_too_private"
    message = "The words speak of health, faith or papers. Write them in a note: there only those who lead read them."


def level_of_words(*texts: str) -> int:
    """Return the level of free words: 4 if they speak of health, faith, identity papers or bank accounts, else 3.

    Source: promises.md §3.1 and §3.2.
    Example: "怀孕三个月" -> 4, "喜欢佛公吊坠" -> 3
    """
    return SENSITIVE if any(_SENSITIVE.search(_plain(text)) for text in texts) else PLAIN


def checked_words(*texts: str) -> tuple[str, ...]:
    """Return free words as they are if they hold no number of an identity paper, a bank card or an account.

    Errors: PaperNumberInNote; BankNumberInNote.
    Source: promises.md §3.2; GB 11643 (own number), ISO/IEC 7812 (cards), ISO 13616 (accounts).
    """
    for text in texts:
        plain = _plain(text).upper()
        for spelled in (plain, _GROUPED.sub("", plain)):
            if _holds_paper(spelled):
                raise PaperNumberInNote
            if _holds_account(spelled):
                raise BankNumberInNote
    return texts


def fault_of_words(text: str) -> str:
    """Return why words cannot stand where everybody reads them, "" if nothing speaks against it.

    Example: "怀孕三个月" -> "words_too_private"; the number of a bank card -> "note_holds_bank_number"
    """
    try:
        open_words(text, field="")
    except (PaperNumberInNote, BankNumberInNote, WordsTooPrivate) as fault:
        return fault.code
    return ""


def open_words(text: str, **where: object) -> str:
    """Return words as they are if everybody may read them: words of receipts and of tasks have no level of their own.

    `where` says in which field they stand, for the refusal; the words themselves are not said again.

    Errors: PaperNumberInNote; BankNumberInNote; WordsTooPrivate.
    Source: promises.md §3.2.
    """
    if not text:
        return text
    try:
        checked_words(text)
    except (PaperNumberInNote, BankNumberInNote) as fault:
        raise type(fault)(None, **where) from None
    if level_of_words(text) >= SENSITIVE:
        raise WordsTooPrivate(None, **where)
    return text


def _plain(text: str) -> str:
    """Return a text in one spelling, without signs of no width: nothing hides between two digits."""
    spelled = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in spelled if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cf"))


def _holds_paper(text: str) -> bool:
    own = any(_is_own_number(one) for one in _OWN_NUMBER.findall(text))
    return own or bool(_NAMED_PAPER.search(text) or _HONG_KONG.search(text))


def _holds_account(text: str) -> bool:
    cards = any(_passes_luhn(one) for one in _CARD.findall(text))
    accounts = any(_is_iban(one.group().replace(" ", "")) for one in _IBAN.finditer(text))
    return cards or accounts or bool(_NAMED_ACCOUNT.search(text))


def _is_own_number(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK_SIGNS[total % 11] == number[17]


def _passes_luhn(number: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    turned = text[4:] + text[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def names_called(text: str, people: Mapping[int, tuple[str, ...]]) -> list[int]:
    """Return who is called by "@name" in a text, in the order of the text, each once; the longest name that fits.

    `people` has the names by which each may be called, by key. What is nobody's name stays plain words.

    Example: "@林静 请看 @ Mei" with 林静 and Mei -> both
    """
    calls = {name.casefold(): key for key, names in people.items() for name in names if name}
    longest_first = sorted(calls, key=len, reverse=True)
    plain = _plain(text).casefold()
    called = []
    for place in (found.end() for found in re.finditer(r"(?<![0-9a-z._-])@ ?", plain)):
        name = next((one for one in longest_first if _is_called(plain, place, one)), None)
        if name is not None:
            called.append(calls[name])
    return list(dict.fromkeys(called))


def _is_called(text: str, place: int, name: str) -> bool:
    """A name of Latin letters ends where its letters end; a Chinese one runs on into the sentence."""
    after = text[place + len(name) : place + len(name) + 1]
    runs_on = name[-1].isascii() and after.isascii() and after.isalnum()
    return text.startswith(name, place) and not runs_on
