"""The world of promise P13: things of one's own, and foreign things whose every field is a canary of its own.

The own things are those of `entries.py`, given to one advisor, so that advisor, manager and owner of the brand all may
use them. Foreign are a colleague's, a sister shop's, another brand's and a protected customer's; a canary is a text, an
amount, a weight, a number of a phone, a year that stands nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.cast import NOW
from tests.doors.matrix_world import MAKERS, SEEN_AS, TODAY, World, is_visible
from tests.journeys.importing import ROOMS
from tests.promises.entries import House, Stocked
from zhenke.basics.boxes import sealed_box
from zhenke.basics.days import DayOfYear
from zhenke.care.models import Task
from zhenke.catalogue.models import Certificate, Piece, PieceOwner, PiecePhoto, Stone, Valuation
from zhenke.catalogue.queries.whole import photo_file
from zhenke.customers.models import (
    ConsentEntry,
    ContactPoint,
    Customer,
    CustomerTeam,
    CustomField,
    Export,
    FormerKey,
    ImportReject,
    ImportRun,
    SavedView,
    Trait,
    Visit,
    VisitCompanion,
    VisitPiece,
)
from zhenke.customers.operations import add_contact, add_date, change_customer
from zhenke.customers.operations.exports import export_place
from zhenke.customers.queries.contacts import field_cipher, opened
from zhenke.doors.exports import folder
from zhenke.grading.models import GradeOverride
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.rules import Role

ELSEWHERE = ("colleague", "sister_shop", "other_brand", "protected")
ASKING = ("advisor", "shop_manager", "owner", Role.INTEGRATION.value)
FIRST_YEAR = 1931  # of birthdays: one for each relation
# Who may see a thing, if not as customers are seen: as the people and shops around one, its owner alone.
OF_SHOPS = frozenset({"Export", "ImportRun", "ImportReject", "StaffMember", "Shop", "ApiToken"})
OF_ONESELF = frozenset({"SavedView", "Authenticator"})
# Words that the program reads and nobody else, and what is sealed or hashed.
CODES = frozenset(
    {
        *("kind", "state", "step", "code", "key", "letter", "computed_letter", "stage", "language", "source"),
        *("channel", "path", "currency", "time_zone", "hours", "part", "token_hash", "password", "role", "blind_index"),
        *("tail_index", "sealed", "sealed_key", "file_hash", "content_hash", "subject", "category", "metal", "stone"),
        *("setting", "origin", "year_key", "format", "column", "place", "why_second", "recheck", "nature", "shape"),
        *("colour", "clarity", "cut", "polish", "symmetry", "fluorescence", "jade_texture", "jade_water", "jade_type"),
        *("jade_colour", "price_mode", "lifecycle", "bands", "amount_band", "frequency_band", "watermark"),
        *("file_name", "file_path", "importance_reason", "proof", "giver", "group"),
    }
)
# The database refuses to change a row of these; they hold keys, codes and figures, no words of anybody.
APPEND_ONLY = frozenset({"PointsEntry", "PointsLeg", "PointsLot"})
HOUSE = frozenset(
    {
        *("Style", "CustomField", "CarePlan", "Scheme", "ConsentText", "AuditEntry", "StoredReply", "Yardstick"),
        *("TemplateVersion", "ContactRulesVersion", "ProviderNotice", "Reward", "RewardOffer", "CouponKind"),
    }
)


def canaries_for(caller: str, *, with_years: bool = True) -> re.Pattern[str]:
    """Return what must never be told to a caller: a word, the digits of a phone, an amount, a weight, a year.

    What is sealed looks like a year now and then, so years are looked for only where nothing is.
    """
    signs = []
    for place, relation in enumerate(ELSEWHERE):
        for number, kind in enumerate(("customer", "shop", "view")):
            if relation == "protected" and kind != "customer":
                continue
            if is_foreign(kind, relation, caller):
                signs.append(rf"KX{place}{number}\d{{4}}Z")
        if is_foreign("customer", relation, caller):
            signs.append(rf"(?<!\d)1399{place}\d{{6}}(?!\d)|(?<!\d)8765{place}\d{{3}}(?:\.?\d\d)?(?!\d)")
            signs.append(rf"(?<!\d)18765{place}\.?\d{{3}}(?!\d)")
            signs += [rf"\b{FIRST_YEAR + place}\b"] if with_years else []
    return re.compile("|".join(signs), re.IGNORECASE)


def is_foreign(kind: str, relation: str, caller: str) -> bool:
    """Return whether a caller must not know of the thing of this kind in this relation."""
    if relation == "protected":
        return SEEN_AS.get(kind, "scope") == "scope" and caller != Role.OWNER
    return not is_visible("customer" if kind in PARTS else kind, relation, caller)


# Things that have a key and stand in no address: where they hang, and how one is found.
PARTS = {
    "contact": lambda key: ContactPoint.objects.filter(customer_id=key),
    "line": lambda key: SaleLine.objects.filter(sale__customer_id=key),
}


@dataclass
class Foreign(World):
    """The foreign things, by kind and relation, and texts that name them."""

    names: dict[str, list[str]] = field(default_factory=dict)
    _place: int = 0
    _number: Iterator[int] = field(default_factory=count)

    def place(self, relation: str, caller: str) -> tuple[Shop, StaffMember | None]:
        """Return the shop of a relation and whose things are meant; who is protected is a colleague's."""
        return super().place("colleague" if relation == "protected" else relation, caller)

    def thing(self, kind: str, relation: str) -> int:
        """Return the key of a foreign thing."""
        if kind in PARTS and relation in ELSEWHERE:
            found = PARTS[kind](self.key("customer", relation, "owner")).order_by("pk").first()
            return int(found.pk)
        return self.key(kind if kind in MAKERS else "customer", relation, "owner")

    def word(self, row: models.Model | None = None) -> str:
        """Return a new canary for a row of the relation that is being filled."""
        name = type(row).__name__
        seen_as = 1 if name in OF_SHOPS else 2 if name in OF_ONESELF else 0
        return f"KX{self._place}{seen_as}{next(self._number):04d}Z"

    def fill(self) -> None:
        """Make a thing of every kind in every relation, and put a canary into each of their fields."""
        CustomField.objects.get_or_create(key="canary", defaults={"name_en": "Canary", "name_zh": "雀", "level": 2})
        for self._place, relation in enumerate(ELSEWHERE):
            before = {model: set(model.objects.values_list("pk", flat=True)) for model in _models()}
            for kind in MAKERS:
                if relation != "protected" or SEEN_AS[kind] == "scope":
                    self.key(kind, relation, "owner")
            self._surround(relation)
            for model in _models():
                if model.__name__ in APPEND_ONLY:
                    continue
                for row in model.objects.exclude(pk__in=before[model]):
                    self._mark(row, {one.name for one in row._meta.concrete_fields})
            if relation == "other_brand":
                self._mark(self.cast.other, {"name", "pinyin", "email"})
                self._mark(self.cast.other_brand, {"name", "city"})
            if relation == "sister_shop":  # whose names a shop may tell
                self._mark(self.cast.qiao, {"email"})
            self._name(relation)

    def _surround(self, relation: str) -> None:
        """Give a foreign customer what no kind of key stands for."""
        key = self.key("customer", relation, "owner")
        her = Customer.objects.get(pk=key)
        number = next(self._number)
        for kind, text in {
            "phone": f"1399{self._place}{number:06d}",
            "email": f"{self.word()}@quiet.example",
            "wechat": f"wx_{self.word()}",
            "address": f"深圳市{self.word()}路88号",
        }.items():
            add_contact(customer=her, kind=kind, text=text, by=SYSTEM, now=NOW)
        change_customer(customer=her, changes={"name": f"欧阳{self.word()}"}, by=SYSTEM, now=NOW)
        add_date(customer=her, kind="wedding", day=DayOfYear(5, 6, year=FIRST_YEAR + self._place), by=SYSTEM, now=NOW)
        Trait.objects.create(customer=her, key="custom.canary", text="x", confirmed_at=NOW)
        Trait.objects.create(customer=her, key="occupation", text="x", confirmed_at=NOW)
        FormerKey.objects.create(customer=her, kind="card_number", text=self.word())
        ConsentEntry.objects.create(customer=her, purpose="care", channel="phone", state="given", at=NOW, proof="paper")
        visit = Visit.objects.create(interaction_id=self.key("interaction", relation, "owner"), minutes=9)
        VisitPiece.objects.create(visit=visit, position=1, is_tried=True)
        VisitCompanion.objects.create(visit=visit, customer=her)
        CustomerTeam.objects.create(customer=her, member=self.cast.other, part="stylist", from_date=TODAY)
        SaleLine.objects.create(sale_id=self.key("sale", relation, "owner"), line_key="1", amount_minor=1)
        until = TODAY + timedelta(days=900)
        GradeOverride.objects.create(
            customer=her, letter="A", reason="x", until_date=until, by=self.cast.other, made_at=NOW
        )
        piece = self.key("piece", relation, "owner")
        Stone.objects.create(piece_id=piece, position=1, kind="diamond")
        Certificate.objects.create(piece_id=piece, lab="GIA", number="1")
        Valuation.objects.create(piece_id=piece, purpose="insurance", value_minor=1, on_date=TODAY, created_at=NOW)
        PieceOwner.objects.create(piece_id=piece, to_customer=her, how="gift", on_date=TODAY, created_at=NOW)

    def _mark(self, row: models.Model, names: set[str]) -> None:
        changes = {}
        for one in row._meta.concrete_fields:
            if one.name in names and (canary := self._canary(row, one)) is not None:
                changes[one.name] = canary
        changes |= self._kept(row)
        if isinstance(row, Customer) and ELSEWHERE[self._place] == "protected":
            changes["importance"] = 3
        if changes:
            type(row)._default_manager.filter(pk=row.pk).update(**changes)

    def _canary(self, row: models.Model, one: models.Field[Any, Any]) -> Any:
        number = next(self._number)
        if one.is_relation or one.primary_key or one.choices or one.name in CODES:
            return None
        if isinstance(one, models.CharField | models.TextField):
            return self.word(row) if (one.max_length or 99) > 8 else None
        if one.name.endswith("_minor"):
            return int(f"8765{self._place}{number % 1_000:03d}21")
        if one.name.endswith("_mg"):
            return int(f"18765{self._place}{number % 1_000:03d}")
        return FIRST_YEAR + self._place if one.name == "year" else None

    def _kept(self, row: models.Model) -> dict[str, Any]:
        """Return what stands in maps, and put canaries into the files of a row."""
        if isinstance(row, PiecePhoto):
            for is_small in (False, True):
                photo_file(photo=row, is_small=is_small).write_bytes(self.word(row).encode())
        if isinstance(row, ImportRun):
            path = Path(settings.HOME) / f"foreign-{row.pk}.csv"
            path.write_text(f"姓名,手机\n{self.word(row)},1380013\n")
            return {"file_path": str(path), "options": {"headings": ["姓名", self.word(row)]}, "state": "done"}
        if isinstance(row, Export):
            key, box = sealed_box(self.word(row).encode())
            name = f"{row.pk:064x}"
            (folder() / name).write_bytes(box)
            sealed = field_cipher().seal(key, export_place(row.pk))
            return {"file_name": name, "sealed_key": sealed, "told": self.word(row)}
        if isinstance(row, ImportReject):
            return {"cells": [self.word(row), self.word(row)], "facts": {"text": self.word(row)}}
        if isinstance(row, SavedView):
            return {"filters": {"region": self.word(row)}}
        if isinstance(row, Authenticator):
            return {"data": {**row.data, "name": self.word(row)}}
        return {"reason": {"note": self.word(row)}} if isinstance(row, Task) else {}

    def _name(self, relation: str) -> None:
        """Note what names her and her things beside their keys: what a curious person may know or guess."""
        key = self.key("customer", relation, "owner")
        her, sale = Customer.objects.get(pk=key), Sale.objects.get(pk=self.key("sale", relation, "owner"))
        piece = Piece.objects.get(pk=self.key("piece", relation, "owner"))
        phone = opened(ContactPoint.objects.get(customer=her, kind="phone"))
        named = [her.card_number, her.source_key, phone, her.name, sale.source_key, sale.number, piece.serial]
        former = FormerKey.objects.filter(customer=her).values_list("text", flat=True)
        certificates = Certificate.objects.filter(piece=piece).values_list("number", flat=True)
        self.names[relation] = [str(one) for one in (*named, *former, *certificates) if one]


def _models() -> Iterable[type[models.Model]]:
    rooms = {*ROOMS, "staff", "mfa"}
    return [one for one in apps.get_models() if one._meta.app_label in rooms and one.__name__ not in HOUSE]


def own_things(house: House) -> Stocked:
    """Return one's own things, all an advisor's, so that advisor, manager and owner of the brand may use them."""
    world = house.stocked()
    owner, advisor = world.members["owner"], world.members["advisor"]
    Customer.objects.filter(owner=owner).update(owner=advisor)
    Task.objects.filter(assignee=owner).update(assignee=advisor)
    for kind, _, caller in list(world.kept):
        if caller == "owner" and SEEN_AS[kind] != "self":
            for asking in ASKING:
                world.kept[kind, "own", asking] = world.kept[kind, "own", caller]
    return world
