"""How archives are filled from files: remembered mappings, runs with their exact row count, rejects, and undo."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.staff.models import Shop, StaffMember


class ImportMapping(models.Model):
    """Which column of a file means which field, remembered by name."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=12, help_text="customers or sales")
    name = models.CharField(max_length=80)
    columns = models.JSONField(default=dict, help_text='{"field": "heading"}')
    options = models.JSONField(default=dict, help_text="Fixed values, date order, unknown-shop rule, currency …")
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["subject", "name"], name="mapping_once")]

    def __str__(self) -> str:
        return f"{self.subject} {self.name}"


class ImportRun(models.Model):
    """One file being taken in. Rows in = created + updated + unchanged + rejected, exactly."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CHECKING = "checking"
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        UNDOING = "undoing"
        UNDONE = "undone"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=12)
    file_name = models.CharField(max_length=200)
    file_path = models.CharField(max_length=500, blank=True)
    file_hash = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    is_dry_run = models.BooleanField(default=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+", help_text="Shop of rows that name none.")
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    rows_total = models.PositiveIntegerField(null=True)
    rows_in = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict, help_text="customers, sales, lines, amount_minor, currency")
    next_row = models.PositiveIntegerField(default=0, help_text="Rows of the file already taken in and committed.")
    message = models.TextField(blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-started_at"], name="import_run_recent")]

    def __str__(self) -> str:
        return f"{self.subject} {self.file_name} {self.state}"


class ImportReject(models.Model):
    """A row that was not believed: where, why, and the original text; kept 30 days."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejects")
    row = models.PositiveIntegerField(help_text="Row of the file as a person counts it.")
    column = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    cells = models.JSONField(default=list, help_text="The original row.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "row"], name="reject_of_run")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.code}"


class ImportBatch(models.Model):
    """What one batch of a run wrote, so that it can be undone: new keys, and the rows as they were before.

    `created` holds {"table": [[first key, key after the last]]}. `before` holds {"table": {"key": {"field": value}}}
    with the old values and `after` the same with the new ones, so that undo can tell whether something later touched
    the row; a key that is only in `before` was deleted.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="batches")
    position = models.PositiveIntegerField()
    created = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "position"], name="import_batch_once")]

    def __str__(self) -> str:
        return f"batch {self.position}"
