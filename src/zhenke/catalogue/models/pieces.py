"""One piece of jewellery that somebody owns: what it is, its stones, papers, inspections and valuations.

A key without an index of its own (`db_index=False`) is the first column of an index or constraint below it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.catalogue.models.styles import Style
from zhenke.customers.models import Customer
from zhenke.staff.models import Shop, StaffMember


class Piece(models.Model):
    """A piece owned; `source_key` makes the pieces of one sale line once. No customer: it came back to the shop."""

    class Origin(models.TextChoices):
        SOLD_HERE = "sold_here"
        ELSEWHERE = "elsewhere"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    source_key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Who owns it now.",
    )
    wearer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Who it is for, when that is somebody else.",
    )
    secret_until_date = models.DateField(null=True, blank=True, help_text="Until this day the wearer must not know.")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    style = models.ForeignKey(Style, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    serial = models.CharField(max_length=60, null=True, blank=True, help_text="Or barcode.")
    name = models.CharField(max_length=160)
    category = models.CharField(max_length=40, blank=True)
    metal = models.CharField(max_length=24, blank=True)
    purity_permille = models.PositiveSmallIntegerField(null=True, blank=True)
    gross_mg = models.PositiveIntegerField(null=True, blank=True)
    metal_mg = models.PositiveIntegerField(null=True, blank=True)
    size = models.CharField(max_length=40, blank=True)
    hallmark = models.CharField(max_length=60, blank=True, help_text="印记, as it is stamped.")
    maker = models.CharField(max_length=80, blank=True)
    setting = models.CharField(max_length=24, blank=True, help_text="prong, bezel, channel, pave … or the shop's word")
    origin = models.CharField(max_length=9, choices=Origin.choices, default=Origin.SOLD_HERE)
    bought_date = models.DateField(null=True, blank=True)
    price_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    warranty = models.CharField(max_length=300, blank=True, help_text="Free cleaning, polish, resize, restring …")
    next_inspection_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            # A piece that came back may be sold again: then it is another row with the same number.
            models.UniqueConstraint(
                fields=["serial"], condition=models.Q(customer__isnull=False), name="piece_serial_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-id"], name="piece_of_customer"),
            models.Index(fields=["wearer"], condition=models.Q(wearer__isnull=False), name="piece_of_wearer"),
            models.Index(
                fields=["next_inspection_date", "id"],
                condition=models.Q(next_inspection_date__isnull=False),
                name="piece_inspection_due",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Stone(models.Model):
    """One stone of a piece, in the order of the piece: the main one first."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="stones", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24, help_text="diamond, jadeite … of rules.STONES, or the shop's own word")
    nature = models.CharField(max_length=8, blank=True, help_text="natural, lab, treated")
    count = models.PositiveSmallIntegerField(default=1)
    shape = models.CharField(max_length=24, blank=True)
    carat_thousandths = models.PositiveIntegerField(null=True, blank=True)
    colour = models.CharField(max_length=24, blank=True)
    clarity = models.CharField(max_length=24, blank=True)
    cut = models.CharField(max_length=24, blank=True)
    polish = models.CharField(max_length=24, blank=True)
    symmetry = models.CharField(max_length=24, blank=True)
    fluorescence = models.CharField(max_length=24, blank=True)
    measurements = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=40, blank=True)
    jade_texture = models.CharField(max_length=24, blank=True, help_text="种")
    jade_water = models.CharField(max_length=24, blank=True, help_text="水")
    jade_colour = models.CharField(max_length=24, blank=True, help_text="色")
    jade_type = models.CharField(max_length=24, blank=True, help_text="A, B, C, B+C (A货 …)")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["piece", "position"], name="stone_once")]

    def __str__(self) -> str:
        return self.kind


class Certificate(models.Model):
    """One paper of a laboratory about a piece."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="certificates", db_index=False)
    lab = models.CharField(max_length=40, help_text="GIA, IGI, HRD, NGTC …")
    number = models.CharField(max_length=60)
    issued_date = models.DateField(null=True, blank=True)
    check_url = models.URLField(max_length=300, blank=True)
    inscription = models.CharField(max_length=60, blank=True)
    is_original = models.BooleanField(default=True)
    recheck = models.CharField(max_length=8, blank=True, help_text="same, differs; empty: not checked again")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["piece", "lab", "number"], name="certificate_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["number"], name="certificate_number")]

    def __str__(self) -> str:
        return self.lab


class Inspection(models.Model):
    """One look at a piece: what was seen, by whom, and when the next one is."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="inspections", db_index=False)
    on_date = models.DateField()
    seen = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    next_date = models.DateField()
    due_date = models.DateField(null=True, blank=True, help_text="The day it was due before: taken back, due again.")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["piece", "on_date"], name="inspection_once")]

    def __str__(self) -> str:
        return str(self.on_date)


class Valuation(models.Model):
    """What a piece is worth, for a purpose, until a day."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="valuations", db_index=False)
    purpose = models.CharField(max_length=16, help_text="insurance, inheritance, resale, trade_in, other")
    value_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    on_date = models.DateField()
    valid_until_date = models.DateField(null=True, blank=True)
    insurer = models.CharField(max_length=80, blank=True)
    policy = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["piece", "on_date", "purpose"], name="valuation_once"),
        ]

    def __str__(self) -> str:
        return self.purpose
