"""Reading the rows of a customer file: which columns there may be, and what one row says of a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhenke.basics.days import DateRefused, DayImpossible, DayOfYear, parse_date, parse_day_of_year
from zhenke.basics.errors import BadInput
from zhenke.basics.tables.cells import tidy, why_ruined
from zhenke.basics.tables.looks import is_date, is_email, is_mainland_mobile
from zhenke.basics.tables.mapping import FieldSpec
from zhenke.customers.rules.cells import Judged, exact_columns, id_number, key_text, odd_fault, plain_text
from zhenke.customers.rules.contacts import contact_spelling
from zhenke.customers.rules.intake import RowFault, column_places
from zhenke.customers.rules.trait_columns import TRAIT_FIELDS, traits_in
from zhenke.customers.rules.traits import OwnField

CUSTOMER_FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec(
        "name",
        ("customer name", "full name", "client", "member name"),
        ("姓名", "客户姓名", "会员姓名", "顾客姓名", "名字", "称呼"),
    ),
    FieldSpec(
        "card_number",
        ("card", "card no", "member no", "membership number"),
        ("会员卡号", "卡号", "会员号", "会员编号", "VIP卡号"),
    ),
    FieldSpec(
        "customer_key", ("customer id", "id", "customer no", "client id"), ("客户编号", "顾客编号", "客户号", "编号")
    ),
    FieldSpec(
        "phone",
        ("mobile", "telephone", "phone number", "cell"),
        ("手机", "手机号", "手机号码", "电话", "联系电话", "移动电话"),
        is_mainland_mobile,
    ),
    FieldSpec(
        "phone2",
        ("second phone", "other phone", "home phone"),
        ("备用电话", "其他电话", "固定电话", "座机", "家庭电话"),
    ),
    FieldSpec("email", ("e-mail", "mail", "email address"), ("邮箱", "电子邮箱", "电子邮件"), is_email),
    FieldSpec("wechat", ("wechat id", "weixin"), ("微信", "微信号")),
    FieldSpec("address", ("home address", "street"), ("地址", "住址", "家庭住址", "联系地址", "通讯地址")),
    FieldSpec("gender", ("sex",), ("性别",)),
    FieldSpec("kind", ("customer type", "type"), ("客户类型", "客户性质")),
    FieldSpec(
        "birthday",
        ("birth date", "date of birth", "dob"),
        ("生日", "出生日期", "阳历生日", "公历生日", "出生年月"),
        is_date,
    ),
    FieldSpec("lunar_birthday", ("lunar birthday",), ("农历生日", "阴历生日")),
    FieldSpec(
        "wedding", ("wedding date", "anniversary", "wedding anniversary"), ("结婚纪念日", "结婚日期", "纪念日", "婚期")
    ),
    FieldSpec("region", ("city", "district", "area", "province"), ("城市", "地区", "区域", "所在地", "省市")),
    FieldSpec("shop", ("store", "branch", "home store"), ("门店", "店铺", "所属门店", "开卡门店", "分店", "归属门店")),
    FieldSpec(
        "owner",
        ("advisor", "owner", "salesperson", "consultant"),
        ("专属顾问", "导购", "所属导购", "顾问", "营业员", "负责人"),
    ),
    FieldSpec("source", ("channel of origin", "how we met"), ("来源", "客户来源", "渠道")),
    FieldSpec("language", ("lang",), ("语言",)),
    FieldSpec("tags", ("tag", "labels"), ("标签", "客户标签")),
    FieldSpec("caution", ("allergy", "warning"), ("注意事项", "过敏", "禁忌")),
    FieldSpec("notes", ("note", "remark", "comment"), ("备注", "说明", "客户备注")),
    FieldSpec(
        "first_met_date",
        ("joined", "member since", "registration date", "created"),
        ("建档日期", "入会日期", "开卡日期", "办卡日期", "注册日期"),
    ),
    FieldSpec(
        "id_number", ("identity number", "national id", "id card"), ("身份证", "身份证号", "身份证号码", "证件号码")
    ),
    FieldSpec("channel", ("preferred channel", "contact preference"), ("联系方式偏好", "偏好渠道", "首选联系方式")),
    FieldSpec("hour_preference", ("hours to call",), ("联系时间", "方便时间")),
    FieldSpec(
        "employer",
        ("employer", "works for", "organisation", "organization"),
        ("任职单位", "所在单位", "工作单位", "就职单位", "所属单位"),
    ),
    FieldSpec("job", ("job", "position", "role there"), ("职务", "职位", "岗位", "在单位职务")),
    *TRAIT_FIELDS,
)
"""The columns that a customer file may have. An identity number is checked, lends its birth day, and is not kept."""

_GENDERS = {
    "": "",
    "女": "f",
    "女士": "f",
    "小姐": "f",
    "太太": "f",
    "f": "f",
    "female": "f",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
    "男": "m",
    "男士": "m",
    "先生": "m",
    "m": "m",
    "male": "m",
    "mr": "m",
    "未知": "",
    "保密": "",
    "不详": "",
    "unknown": "",
}
_KINDS = {
    "": "",
    "个人": "person",
    "person": "person",
    "individual": "person",
    "公司": "company",
    "企业": "company",
    "单位": "company",
    "company": "company",
    "政府": "government",
    "机关": "government",
    "government": "government",
    "事业单位": "government",
    "合作伙伴": "partner",
    "供应商": "partner",
    "伙伴": "partner",
    "partner": "partner",
}
_LENGTHS = {"name": 120, "region": 80, "source": 40, "hour_preference": 40, "caution": 200, "notes": 5_000}
_WORK = {"employer": 120, "job": 60}
_BETWEEN_PHONES = re.compile(r"\s*[/、;；]\s*")
_SAME_WECHAT = re.compile(r"\s*[(（]?(?:微信同号|同微信|微信同|同号)[)）]?\s*")
_BETWEEN = re.compile(r"[,，;；、/|]")
_CHANNELS = {
    "": "",
    **dict.fromkeys(("电话", "手机", "phone", "call"), "phone"),
    **dict.fromkeys(("短信", "sms", "text"), "sms"),
    **dict.fromkeys(("微信", "企业微信", "wechat"), "wechat"),
    **dict.fromkeys(("邮件", "邮箱", "email", "e-mail"), "email"),
}
_LANGUAGES = {
    "": "",
    "中文": "zh-hans",
    "汉语": "zh-hans",
    "zh": "zh-hans",
    "zh-hans": "zh-hans",
    "english": "en",
    "英文": "en",
    "英语": "en",
    "en": "en",
}


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One row of a customer file, believed so far."""

    row: int
    fields: dict[str, Any]
    card_number: str
    customer_key: str
    contacts: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, DayOfYear], ...]
    traits: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    shop: str
    owner: str
    work: tuple[str, str] = ("", "")


def _word(table: Mapping[str, str], column: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            return table[text.strip().lower()]
        except KeyError:
            raise RowFault(column, f"{column}_unknown", text=text.strip()[:20]) from None

    return read


def day_of_year(text: str, *, column: str, lunar: bool = False) -> DayOfYear:
    """Return a day that comes back; in a lunar column bare numbers are lunar. Errors: RowFault with the day's code."""
    try:
        return parse_day_of_year(f"农历{text.strip()}" if lunar and not text.strip().startswith("农历") else text)
    except (DateRefused, DayImpossible) as refused:
        raise RowFault(column, refused.code, text=text.strip()[:24]) from None


def _full_date(text: str) -> date:
    try:
        return parse_date(text.strip().split(" ")[0].split("T")[0])
    except (DateRefused, DayImpossible) as refused:
        raise RowFault("first_met_date", refused.code, text=text.strip()[:24]) from None


class CustomerRowReader:
    """Reads rows by one mapping; `sample` are the first rows of the file, `own` the fields of the shop's own."""

    def __init__(
        self,
        *,
        columns: Mapping[str, str],
        headings: Sequence[str],
        today: date,
        sample: Sequence[Sequence[str]] = (),
        own: Sequence[OwnField] = (),
    ) -> None:
        self._places = column_places(columns, headings)
        self._today = today
        self._own = {one.trait_key: one for one in own}
        self.several = frozenset(one.trait_key for one in own if not one.is_single)
        self._exact = exact_columns(self._places, sample)
        self._gender = _word(_GENDERS, "gender")
        self._kind = _word(_KINDS, "kind")
        self._language = _word(_LANGUAGES, "language")
        self._channel = _word(_CHANNELS, "channel")
        self._first_met = Judged(_full_date)

    def read(self, row: int, cells: Sequence[str]) -> CustomerRow:
        """Return what one row says.

        Errors: RowFault with the field and the reason.
        """
        found = {name: cells[place] for name, place in self._places.items() if cells[place].strip()}
        for name, cell in found.items():
            if type(cell) is not str and (odd := odd_fault(cell, name)):
                raise odd
        fields: dict[str, Any] = {
            name: plain_text(found[name], column=name, longest=longest)
            for name, longest in _LENGTHS.items()
            if name in found
        }
        fields["gender"] = self._gender(found.get("gender", ""))
        fields["kind"] = self._kind(found.get("kind", ""))
        fields["language"] = self._language(found.get("language", ""))
        fields["channel"] = self._channel(found.get("channel", ""))
        if "first_met_date" in found:
            day = self._first_met[found["first_met_date"]]
            if isinstance(day, RowFault):
                raise day
            fields["first_met_date"] = self._not_ahead("first_met_date", day)
        card = self._key(found, "card_number", 40)
        key = self._key(found, "customer_key", 60)
        contacts = tuple(self._contacts(found))
        if not (fields.get("name") or card or key or contacts):
            raise RowFault("name", "nobody")
        return CustomerRow(
            row=row,
            fields={name: value for name, value in fields.items() if value},
            card_number=card,
            customer_key=key,
            contacts=contacts,
            dates=tuple(self._dates(found)),
            traits=tuple(traits_in(found, self._own)),
            tags=tuple(dict.fromkeys(_parts(found.get("tags", ""), column="tags", longest=40))),
            shop=plain_text(found.get("shop", ""), column="shop", longest=120),
            owner=plain_text(found.get("owner", ""), column="owner", longest=60),
            work=_work(found),
        )

    def _key(self, found: Mapping[str, str], column: str, longest: int) -> str:
        text = found.get(column, "")
        return key_text(text, column=column, longest=longest, is_exact_column=column in self._exact) if text else ""

    def _not_ahead(self, column: str, day: date) -> date:
        if day > self._today or day.year < 1900:
            raise RowFault(column, "date_impossible", text=day.isoformat())
        return day

    def _contacts(self, found: Mapping[str, str]) -> Sequence[tuple[str, str]]:
        kinds = {"phone": "phone", "phone2": "phone", "email": "email", "wechat": "wechat", "address": "address"}
        contacts: dict[tuple[str, str], None] = {}
        for column, kind in kinds.items():
            if column in found:
                text = tidy(found[column])
                for own, part in _phones(text) if kind == "phone" else [(kind, text)]:
                    contacts[(own, _spelling(own, part, column))] = None
        return list(contacts)

    def _dates(self, found: Mapping[str, str]) -> Sequence[tuple[str, DayOfYear]]:
        dates = {}
        if "id_number" in found:
            number = id_number(found["id_number"], column="id_number")
            born = (int(number[6:10]), int(number[10:12]), int(number[12:14]))
            dates["birthday"] = DayOfYear(born[1], born[2], year=born[0])
        if "birthday" in found:
            dates["birthday"] = day_of_year(found["birthday"], column="birthday")
        if "lunar_birthday" in found:
            dates["birthday"] = day_of_year(found["lunar_birthday"], column="lunar_birthday", lunar=True)
        if "wedding" in found:
            dates["wedding"] = day_of_year(found["wedding"], column="wedding")
        for kind, day in dates.items():
            if day.year is not None and not 1900 <= day.year <= self._today.year:
                raise RowFault(kind, "date_impossible", text=str(day.year))
        return list(dates.items())


def _work(found: Mapping[str, str]) -> tuple[str, str]:
    """Return the organisation, by key or name, and the job there; an organisation alone says nothing of a link.

    Errors: RowFault job_without_employer.
    """
    employer, job = (plain_text(found.get(name, ""), column=name, longest=longest) for name, longest in _WORK.items())
    if job and not employer:
        raise RowFault("job", "job_without_employer", text=job[:24])
    return (employer, job) if job else ("", "")


def _phones(text: str) -> list[tuple[str, str]]:
    """Return the numbers of one cell; `（微信同号）` says that the number is the WeChat id too."""
    said = _SAME_WECHAT.sub("", text)
    parts = [("phone", part) for part in _BETWEEN_PHONES.split(said) if part.strip()]
    if said != text and len(parts) == 1:
        parts.append(("wechat", said.strip()))
    return parts or [("phone", text)]


def _spelling(kind: str, text: str, column: str) -> str:
    if kind == "phone" and why_ruined(text):
        raise RowFault(column, "number_ruined", text=text[:24])
    try:
        return contact_spelling(kind, text)
    except BadInput as refused:
        raise RowFault(column, refused.code, **{**refused.facts, "text": text[:24]}) from None


def _parts(text: str, *, column: str, longest: int) -> list[str]:
    parts = (plain_text(part, column=column, longest=longest) for part in _BETWEEN.split(text))
    return [part for part in parts if part]
