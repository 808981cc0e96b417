"""What hangs on a note or visit besides its words: the colleagues whom it names, and photos."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.knowledge import Interaction
from zhenke.staff.models import StaffMember


class Mention(models.Model):
    """A colleague is named in a note, and has seen it or not."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, db_index=False, related_name="mentions")
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, related_name="+")
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["interaction", "member"], name="mention_once")]
        indexes: ClassVar = [
            models.Index(fields=["member", "at"], condition=models.Q(seen_at=None), name="mention_unseen"),
        ]

    def __str__(self) -> str:
        return str(self.member_id)


class NotePhoto(models.Model):
    """One photo, drawn anew from what was handed in; the files lie in the home folder under a name nobody can guess."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, db_index=False, related_name="photos")
    file_name = models.CharField(max_length=48, unique=True)
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of what was handed in: the same photo is one.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interaction", "content_hash"], name="note_photo_once"),
        ]

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"
