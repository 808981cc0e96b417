"""Writes of the staff room: shops, people, tokens. Each leaves a line in the audit trail."""

from zhenke.staff.operations.devices import count_passkey_use
from zhenke.staff.operations.people import (
    LastOwner,
    MemberChanges,
    PasswordTooWeak,
    RoleNeedsShop,
    UsernameTaken,
    add_staff,
    change_staff,
    choose_language,
    end_sessions,
    let_go,
    set_password,
)
from zhenke.staff.operations.replies import drop_old_replies, hold_call, keep_reply
from zhenke.staff.operations.shops import ShopCodeTaken, ShopMisplaced, add_shop, change_shop, open_house
from zhenke.staff.operations.tokens import TokenMisplaced, connect_program, issue_token, note_use, revoke_token

__all__ = [
    "LastOwner",
    "MemberChanges",
    "PasswordTooWeak",
    "RoleNeedsShop",
    "ShopCodeTaken",
    "ShopMisplaced",
    "TokenMisplaced",
    "UsernameTaken",
    "add_shop",
    "add_staff",
    "change_shop",
    "change_staff",
    "choose_language",
    "connect_program",
    "count_passkey_use",
    "drop_old_replies",
    "end_sessions",
    "hold_call",
    "issue_token",
    "keep_reply",
    "let_go",
    "note_use",
    "open_house",
    "revoke_token",
    "set_password",
]
