"""Tables of care: plans as data, occasions expanded yearly, tasks with reason, script, result and next date."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer, CustomerDate
from zhenke.sales.models import Sale
from zhenke.staff.models import Shop, StaffMember


class CarePlan(models.Model):
    """A rhythm of care: what starts it, for whom, and its steps; a change is a new version."""

    class Trigger(models.TextChoices):
        SALE = "sale"
        DATE = "date"
        FESTIVAL = "festival"
        SINCE = "since"  # days since the last purchase
        WELCOME = "welcome"
        PIECE = "piece"  # a piece that she owns is to be looked at

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    trigger = models.CharField(max_length=8, choices=Trigger.choices)
    condition = models.JSONField(default=dict, blank=True, help_text='{"grades": ["A"], "date_kinds": ["birthday"]}')
    steps = models.JSONField(
        help_text='[{"code": "wear_check", "offset_days": 7, "window_days": 3, "script_en": "…", "script_zh": "…"}]'
    )
    is_active = models.BooleanField(default=True)
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["code", "-version"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "version"], name="care_plan_once")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Occasion(models.Model):
    """One coming-round of one customer's date; `year_key` ('solar:2027', 'lunar:2026') allows exactly one a year."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    customer_date = models.ForeignKey(CustomerDate, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    year_key = models.CharField(max_length=12)
    on_date = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer_date", "year_key"], name="occasion_once")]
        indexes: ClassVar = [
            models.Index(fields=["on_date", "customer"], name="occasion_day"),
            models.Index(fields=["customer", "on_date"], name="occasion_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_date}"


class Task(models.Model):
    """One thing to do for one customer by one advisor; `occurrence_key` makes planning it twice one task."""

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        CANCELLED = "cancelled"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    occurrence_key = models.CharField(max_length=120, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    occasion = models.ForeignKey(Occasion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    step = models.CharField(
        max_length=40, help_text="thanks, wear_check, cleaning, birthday, win_back, call_back, by_hand …"
    )
    reason = models.JSONField(default=dict, help_text="Plain facts of the why-line; the sentence is made at the door.")
    due_date = models.DateField()
    last_date = models.DateField(help_text="After this day the task counts as missed.")
    snoozed_from_date = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    result = models.CharField(max_length=24, blank=True)
    result_note = models.CharField(max_length=500, blank=True)
    next_date = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    times_missed = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["assignee", "due_date"], condition=models.Q(state="open"), name="task_open_of_assignee"
            ),
            models.Index(fields=["shop", "due_date"], condition=models.Q(state="open"), name="task_open_of_shop"),
            models.Index(fields=["customer", "due_date"], name="task_of_customer"),
            models.Index(fields=["assignee", "done_at"], name="task_done_by"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.due_date}"


class Festival(models.Model):
    """A festival as data: solar or lunar day, and which customers it matters to."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name_en = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=60)
    calendar = models.CharField(max_length=5, default="solar")
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField(help_text="0 = last day of the lunar year (除夕)")
    condition = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.code
