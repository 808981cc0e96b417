"""What providers told: each notice is taken once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id


class ProviderNotice(models.Model):
    """One receipt or answer that was taken, by the provider's own key of it; nothing of what it said."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=8)
    notice_key = models.CharField(max_length=120)
    taken_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "notice_key"], name="notice_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.notice_key}"
