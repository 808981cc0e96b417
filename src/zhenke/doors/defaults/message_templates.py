"""The starting texts of messages, in both languages for e-mail and SMS; the owner publishes her own versions.

Texts of SMS have no number of the provider yet: until the owner gives one, the message goes by e-mail or not at all.
"""

from __future__ import annotations

from zhenke.messaging.rules.templates import Wording

EN, ZH = "en", "zh-hans"


def _both(
    key: str, kind: str, *, subject: tuple[str, str], email: tuple[str, str], sms: tuple[str, str]
) -> tuple[Wording, ...]:
    return (
        Wording(key, kind, "email", EN, email[0], subject[0]),
        Wording(key, kind, "email", ZH, email[1], subject[1]),
        Wording(key, kind, "sms", EN, sms[0]),
        Wording(key, kind, "sms", ZH, sms[1]),
    )


MESSAGE_TEMPLATES: tuple[Wording, ...] = (
    *_both(
        "points_expiring",
        "service",
        subject=("Your points at {shop_name}", "您在{shop_name}的积分即将到期"),
        email=(
            "Dear {salutation},\n\n{points} of your points expire on {expires_on}. Your balance is {balance}.\n\n"
            "We look forward to seeing you.\n{shop_name}",
            "{salutation}，您好：\n\n您有{points}积分将于{expires_on}到期，目前积分余额为{balance}。\n\n"
            "欢迎到店使用，期待您的光临。\n{shop_name}",
        ),
        sms=(
            "{salutation}, {points} of your points at {shop_name} expire on {expires_on}. Balance: {balance}.",
            "{salutation}，您在{shop_name}有{points}积分将于{expires_on}到期，余额{balance}，欢迎到店使用。",
        ),
    ),
    *_both(
        "points_earned",
        "service",
        subject=("Points for your purchase at {shop_name}", "您在{shop_name}的积分已到账"),
        email=(
            "Dear {salutation},\n\nThank you for your purchase. You have earned {points} points; "
            "your balance is {balance}.\n\n{shop_name}",
            "{salutation}，您好：\n\n感谢您的惠顾。本次获得{points}积分，目前积分余额为{balance}。\n\n{shop_name}",
        ),
        sms=(
            "{salutation}, you have earned {points} points at {shop_name}. Balance: {balance}.",
            "{salutation}，感谢惠顾{shop_name}，本次获得{points}积分，余额{balance}。",
        ),
    ),
    *_both(
        "tier_changed",
        "service",
        subject=("Your membership at {shop_name}", "您在{shop_name}的会员等级"),
        email=(
            "Dear {salutation},\n\nYour membership tier is now {tier}. Ask us at any time what it brings you.\n\n"
            "{shop_name}",
            "{salutation}，您好：\n\n您的会员等级现为{tier}，专属权益请随时向顾问咨询。\n\n{shop_name}",
        ),
        sms=(
            "{salutation}, your membership tier at {shop_name} is now {tier}.",
            "{salutation}，您在{shop_name}的会员等级现为{tier}。",
        ),
    ),
)
