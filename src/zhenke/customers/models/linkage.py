"""Who may be one person twice, who was made one, and the keys that an archive had before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.archive import Customer
from zhenke.staff.models import StaffMember


class DuplicatePair(models.Model):
    """Two archives that may be one person; the smaller key first. "Not the same" is remembered for ever.

    A pair that was merged lives on as its `Merge`, which gives the pair back when it is undone.
    """

    class State(models.TextChoices):
        OPEN = "open"
        NOT_SAME = "not_same"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    first = models.ForeignKey(Customer, on_delete=models.CASCADE, db_index=False, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    probability_permille = models.PositiveSmallIntegerField(help_text="How likely they are one person, 0–1000.")
    evidence = models.JSONField(default=list, help_text="Codes of what agrees: name, phone_typo, birthday_calendar …")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="pair_in_order"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-probability_permille", "-id"], condition=models.Q(state="open"), name="pair_likeliest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.state}"


class Merge(models.Model):
    """One archive that was merged into another: `moved` holds, by room, the images from which undo restores it."""

    class State(models.TextChoices):
        DONE = "done"
        UNDONE = "undone"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    winner = models.ForeignKey(Customer, on_delete=models.PROTECT, db_index=False, related_name="+")
    loser_key = models.BigIntegerField(
        help_text="The key of the archive that is no more; it answers with the winner's."
    )
    state = models.CharField(max_length=6, choices=State.choices, default=State.DONE)
    moved = models.JSONField(default=dict, help_text="Rows as they were; empty when undone.")
    counts = models.JSONField(default=dict, help_text="How many rows of each table were moved.")
    kept = models.JSONField(default=list, help_text="What undo left: [[table, key, why]].")
    at = models.DateTimeField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loser_key"], condition=models.Q(state="done"), name="merged_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["winner", "-id"], name="merge_of_customer")]

    def __str__(self) -> str:
        return f"{self.loser_key} into {self.winner_id} {self.state}"


class FormerKey(models.Model):
    """A card number or outside key of an archive that was merged: whoever gives it means the one that is left."""

    class Kind(models.TextChoices):
        CARD = "card_number"
        SOURCE = "source_key"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="former_keys")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    text = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["text", "kind"], name="former_key_once")]

    def __str__(self) -> str:
        return self.kind
