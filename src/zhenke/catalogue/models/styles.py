"""Tables of the catalogue: styles, designs that are made again and again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id


class Style(models.Model):
    """A design that is made again and again; pieces of it are sold."""

    class PriceMode(models.TextChoices):
        FIXED = "fixed"
        GRAM = "gram"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    style_no = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=40, blank=True, help_text="ring, necklace, bangle … or the shop's own word")
    metal = models.CharField(max_length=24, blank=True, help_text="gold, gold_antique, gold_hard, k18_white, pt950 …")
    purity_permille = models.PositiveSmallIntegerField(null=True, blank=True)
    stone = models.CharField(max_length=24, blank=True, help_text="diamond, jadeite, pearl, ruby … empty for none")
    price_mode = models.CharField(max_length=5, choices=PriceMode.choices, default=PriceMode.FIXED)
    weight_mg = models.PositiveIntegerField(null=True, blank=True)
    tag_price_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["category", "style_no"], name="style_category")]

    def __str__(self) -> str:
        return self.name or self.style_no
