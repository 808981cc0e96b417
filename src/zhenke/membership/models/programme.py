"""The programme: what a house's members collect. Its rules are versions of their own."""

from __future__ import annotations

from django.db import models

from zhenke.basics.ids import new_id


class Programme(models.Model):
    """One kind of points in one currency. A house has one, "main"; points of two programmes never mix."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    currency = models.CharField(max_length=3, default="CNY")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
