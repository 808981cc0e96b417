"""Texts and rules of messages; a version is never changed, only followed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.staff.models import StaffMember


class TemplateVersion(models.Model):
    """One version of one text: of a template, in a language, for a channel. The highest version is in force."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=40)
    channel = models.CharField(max_length=8)
    language = models.CharField(max_length=8)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=9, help_text="rules/intents.py: code, service, care, marketing")
    subject = models.CharField(max_length=120, blank=True)
    words = models.TextField()
    provider_code = models.CharField(max_length=40, blank=True, help_text="Number of the text at the SMS provider.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "channel", "language", "version"], name="template_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.channel} {self.language} v{self.version}"


class ContactRulesVersion(models.Model):
    """One version of quiet hours and of how often (rules/contact_rules.py). The highest version is in force."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(unique=True)
    hours = models.JSONField(help_text='{"sms": ["09:00", "20:30"]} in shop time')
    marketing_a_month = models.PositiveSmallIntegerField(help_text="In any 30 days, over all channels.")
    sms_a_month = models.PositiveSmallIntegerField(help_text="In any 30 days; service does not count.")
    care_a_week = models.PositiveSmallIntegerField(help_text="In any 7 days, over all channels.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"version {self.version}"
