"""Shops, people, roles, scope ("who may see whom"), audit trail."""

from zhenke.staff.rules import SYSTEM as SYSTEM
