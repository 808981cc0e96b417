"""The points ledger: entries whose legs add up to nothing, written once and never touched again.

The database itself refuses to change or delete an entry, a leg or a lot (migration 0002). What was wrong is taken back
by another entry. A balance is the sum of an account's legs; nothing else holds one.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer
from zhenke.membership.models.programme import Programme
from zhenke.staff.models import Shop, StaffMember


class PointsAccount(models.Model):
    """Where points lie. A member has three: what may be spent, what waits, what she owes (never above nothing).

    Whose account it is can change, when archives merge or somebody is forgotten: then it is empty and nobody's.
    """

    class Kind(models.TextChoices):
        MEMBER = "member"
        PENDING = "pending"
        DEBT = "debt"
        PROGRAMME = "programme"
        EXPIRED = "expired"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Which account stands for it since two archives became one.",
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="points_account_merged"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "programme", "kind"],
                condition=models.Q(customer__isnull=False),
                name="points_account_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "kind"],
                condition=models.Q(kind__in=["programme", "expired"]),
                name="points_house_account_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PointsEntry(models.Model):
    """One movement of points, with its cause. The same kind for the same cause is written once.

    Its key is a sequence of the database's: the ledger's order is the order of writing, whatever a clock says.
    """

    class Kind(models.TextChoices):
        EARN = "earn"
        ACTIVATE = "activate"
        SPEND = "spend"
        CANCEL = "cancel"
        REVERSE = "reverse"
        EXPIRE = "expire"
        ADJUST = "adjust"
        MERGE = "merge"
        UNMERGE = "unmerge"
        CLOSE = "close"
        CHECK = "check"

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    cause_kind = models.CharField(max_length=20, help_text="sale_line, return_line, birthday, lot, by_hand …")
    cause_id = models.CharField(max_length=80)
    at = models.DateTimeField()
    on_date = models.DateField(help_text="Day of the shop, or of the house.")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    approved_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    undoes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    rules_version = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True, help_text="A code, never words: an entry is never erased.")
    checked_points = models.BigIntegerField(null=True, blank=True, help_text="Of a check: the balance it found.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cause_kind", "cause_id", "kind", "programme"], name="points_cause_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["undoes"], condition=models.Q(undoes__isnull=False), name="points_undone"),
            models.Index(fields=["on_date", "kind"], name="points_entry_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.cause_kind} {self.cause_id}"


class PointsLot(models.Model):
    """Points that came together and end together; what is left of them is the sum of the legs that name them."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_by = models.ForeignKey(PointsEntry, on_delete=models.PROTECT, related_name="+", db_index=False)
    points = models.BigIntegerField()
    active_on_date = models.DateField(help_text="From this day of the shop they may be spent.")
    expires_on_date = models.DateField(help_text="Until the end of this day of the shop.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(points__gt=0), name="points_lot_of_something")
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_on_date", "id"], name="points_lot_end"),
            models.Index(fields=["active_on_date", "id"], name="points_lot_begin"),
            models.Index(fields=["opened_by"], name="points_lot_opened"),
        ]

    def __str__(self) -> str:
        return f"{self.points} until {self.expires_on_date}"


class PointsLeg(models.Model):
    """One side of an entry: so many points onto (or off) one account, of one lot where the account has lots."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(PointsEntry, on_delete=models.PROTECT, related_name="legs", db_index=False)
    account = models.ForeignKey(PointsAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(
        PointsLot, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    points = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(points=0), name="points_leg_of_something")]
        indexes: ClassVar = [
            models.Index(fields=["entry"], name="points_leg_entry"),
            # With lot and points, so that a balance and a page of history are read from the index alone.
            models.Index(fields=["account", "entry", "lot", "points"], name="points_leg_fold"),
            models.Index(
                fields=["lot", "account", "points"], condition=models.Q(lot__isnull=False), name="points_leg_lot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points:+d}"
