"""What is still to be done for somebody who was forgotten, after the transaction that erased the archive."""

from __future__ import annotations

from django.db import models

from zhenke.basics.ids import new_id


class FileErasure(models.Model):
    """Words by which a handed-in file tells of somebody who was forgotten: sealed, and gone once the files are."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    sealed = models.TextField()
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.asked_at)
