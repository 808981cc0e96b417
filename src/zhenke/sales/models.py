"""Tables of sales: a receipt and its lines; a return and an exchange are receipts of their own with negative lines."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.catalogue.models import Style
from zhenke.customers.models import Customer, Interaction
from zhenke.staff.models import Shop, StaffMember


class Sale(models.Model):
    """One receipt. `source_key` is unique: the same receipt twice is one sale."""

    class Kind(models.TextChoices):
        SALE = "sale"
        RETURN = "return"
        EXCHANGE = "exchange"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    source_key = models.CharField(max_length=160, unique=True)
    number = models.CharField(max_length=60, blank=True, help_text="Receipt number as printed.")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SALE)
    # Without indexes of their own: those below begin with the same columns.
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+", db_index=False)
    advisor = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    sold_at = models.DateTimeField()
    sold_date = models.DateField(help_text="Day of the sale in the shop's own time zone.")
    currency = models.CharField(max_length=3, default="CNY")
    amount_minor = models.BigIntegerField(help_text="Paid for all lines; negative for a return.")
    cost_minor = models.BigIntegerField(
        null=True, blank=True, help_text="Cost of all lines; empty when any is unknown."
    )
    line_count = models.PositiveIntegerField(default=0)
    is_gift = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    prompted_by = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    returns = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returned_by",
        db_index=False,
        help_text="The sale that the pieces were bought in.",
    )
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-sold_at", "-id"], name="sale_of_customer"),
            models.Index(fields=["shop", "sold_date"], name="sale_of_shop"),
            models.Index(fields=["advisor", "sold_date"], name="sale_of_advisor"),
            # With what the board adds up, so that a brand's trend is read from the index alone.
            models.Index(fields=["sold_date", "shop", "kind", "amount_minor"], name="sale_day"),
            models.Index(fields=["number"], name="sale_number"),  # typed into the search for everything
            # Few sales have these, so the index holds only those that do.
            models.Index(fields=["returns"], condition=models.Q(returns__isnull=False), name="sale_returning"),
            models.Index(fields=["prompted_by"], condition=models.Q(prompted_by__isnull=False), name="sale_prompted"),
        ]

    def __str__(self) -> str:
        return self.number or self.source_key


class SaleLine(models.Model):
    """One line of a receipt."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    sale = models.ForeignKey(Sale, on_delete=models.CASCADE, related_name="lines", db_index=False)  # see line_once
    line_key = models.CharField(
        max_length=60, help_text="What tells this line from the sale's others, the same at each import."
    )
    style = models.ForeignKey(Style, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    description = models.CharField(max_length=160, blank=True)
    quantity = models.IntegerField(default=1)
    weight_mg = models.IntegerField(null=True, blank=True)
    tag_minor = models.BigIntegerField(
        null=True, blank=True, help_text="Price on the tag, before discount, for the line."
    )
    amount_minor = models.BigIntegerField(help_text="Paid for the line; negative when it came back.")
    cost_minor = models.BigIntegerField(null=True, blank=True)
    is_gift = models.BooleanField(default=False)
    gift_for = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    secret_until_date = models.DateField(
        null=True, blank=True, help_text="Before this day of the shop the gift is not on the recipient's archive."
    )
    returned_line = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="returned_by", db_index=False
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["sale", "line_key"], name="line_once")]
        indexes: ClassVar = [
            models.Index(fields=["style"], name="line_of_style"),
            models.Index(
                fields=["returned_line"], condition=models.Q(returned_line__isnull=False), name="line_came_back"
            ),
            models.Index(fields=["gift_for"], condition=models.Q(gift_for__isnull=False), name="line_gift_for"),
        ]

    def __str__(self) -> str:
        return self.description or self.line_key
