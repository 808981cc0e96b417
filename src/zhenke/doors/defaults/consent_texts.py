"""The starting texts of consent, for a lawyer of the house to read: what is asked, and that a no costs nothing."""

from __future__ import annotations

CONSENT_TEXTS: dict[str, dict[str, str]] = {
    "service": {
        "en": "We reach you about your own orders, repairs, warranties and appointments. You can say at any time by "
        "which way we may not.",
        "zh-hans": "就您本人的订单、维修、保修和预约与您联系。您可以随时告诉我们哪种方式不方便。",
    },
    "care": {
        "en": "You may greet me on my birthday and anniversaries, and remind me of cleaning and inspection. I can take "
        "this back at any time; it changes nothing about what I bought.",
        "zh-hans": "可以在我的生日和纪念日问候我，并提醒我清洗和检查饰品。我可以随时撤回，不影响已购饰品的任何服务。",
    },
    "marketing": {
        "en": "You may tell me of new pieces, events and offers. I can take this back at any time, as easily as I gave "
        "it; it changes nothing about what I bought.",
        "zh-hans": "可以向我介绍新品、活动和优惠。我可以随时撤回，与同意一样方便，不影响已购饰品的任何服务。",
    },
    "profiling": {
        "en": "You may choose what you show me by what I bought and looked at. Without this I am shown the same as "
        "everybody.",
        "zh-hans": "可以根据我买过、看过的饰品为我挑选推荐。不同意时，我看到的与其他人一样。",
    },
    "photos": {
        "en": "You may show photos of me with my jewellery in the shop and on your pages. On my word they are taken "
        "down.",
        "zh-hans": "可以在店内和店铺页面展示我佩戴饰品的照片。我提出后立即撤下。",
    },
    "id_scan": {
        "en": "You may keep a copy of my identity card for this buy-back or registration only, as long as the law asks "
        "for it.",
        "zh-hans": "仅为本次回收或登记留存我的身份证件复印件，保存期限以法律要求为准。",
    },
    "sharing": {
        "en": "You may hand my name and phone to the laboratory, insurer or maker named to me, for my piece only.",
        "zh-hans": "可以仅为我的饰品，将我的姓名和电话提供给已告知我的鉴定机构、保险公司或工厂。",
    },
    "under_14": {
        "en": "I am the guardian of this child under 14 and agree that the shop keeps name and birthday, to serve us. "
        "Nothing is sent to the child. I can take this back at any time; then the child's archive is erased.",
        "zh-hans": "我是这位未满十四周岁孩子的监护人，同意店铺为服务我们而保存孩子的姓名和生日。"
        "店铺不会向孩子推送任何内容。我可以随时撤回，撤回后孩子的档案即被删除。",
    },
    "abroad": {
        "en": "You may hand my details to the recipient abroad who was named to me, for the purpose that was named.",
        "zh-hans": "可以按已告知我的目的，将我的信息提供给已告知我的境外接收方。",
    },
}
