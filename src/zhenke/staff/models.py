"""Tables of the staff room: shops in a tree, people, integrations, audit trail, and replies kept for repeated calls."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from zhenke.basics.ids import new_id
from zhenke.staff.rules import ROLE_MAY, ROLE_SCOPE, May, Role, Scope, SystemViewer


class Shop(models.Model):
    """One node of the tree brand → region → shop; `path` is the keys from the root down, so a subtree is a prefix."""

    class Kind(models.TextChoices):
        BRAND = "brand"
        REGION = "region"
        SHOP = "shop"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SHOP)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, db_index=True, help_text="Keys from the root to this node, each with '/'.")
    city = models.CharField(max_length=60, blank=True)
    time_zone = models.CharField(max_length=60, default="Asia/Shanghai")
    currency = models.CharField(max_length=3, default="CNY")
    hours = models.JSONField(default=dict, blank=True, help_text='{"mon": [["10:00", "21:30"]], …} in shop time.')
    date_rules = models.JSONField(default=dict, blank=True, help_text='Brand only: {"feb29": "before", …}.')
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["path"]

    def __str__(self) -> str:
        return self.name


class StaffMember(AbstractBaseUser):
    """A person who works in the shop and signs in; also the account that an integration acts as."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8, blank=True)
    capacity_a_day = models.PositiveSmallIntegerField(default=12)
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[BaseUserManager] = BaseUserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        """How far this person sees."""
        return ROLE_SCOPE[Role(self.role)]

    def may(self, act: May) -> bool:
        """Return whether this person's role has the act and the person still works here."""
        return self.is_active and act in ROLE_MAY[Role(self.role)]


Viewer = StaffMember | SystemViewer  # whoever looks or acts: a person, an integration, or the house itself


class ApiToken(models.Model):
    """One credential of one integration; only its hash is kept."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    acts_as = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12, help_text="First characters, so that people can tell tokens apart.")
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(
        null=True, blank=True, help_text="Since a backup was put back, until let in again."
    )
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class StoredReply(models.Model):
    """The first answer to one unsafe call, so that its repeat gets the same (promise P11)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    credential = models.CharField(max_length=40)
    endpoint = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    about = models.BigIntegerField(null=True, db_index=True, help_text="Key in the address: whom it tells of.")
    started_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["credential", "endpoint", "key"], name="staff_reply_once"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"


class AuditEntry(models.Model):
    """One line of the trail, chained by hash to the line before; holds keys and codes, never personal values."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    position = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id", "position"], name="staff_audit_subject")
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.action}"
