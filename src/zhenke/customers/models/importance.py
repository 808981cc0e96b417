"""Who serves an important customer, who looked at a protected one, and how many whole contacts somebody was shown."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.archive import Customer
from zhenke.staff.models import StaffMember


class CustomerTeam(models.Model):
    """One member of a customer's service team; whoever stands in it may know of her though she is protected."""

    class Part(models.TextChoices):
        ADVISOR = "advisor"
        STYLIST = "stylist"
        SERVICE = "service"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, db_index=False, related_name="+")
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, related_name="+")
    part = models.CharField(max_length=8, choices=Part.choices)
    from_date = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "member"], name="team_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "customer"], name="team_of_member")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.part}"


class ProtectedView(models.Model):
    """Somebody looked at a protected customer, or at what nobody but named people see; the brand's owner reads this."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, db_index=False, related_name="+")
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    place = models.CharField(max_length=12, help_text="profile, glance, api, whole")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "by", "at"], name="protected_view_of")]

    def __str__(self) -> str:
        return f"{self.by_id} {self.place}"
