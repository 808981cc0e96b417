"""Columns of a customer file that say what she likes, wears and is: headings in both languages, words for codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from zhenke.basics.days import DateRefused, DayImpossible, parse_date
from zhenke.basics.tables.mapping import FieldSpec
from zhenke.customers.rules.cells import plain_text
from zhenke.customers.rules.intake import RowFault
from zhenke.customers.rules.traits import CUSTOM, KINDS, OwnField, ValueUnfit, fitting_own, is_single, kept_value

_HANDS = (("left", "left", "左手"), ("right", "right", "右手"))
_FINGERS = (
    ("thumb", "拇指", "大拇指"), ("index", "食指", "食指"), ("middle", "中指", "中指"),
    ("ring", "无名指", "无名指"), ("little", "小指", "尾指"),
)  # fmt: skip


def _finger_specs() -> list[FieldSpec]:
    return [
        FieldSpec(
            f"ring_{hand}_{finger}",
            (f"{english} {finger} finger", f"ring size {english} {finger}"),
            tuple(dict.fromkeys(f"{chinese}{word}{tail}" for word in (first, other) for tail in ("", "手寸", "圈号"))),
        )
        for hand, english, chinese in _HANDS
        for finger, first, other in _FINGERS
    ]


TRAIT_FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec("metal", ("favourite metal", "metal preference"), ("材质偏好", "喜好材质", "偏好材质")),
    FieldSpec("stone", ("favourite stone", "stone preference"), ("宝石偏好", "喜好宝石")),
    FieldSpec("style", ("favourite style", "style preference"), ("风格", "喜好款式", "款式偏好")),
    FieldSpec("colour", ("favourite colour", "favourite color"), ("喜好颜色", "颜色偏好")),
    FieldSpec("motif", ("favourite motif",), ("喜好题材", "喜欢的题材", "喜欢的图案")),
    FieldSpec("designer", ("favourite designer",), ("喜好设计师", "喜欢的设计师")),
    FieldSpec("brand", ("other brands", "brands owned"), ("已有品牌", "其他品牌", "喜好品牌")),
    FieldSpec("ring_size", ("finger size",), ("手寸", "戒指尺寸", "圈号", "戒圈")),
    *_finger_specs(),
    FieldSpec("bangle_mm", ("bangle size", "bangle inner diameter"), ("手镯圈口", "圈口", "镯口")),
    FieldSpec("bracelet_cm", ("bracelet length",), ("手链长度", "手链尺寸")),
    FieldSpec("wrist_cm", ("wrist size", "wrist circumference"), ("腕围", "手围", "手腕围")),
    FieldSpec("necklace_cm", ("necklace length",), ("项链长度", "链长", "颈围")),
    FieldSpec("ears_pierced", ("pierced ears",), ("耳洞", "是否有耳洞")),
    FieldSpec("occasion", ("worn for", "occasions of wear"), ("佩戴场合", "场合")),
    FieldSpec("motive", ("buys for", "purchase motive"), ("购买动机", "购买目的", "购买用途")),
    FieldSpec("budget_band", ("budget",), ("预算", "消费预算")),
    FieldSpec("intent", ("looking for", "purchase intent"), ("购买意向", "意向")),
    FieldSpec("intent_date", ("wanted by",), ("意向日期", "需要日期", "预计购买日期")),
    FieldSpec("alias", ("nickname", "also called"), ("昵称", "别名", "大家怎么称呼")),
    FieldSpec("occupation", ("profession", "job title"), ("职业", "工作")),
    FieldSpec("income_band", ("annual income",), ("年收入", "收入")),
    FieldSpec("lifestyle", ("way of life",), ("生活方式",)),
    FieldSpec("hobby", ("hobbies", "interests"), ("爱好", "兴趣爱好", "兴趣")),
    FieldSpec("pet", ("pets",), ("宠物",)),
    FieldSpec("drink", ("favourite drink",), ("喜好饮品", "喜欢的饮料", "饮品")),
    FieldSpec("skin_tone", ("complexion",), ("肤色",)),
    FieldSpec("zodiac", ("chinese zodiac", "animal sign"), ("生肖", "属相")),
    FieldSpec("contact_hour", ("best hour", "preferred contact time"), ("方便联系时间", "联系时段")),
    FieldSpec("allergy", ("metal allergy", "allergic to"), ("金属过敏", "过敏金属", "过敏原")),
    FieldSpec("legal_name", ("legal name", "registered name"), ("单位全称", "公司全称", "企业名称", "单位名称")),
    FieldSpec("tax_number", ("tax id", "vat number"), ("税号", "统一社会信用代码", "纳税人识别号")),
    FieldSpec("industry", ("line of business",), ("行业", "所属行业")),
    FieldSpec("contract_date", ("contract signed",), ("签约日期", "合同日期")),
    FieldSpec("contract_until_date", ("contract ends",), ("合同到期日", "合同到期")),
    FieldSpec("payment_terms", ("terms of payment",), ("结算方式", "账期", "付款方式")),
    FieldSpec("volume_band", ("annual volume", "sales volume"), ("年采购额", "年销售额", "合作规模")),
)

# What files say for the codes; other words of open kinds stay as they are.
_SPELLINGS: dict[str, dict[str, str]] = {
    "style": {"简约": "minimal", "极简": "minimal", "经典": "classic", "现代": "modern", "新中式": "chinese",
              "国风": "chinese", "甜美": "sweet", "夸张": "statement", "大气": "statement"},
    "colour": {"红": "red", "红色": "red", "绿": "green", "绿色": "green", "紫": "purple", "紫色": "purple",
               "蓝": "blue", "蓝色": "blue", "白": "white", "白色": "white", "黄": "yellow", "黄色": "yellow",
               "粉": "pink", "粉色": "pink", "黑": "black", "黑色": "black", "彩色": "colourful"},
    "occasion": {"日常": "daily", "日常佩戴": "daily", "上班": "office", "职场": "office", "宴会": "banquet",
                 "宴请": "banquet", "节日": "festival", "过节": "festival", "旅行": "travel",
                 "商务礼品": "company_gift"},
    "motive": {"自戴": "self", "自用": "self", "婚嫁": "bridal", "结婚": "bridal", "送礼": "gift", "保值": "saver",
               "投资": "saver", "孝敬长辈": "elder", "孝敬父母": "elder", "送宝宝": "baby", "收藏": "collector",
               "单位采购": "company", "公司采购": "company"},
    "intent": {"订婚": "engagement", "求婚": "engagement", "结婚": "wedding", "送礼": "gift", "自用": "self",
               "自戴": "self", "存金": "saving", "维修": "repair"},
    "drink": {"茶": "tea", "咖啡": "coffee", "水": "water", "白水": "water", "果汁": "juice"},
    "pet": {"猫": "cat", "狗": "dog"},
    "lifestyle": {"家庭": "family", "商务": "business", "社交": "social", "户外": "outdoors", "运动": "outdoors",
                  "文艺": "arts", "安静": "quiet"},
    "skin_tone": {"冷": "cool", "冷白": "cool", "偏冷": "cool", "暖": "warm", "偏暖": "warm", "偏黄": "warm",
                  "中性": "neutral"},
    "zodiac": dict(zip("鼠牛虎兔龙蛇马羊猴鸡狗猪", KINDS["zodiac"].codes, strict=True)),
    "contact_hour": {"上午": "morning", "早上": "morning", "中午": "lunch", "午休": "lunch", "下班后": "after_work",
                     "晚上": "evening", "周末": "weekend"},
    "allergy": {"镍": "nickel", "对镍过敏": "nickel", "铜": "copper", "银": "silver", "合金": "alloy"},
    "industry": {"金融": "finance", "银行": "finance", "房地产": "realty", "地产": "realty", "科技": "technology",
                 "互联网": "technology", "酒店": "hotel", "餐饮": "hotel", "传媒": "media", "教育": "education",
                 "制造": "manufacture", "制造业": "manufacture", "贸易": "trade", "医疗": "medicine",
                 "医药": "medicine",
                 "婚庆": "weddings", "机关": "public", "事业单位": "public", "政府": "public"},
    "payment_terms": {"预付": "prepaid", "先款后货": "prepaid", "货到付款": "on_delivery", "30天": "days_30",
                      "60天": "days_60", "月结": "monthly"},
}  # fmt: skip
_BETWEEN = re.compile(r"[,，;；、/|]")
_UNSAID = frozenset({"", "-", "—", "无", "不详", "未知", "不清楚", "n/a", "na", "none", "unknown", "?", "？"})
_DAYS = frozenset(key for key, kind in KINDS.items() if kind.form == "day")


def own_specs(own: Sequence[OwnField]) -> tuple[FieldSpec, ...]:
    """Return the columns of the shop's own fields, found by their names in both languages."""
    return tuple(FieldSpec(one.trait_key, one.names[:1], one.names[1:]) for one in own)


def traits_in(found: Mapping[str, str], own: Mapping[str, OwnField]) -> list[tuple[str, str]]:
    """Return what the cells of one row say, as it is kept; cells that say that nothing is known say nothing.

    Errors: RowFault trait_number, trait_unit, trait_range, trait_choice, trait_day, trait_yes_no, trait_tax_number.
    """
    pairs: dict[tuple[str, str], None] = {}
    for column, cell in found.items():
        if column in KINDS and column in _COLUMNS:
            holds_one = is_single(column) and KINDS[column].form != "number"
        elif column in own:
            holds_one = own[column].form != "several"
        else:
            continue
        for text in [cell] if holds_one else _BETWEEN.split(cell):
            kept = plain_text(text, column=column, longest=200)
            if kept.lower() not in _UNSAID or (column in KINDS and KINDS[column].form == "yes_no" and kept == "无"):
                pairs[(column, _kept(column, kept, own))] = None
    return list(pairs)


def _kept(column: str, text: str, own: Mapping[str, OwnField]) -> str:
    try:
        if column.startswith(CUSTOM):
            return fitting_own(own[column], _iso_day(text) if own[column].form == "date" else text)
        if column in _DAYS:
            text = _iso_day(text)
        spelled = _SPELLINGS.get(column, {})
        bare = text.removesuffix("年") if column == "zodiac" else text
        return kept_value(column, spelled.get(bare.removeprefix("属") if column == "zodiac" else text, text))
    except ValueUnfit as unfit:
        facts = {"least": "", "most": "", "unit": "", **unfit.facts}
        raise RowFault(column, f"trait_{unfit.reason}", text=text[:24], **facts) from None


def _iso_day(text: str) -> str:
    try:
        return parse_date(text.split(" ")[0].split("T")[0]).isoformat()
    except (DateRefused, DayImpossible):
        raise ValueUnfit("day") from None


_COLUMNS = frozenset(spec.name for spec in TRAIT_FIELDS)
