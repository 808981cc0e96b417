"""The archive: one row per customer, as the shop has written it down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from . import contacts
from .birthdays import dates_of
from .dice import dice, happens
from .lives import Life, customer_no, life
from .names import company_name, foreign_name, full_name, partner_name, surname
from .person_facts import organisation_facts, person_facts
from .places import city_of, cover_for
from .rows import ContactPerson, CustomerRow, LinkRow
from .tastes import cautions_of, taste_of, traits_of

_CHANNELS = ("wecom", "sms", "call", "email")
# Title on the card, and how the advisor says it.
_TITLES = (
    ("行政主管", "主管"),
    ("采购经理", "经理"),
    ("人事经理", "经理"),
    ("总经理助理", "助理"),
    ("办公室主任", "主任"),
    ("工会主席", "主席"),
)
_PARTNER_TITLES = (("店长", "店长"), ("主理人", "老师"), ("客户主管", "主管"))
_REMARKS = (
    "讲粤语更自在",
    "讲四川话更自在",
    "开车来，提前留车位",
    "周末带孩子来，准备贴纸和小凳子",
    "不喜欢被一直跟着，先让她自己看",
    "喝温水，不喝茶",
    "记性很好，上次报过的价别说错",
    "先生做决定，她来挑款",
    "喜欢先在微信上看图再到店",
    "证书要当面一起看一遍",
    "怕热，夏天约上午",
    "老顾客的女儿，从小来店里玩",
    "听力不太好，说话慢一点",
    "公司就在楼上，中午来得快",
    "爱拍照，试戴时帮她拍几张",
    "对克重很在意，称重要给她看",
    "常出差，月底在本地",
)
_ENGLISH_REMARKS = (
    "Prefers to be written to in English",
    "Needs the customs papers with every piece",
    "Lives in Shekou, comes on Saturdays",
)
_OLD_FOLK = {"f": ("阿姨", "阿姨", "大姐"), "m": ("叔", "先生", "大哥")}
_YOUNG = {"f": ("女士", "女士", "小姐", "姐"), "m": ("先生", "先生", "哥")}


def customers(seed: int, *, today: date, count: int) -> Iterator[CustomerRow]:
    """Yield the customers 1…count in order of number; each is the same whatever the count."""
    for number in range(1, count + 1):
        yield customer(seed, today, number)


def customer(seed: int, today: date, number: int) -> CustomerRow:
    """Return one customer of the shop."""
    known = life(seed, today, number)
    rng = dice(seed, "person", number)
    name, salutation, contact = _called(rng, known)
    city = city_of(known.shop_code)
    region, address = contacts.home(seed, min(number, known.pair_number) if known.pair_number else number, city)
    do_not_gift, allergy = cautions_of(seed, known)
    referrer = _referrer(seed, today, known)
    facts = person_facts(seed, known) if known.gender else organisation_facts(seed, known, name)
    return CustomerRow(
        customer_no=customer_no(number),
        kind=known.kind if known.kind in ("company", "partner") else "person",
        name=name,
        salutation=salutation,
        gender=known.gender,
        language="en" if known.kind == "foreigner" else "zh-Hans",
        phones=_phones(seed, known, contact),
        wechat_id=contacts.wechat_id(rng, number) if happens(rng, 30 if known.kind == "brief" else 68) else "",
        email=_mail(rng, known, name),
        region=region,
        address="" if known.kind == "brief" else address,
        source="referral" if referrer else ("walk_in" if known.source == "referral" else known.source),
        shop_code=known.shop_code,
        advisor=known.advisor,
        cover_advisor=cover_for(known.advisor),
        referrer_no=customer_no(referrer) if referrer else "",
        known_since=known.known_since,
        prospect_stage=known.stage,
        dates=dates_of(dice(seed, "dates", number), known),
        traits=(*traits_of(seed, known, taste_of(seed, known)), *facts),
        tags=_tags(rng, known),
        channels=_allowed(rng, known),
        do_not_gift=do_not_gift,
        allergy=allergy,
        remark=_remark(rng, known),
        links=_links(known),
        contact=contact,
    )


def _called(rng: Random, known: Life) -> tuple[str, str, ContactPerson | None]:
    """Return the name on the card, the salutation and, for companies, the contact."""
    city = city_of(known.shop_code)
    if known.kind in ("company", "partner"):
        made = company_name(rng, city) if known.kind == "company" else partner_name(rng, city)
        family, given = full_name(rng, rng.choice("fm"), known.birth_year)
        title, said = rng.choice(_TITLES if known.kind == "company" else _PARTNER_TITLES)
        return made, f"{family}{said}", ContactPerson(family + given, title, contacts.mobile(known.number))
    if known.kind == "foreigner":
        family, first = foreign_name(rng, known.gender)
        return f"{first} {family}", f"{'Ms' if known.gender == 'f' else 'Mr'} {family}", None
    endings = (_OLD_FOLK if known.birth_year < 1968 else _YOUNG)[known.gender]
    if known.kind == "brief":
        # Only the surname was told at the counter.
        family = surname(rng)
        called = f"{family}{'女士' if known.gender == 'f' else '先生'}"
        return called, called, None
    family, given = full_name(rng, known.gender, known.birth_year)
    return family + given, family + rng.choice(endings), None


def _phones(seed: int, known: Life, contact: ContactPerson | None) -> tuple[str, ...]:
    if contact:
        return (contact.phone,)
    if known.kind == "foreigner":
        return (contacts.foreign_phone(known.number),)
    rng = dice(seed, "phones", known.number)
    if known.kind == "brief" and happens(rng, 12):
        return ()
    if known.pair_number and known.number % 2 and happens(rng, 30):
        # One phone for the family: hers is his.
        return (contacts.mobile(known.pair_number),)
    own = contacts.mobile(known.number)
    return (own, contacts.second_mobile(known.number)) if happens(rng, 3) else (own,)


def _mail(rng: Random, known: Life, name: str) -> str:
    wanted = {"foreigner": 90, "company": 70, "partner": 60, "brief": 0}.get(known.kind, 9)
    if not happens(rng, wanted):
        return ""
    return contacts.email(rng, name.split()[0] if known.kind == "foreigner" else "", known.number)


def _tags(rng: Random, known: Life) -> tuple[str, ...]:
    found = []
    if known.kind == "company":
        found.append("企业团购")
    if known.kind == "partner":
        found.append("异业合作")
    if known.motive == "bridal":
        found.append("备婚" if known.is_prospect else "婚嫁")
    for motive, tag, percent in (
        ("saver", "看金价", 70),
        ("collector", "翡翠藏家", 60),
        ("collector", "高净值", 24),
        ("elder", "银发", 40),
        ("gift", "送礼", 36),
        ("baby", "宝宝", 60),
    ):
        if known.motive == motive and happens(rng, percent):
            found.append(tag)
    if known.rate_centi > 140 and happens(rng, 70):
        found.append("常来")
    if happens(rng, 4):
        found.append(rng.choice(("转介绍达人", "小红书", "砍价", "急单多", "爱拍照", "保养控")))
    return tuple(found)


def _allowed(rng: Random, known: Life) -> tuple[str, ...]:
    """Return the channels that she allowed for news; some allowed none."""
    if known.kind == "brief" or happens(rng, 14):
        return ()
    chances = {"wecom": 82, "sms": 48, "call": 34, "email": 90 if known.kind in ("foreigner", "company") else 6}
    return tuple(channel for channel in _CHANNELS if happens(rng, chances[channel]))


def _remark(rng: Random, known: Life) -> str:
    if known.kind == "foreigner":
        return rng.choice(_ENGLISH_REMARKS)
    if not known.gender or not happens(rng, 16):
        return ""
    unfit = ["四川话" if known.shop_code != "CX" else "粤语"]
    unfit += ["听力"] if known.birth_year > 1962 else ["公司", "出差", "女儿"]
    unfit += ["女儿", "她来挑"] if known.gender == "m" else []
    unfit += ["先生", "孩子"] if known.wedding is None or known.motive == "bridal" else []
    return rng.choice([said for said in _REMARKS if not any(word in said for word in unfit)])


def _referrer(seed: int, today: date, known: Life) -> int:
    """Return the number of the buyer who sent her, or 0; she must have known the shop a while earlier."""
    if known.source != "referral" or known.number < 3:
        return 0
    rng = dice(seed, "referrer", known.number)
    for _ in range(12):
        other = life(seed, today, rng.randrange(1, known.number))
        bought = other.first_sale
        if (
            bought
            and other.gender
            and other.shop_code == known.shop_code
            and bought + timedelta(days=7) < known.known_since
        ):
            return other.number
    return 0


def _links(known: Life) -> tuple[LinkRow, ...]:
    if not known.pair_number:
        return ()
    return (LinkRow("spouse", customer_no(known.pair_number)),)
