"""The jeweller's rhythm of care (docs/rules/care.md) and the festivals, with words in both languages.

Scripts use the allow-listed fields {name}, {piece}, {shop}, {advisor}, {occasion}; anything else stays as written.
A follow-up may be done days late, so that no script says how many days ago or ahead something is: the why-line does.
"""

from __future__ import annotations

from typing import Any

AFTER_SALE: dict[str, Any] = {
    "code": "after_sale",
    "name_en": "After a purchase",
    "name_zh": "购后关怀",
    "trigger": "sale",
    "steps": [
        {
            "code": "thanks",
            "offset_days": 1,
            "window_days": 1,
            "script_en": "Hello {name}, this is {advisor} of {shop}. Thank you for choosing {piece}. "
            "If anything about it is not as you hoped, I am here.",
            "script_zh": "{name}您好，我是{shop}的{advisor}。谢谢您选了{piece}，若有哪里不合心意，随时找我。",
        },
        {
            "code": "wear_check",
            "offset_days": 6,
            "window_days": 1,
            "script_en": "Hello {name}, how does {piece} feel after the first days? "
            "If it sits loose or tight, we adjust it while you wait.",
            "script_zh": "{name}您好，{piece}戴着还习惯吗？若觉得松紧不合适，来店里坐坐，我们当场为您调。",
        },
        {
            "code": "satisfaction",
            "offset_days": 30,
            "window_days": 7,
            "grades": ["A", "B", "C"],
            "script_en": "Hello {name}, {piece} has been with you for a while. On a scale of one to ten, "
            "how happy are you with it and with us?",
            "script_zh": "{name}您好，{piece}陪您有些日子了。从一到十，您给它和我们的服务打几分？",
        },
    ],
}

SINCE_PURCHASE: dict[str, Any] = {
    "code": "since_purchase",
    "name_en": "Cleaning and inspection",
    "name_zh": "清洗与检查",
    "trigger": "since",
    "steps": [
        {
            "code": "cleaning",
            "offset_days": 90,
            "window_days": 14,
            "grades": ["A", "B", "C"],
            "every_days": 182,
            "until_days": 720,
            "script_en": "Hello {name}, {piece} is due its free cleaning and a look at the setting. "
            "It takes a cup of tea's time. Which day suits you?",
            "script_zh": "{name}您好，{piece}该做免费清洗和镶口检查了，喝杯茶的工夫就好。您哪天方便？",
        },
        {
            "code": "anniversary",
            "offset_days": 335,
            "window_days": 14,
            "grades": ["A", "B"],
            "script_en": "Hello {name}, it will soon be a year since you chose {piece}. "
            "I would like to polish it for the day. When may I expect you?",
            "script_zh": "{name}您好，您选{piece}快满一年了，想在那天之前为它抛光翻新，您什么时候方便过来？",
        },
    ],
}

WIN_BACK: dict[str, Any] = {
    "code": "win_back",
    "name_en": "Win back",
    "name_zh": "唤回老客",
    "trigger": "since",
    "steps": [
        {
            "code": "win_back",
            "offset_days": 400,
            "window_days": 21,
            "grades": ["A", "B", "C"],
            "script_en": "Hello {name}, we have not seen you for a while. We have new pieces close to your taste; "
            "may I send you three pictures?",
            "script_zh": "{name}您好，有些日子没见到您了。新到了几件，很像您的眼光，我发三张照片给您看看可好？",
        },
        {
            "code": "win_back",
            "offset_days": 700,
            "window_days": 21,
            "grades": ["A", "B", "C"],
            "script_en": "Hello {name}, {piece} has not been checked for a long time. "
            "We clean and inspect it free of charge, and I would be glad to see you again.",
            "script_zh": "{name}您好，{piece}很久没有检查了，我们免费为您清洗检查，也很想再见到您。",
        },
    ],
}

BIRTHDAY: dict[str, Any] = {
    "code": "birthday",
    "name_en": "Birthday",
    "name_zh": "生日",
    "trigger": "date",
    "condition": {"date_kinds": ["birthday"]},
    "steps": [
        {
            "code": "birthday",
            "offset_days": -21,
            "window_days": 7,
            "grades": ["A"],
            "script_en": "Hello {name}, your birthday is coming. I have put a few pieces aside for you to look at "
            "in peace; which afternoon suits you?",
            "script_zh": "{name}您好，您的生日快到了，我先为您留了几件，您哪个下午得空，慢慢看。",
        },
        {
            "code": "birthday",
            "offset_days": -7,
            "window_days": 4,
            "grades": ["A", "B"],
            "script_en": "Hello {name}, your birthday is near. A small gift waits for you at {shop}, "
            "and points count double on the day.",
            "script_zh": "{name}您好，您的生日快到了，{shop}备了一份小礼，当天积分双倍，盼您来取。",
        },
        {
            "code": "birthday_greeting",
            "offset_days": 0,
            "window_days": 0,
            "grades": ["A", "B", "C", "D"],
            "script_en": "Happy birthday, {name}! All of us at {shop} wish you health and joy.",
            "script_zh": "{name}，生日快乐！{shop}全体祝您身体康健，岁岁欢喜。",
        },
    ],
}

ANNIVERSARIES: dict[str, Any] = {
    "code": "anniversaries",
    "name_en": "Weddings and family days",
    "name_zh": "纪念日",
    "trigger": "date",
    "condition": {"date_kinds": ["wedding", "engagement", "met", "child_birthday", "full_month", "spouse_birthday"]},
    "steps": [
        {
            "code": "wedding",
            "offset_days": -21,
            "window_days": 7,
            "grades": ["A", "B"],
            "script_en": "Hello {name}, {occasion} is coming. Shall I prepare two or three ideas for you?",
            "script_zh": "{name}您好，{occasion}快到了，要不要我先为您备两三个主意？",
        },
        {
            "code": "wedding",
            "offset_days": -7,
            "window_days": 5,
            "grades": ["A", "B", "C"],
            "script_en": "Hello {name}, {occasion} is near. We wrap and engrave the same day if you need it.",
            "script_zh": "{name}您好，{occasion}就要到了，若要包装或刻字，我们当天就能办好。",
        },
    ],
}

FESTIVALS: dict[str, Any] = {
    "code": "festivals",
    "name_en": "Festivals",
    "name_zh": "节日",
    "trigger": "festival",
    "steps": [
        {
            "code": "festival",
            "offset_days": -14,
            "window_days": 12,
            "grades": ["A"],
            "script_en": "Hello {name}, {occasion} is coming. We have set some pieces aside before the rush; "
            "would you like to see them first?",
            "script_zh": "{name}您好，{occasion}快到了，趁人少先为您留了几件，您想先来看看吗？",
        }
    ],
}

WELCOME: dict[str, Any] = {
    "code": "welcome",
    "name_en": "First acquaintance",
    "name_zh": "新客初识",
    "trigger": "welcome",
    "steps": [
        {
            "code": "welcome",
            "offset_days": 1,
            "window_days": 2,
            "script_en": "Hello {name}, this is {advisor} of {shop}. It was good to meet you. "
            "I keep in mind what you are looking for and write when something fits.",
            "script_zh": "{name}您好，我是{shop}的{advisor}，很高兴认识您。您想找的我记下了，有合适的先告诉您。",
        },
        {
            "code": "welcome_again",
            "offset_days": 14,
            "window_days": 7,
            "script_en": "Hello {name}, have you found what you were looking for? "
            "Some new pieces came in this week that may please you.",
            "script_zh": "{name}您好，您想找的选到了吗？这周新到了几款，也许合您心意。",
        },
    ],
}

INSPECTION: dict[str, Any] = {
    "code": "inspection",
    "name_en": "Inspection of pieces",
    "name_zh": "饰品检查",
    "trigger": "piece",
    "steps": [
        {
            "code": "inspection",
            "offset_days": 0,
            "window_days": 21,
            "script_en": "Hello {name}, it is time to look at the setting of {piece}: prongs loosen with wear. "
            "It takes ten minutes and costs nothing. Which day suits you?",
            "script_zh": "{name}您好，{piece}该检查镶口了，戴久了爪子会松。十分钟就好，不收费，您哪天方便？",
        },
    ],
}

CARE_PLANS: tuple[dict[str, Any], ...] = (
    AFTER_SALE,
    SINCE_PURCHASE,
    WIN_BACK,
    BIRTHDAY,
    ANNIVERSARIES,
    FESTIVALS,
    WELCOME,
    INSPECTION,
)

FESTIVAL_DAYS: tuple[dict[str, Any], ...] = (
    {
        "code": "new_years_eve",
        "name_en": "New Year's Eve",
        "name_zh": "除夕",
        "calendar": "lunar",
        "month": 12,
        "day": 0,
    },
    {
        "code": "valentine",
        "name_en": "Valentine's Day",
        "name_zh": "情人节",
        "calendar": "solar",
        "month": 2,
        "day": 14,
    },
    {"code": "may_20", "name_en": "20 May", "name_zh": "520", "calendar": "solar", "month": 5, "day": 20},
    {"code": "qixi", "name_en": "Qixi", "name_zh": "七夕", "calendar": "lunar", "month": 7, "day": 7},
    {"code": "mid_autumn", "name_en": "Mid-Autumn", "name_zh": "中秋", "calendar": "lunar", "month": 8, "day": 15},
    {"code": "christmas", "name_en": "Christmas", "name_zh": "圣诞节", "calendar": "solar", "month": 12, "day": 25},
)
