"""What surrounds a piece: whose it was, its photos, and links by which it is shown to others for a while."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.catalogue.models.pieces import Piece
from zhenke.customers.models import Customer
from zhenke.staff.models import StaffMember


class PieceOwner(models.Model):
    """One change of hands. The first owner needs no row: it is who the first row is from, or who has it now."""

    class How(models.TextChoices):
        GIFT = "gift"
        BOUGHT = "bought"
        INHERITED = "inherited"
        SWAPPED = "swapped"
        RETURNED = "returned"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="owners")
    from_customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    to_customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=9, choices=How.choices)
    on_date = models.DateField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.how} {self.on_date}"


class PiecePhoto(models.Model):
    """One photo, drawn anew from what was handed in; the files lie in the home folder under a name nobody can guess."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="photos")
    file_name = models.CharField(max_length=48, unique=True)
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of what was handed in: the same photo is one.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["piece", "content_hash"], name="photo_once")]

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"


class PieceShare(models.Model):
    """A link that shows one piece to whoever has it, until it expires or is taken back; only the hash is kept."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="shares")
    token_hash = models.CharField(max_length=64)
    shows = models.JSONField(default=list, help_text='["photos", "stones", "certificate"]')
    expires_at = models.DateTimeField()
    views = models.PositiveIntegerField(default=0)
    last_viewed_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.expires_at)
