"""The fixed cast of the tests; each person is there for a reason.

Mei     advisor of shop A: owns Mrs Zhou
Lin     manager of shop A: sees the whole shop
Tao     advisor of shop A: Mei's colleague, must not see Mei's customers
Qiao    advisor of shop B: must see nothing of shop A
Hua     area manager over the region of shops A and B
Zhu     owner of the brand
An      marketing of the brand: figures, never phones
Shu     service of shop A
Ji      auditor of the brand: reads, never writes
Other   owner of another brand: must see nothing at all
Mrs Zhou buys; Mr Zhou lives in her household (secret gifts)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from zhenke.customers.models import Customer
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.rules import Role

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # 11:00 on a Sunday in Shanghai
PASSWORD = "four quiet jade bangles"


@dataclass
class Cast:
    """Everybody, by name."""

    brand: Shop
    region: Shop
    shop_a: Shop
    shop_b: Shop
    other_brand: Shop
    mei: StaffMember
    tao: StaffMember
    lin: StaffMember
    qiao: StaffMember
    hua: StaffMember
    zhu: StaffMember
    an: StaffMember
    shu: StaffMember
    ji: StaffMember
    other: StaffMember
    mrs_zhou: Customer
    mr_zhou: Customer


def _shop(code: str, name: str, kind: str, parent: Shop | None = None) -> Shop:
    shop = Shop(code=code, name=name, kind=kind, parent=parent)
    shop.path = f"{parent.path if parent else ''}{shop.id}/"
    shop.save()
    return shop


@cache
def _password_hash() -> str:
    """Hash the cast's password once: hashing is slow on purpose, and the cast is gathered for every test."""
    return make_password(PASSWORD)


def _person(username: str, name: str, role: Role, shop: Shop) -> StaffMember:
    person = StaffMember(username=username, name=name, role=role, shop=shop, created_at=NOW, language="en")
    person.password = _password_hash()
    person.save()
    return person


def gather() -> Cast:
    """Write the cast into the database and return it."""
    brand = _shop("ZBG", "珍宝阁", "brand")
    region = _shop("SOUTH", "华南", "region", brand)
    shop_a = _shop("A", "水贝店", "shop", region)
    shop_b = _shop("B", "万象城店", "shop", region)
    other_brand = _shop("OTHER", "别家珠宝", "brand")
    mei = _person("mei", "梅雪", Role.ADVISOR, shop_a)
    people = {
        "tao": _person("tao", "陶然", Role.ADVISOR, shop_a),
        "lin": _person("lin", "林静", Role.SHOP_MANAGER, shop_a),
        "qiao": _person("qiao", "乔木", Role.ADVISOR, shop_b),
        "hua": _person("hua", "华岚", Role.AREA_MANAGER, region),
        "zhu": _person("zhu", "朱砂", Role.OWNER, brand),
        "an": _person("an", "安澜", Role.MARKETING, brand),
        "shu": _person("shu", "舒云", Role.SERVICE, shop_a),
        "ji": _person("ji", "季明", Role.AUDITOR, brand),
        "other": _person("other", "别人", Role.OWNER, other_brand),
    }
    mrs_zhou = Customer.objects.create(
        name="周丽华",
        pinyin="zhoulihua",
        gender="f",
        shop=shop_a,
        owner=mei,
        card_number="ZK000001",
        created_at=NOW,
        updated_at=NOW,
    )
    mr_zhou = Customer.objects.create(
        name="周建国",
        pinyin="zhoujianguo",
        gender="m",
        shop=shop_a,
        owner=mei,
        card_number="ZK000002",
        created_at=NOW,
        updated_at=NOW,
    )
    return Cast(brand, region, shop_a, shop_b, other_brand, mei, mrs_zhou=mrs_zhou, mr_zhou=mr_zhou, **people)
