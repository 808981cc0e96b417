# ruff: noqa: E501 - tables of words read best as tables
"""Names of people and companies. They are put together by chance; a name that belongs to someone well known is drawn again."""

from __future__ import annotations

from random import Random

from .dice import Weighted, happens

# Surname and how many of ten thousand people in China carry it.
_SURNAMES = (
    "王722 李718 张676 刘517 陈458 杨309 黄226 赵219 吴208 周206 徐168 孙154 马131 朱125 胡118 郭117 何113 林114 高109 罗97 "
    "郑93 梁89 谢80 宋79 唐77 许74 邓73 韩72 冯70 曹68 彭66 曾64 肖63 田60 董60 潘57 袁56 蔡54 蒋53 余53 于52 杜51 叶50 程49 "
    "魏48 苏48 吕47 丁46 任45 卢44 姚43 沈42 钟41 姜40 崔39 谭39 陆37 范36 汪36 廖35 石35 金34 韦34 贾33 夏33 付32 方32 邹31 "
    "熊30 白30 孟29 秦29 邱29 侯27 江27 尹26 薛26 闫25 段25 雷24 龙24 黎23 史23 陶22 贺22 毛21 郝21 顾21 龚20 邵20 万20 覃19 "
    "武19 钱19 戴18 严18 莫18 孔17 向17 常16 汤16 康15 易15 乔14 赖14 文13 庞11 樊10 兰9 殷9 施9 洪9 翟8 安8 颜8 倪8 牛8 温8 "
    "芦7 季7 俞7 章7 鲁7 葛7 伍6 申6 尤6 毕6 聂6 焦6 柳5 邢5 路5 岳5 解5 应5 查4 单6 仇3 曲4 区3 盖2 朴3 尉2 欧阳9 司徒3 上官3 "
    "诸葛2 皇甫2 慕容1 令狐1 夏侯1 尉迟1 东方1 司马2"
)
_BOY_PAIRS = {
    1940: ("建国 国强 志明 德福 振华 福生 永康 长林 文斌 家栋 树森 洪生 宝林 炳坤 兆祥 玉田 明德 世昌 有才 少华 光辉 金水 "
           "启明 仁杰 宗耀 国栋 汉民 大成 春生 庆余 守义 学文"),
    1970: ("志强 建军 伟东 国平 海涛 永刚 文辉 少锋 立新 俊杰 卫东 振宇 晓明 学军 志勇 绍辉 春雷 云峰 家豪 锦华 向阳 剑锋 "
           "继东 新华 耀辉 勇军 宏伟 建平 志远 庆华 胜利 文涛"),
}  # fmt: skip
_GIRL_PAIRS = {
    1940: ("秀英 桂芳 玉兰 淑珍 秀兰 桂英 玉珍 凤英 素芬 惠芳 月娥 金凤 美玉 翠莲 春梅 秀珍 丽华 淑贞 瑞芝 玉梅 爱华 彩云 "
           "佩兰 锦秀 桂香 慧珍 雪梅 素琴 莲芝 凤仙 兰英 巧云"),
    1970: ("丽萍 晓红 春燕 海燕 雪梅 红霞 建华 美华 艳萍 秋萍 志红 玉洁 丽娟 文英 小玲 惠敏 雅琴 云霞 冬梅 晓兰 素云 秀丽 "
           "佩芬 燕玲 咏梅 少芳 彩霞 淑芬 锦霞 桂珍 婉仪 凤玲"),
}  # fmt: skip
_BOY_FIRST = {1980: "志文俊家海晓建嘉国宇振少立云永明浩锦", 1992: "子浩宇俊泽嘉梓一博铭思奕睿煜辰景皓承明"}
_BOY_LAST = {1980: "强伟杰峰斌鹏辉涛超勇军华龙波锋凯毅恒", 1992: "轩宇然睿阳泽涵宸昊霖铭彦航哲恺骁逸辰尧"}
_GIRL_FIRST = {1980: "晓丽雪海玉婷文佳慧静春美秋思艳雅小燕", 1992: "雨诗梓欣子思佳雅梦语若一可心沐芷书静婉"}
_GIRL_LAST = {1980: "敏娜静玲燕芳丽婷莉霞萍娟琴洁媛妮梅慧", 1992: "涵怡萱琪妍彤悦瑶菲桐萌宁然薇曦岚霏晗蓓"}
_ONE_BOY = "伟强磊军勇涛超鹏斌刚健峰亮毅凯晖昊锐朗恺"
_ONE_GIRL = "敏静丽娟艳霞娜婷玲倩莹琳蕾洁颖璐雯瑶薇玥"
# Well-known people, living or dead; matching them would be chance, but nobody should find them in a demo.
_WELL_KNOWN = frozenset(
    [
        "王菲",
        "李娜",
        "刘洋",
        "王伟",
        "李宁",
        "李强",
        "张勇",
        "张磊",
        "马云",
        "刘翔",
        "郎平",
        "姚明",
        "王毅",
        "陈毅",
        "刘涛",
        "李涛",
        "高峰",
        "黄磊",
        "黄健",
        "陈冲",
        "陈晓",
        "徐静",
        "周迅",
        "赵薇",
        "杨幂",
        "李健",
        "陈坤",
        "刘亦菲",
        "韩雪",
        "唐嫣",
        "王凯",
        "李晨",
        "张静初",
        "王珞丹",
        "佟丽娅",
        "李小璐",
        "高圆圆",
        "王俊凯",
        "王一博",
        "张一山",
        "李一桐",
        "王子文",
        "蔡明",
        "周杰伦",
        "陈建国",
        "李建国",
        "王建军",
        "张国立",
        "陈佩斯",
        "张国强",
        "刘国梁",
        "王励勤",
        "王楠",
        "张怡宁",
        "陈梦",
        "刘诗雯",
        "王曼昱",
        "张雨霏",
        "李雨桐",
        "王思聪",
        "王健",
        "刘强东",
        "张一鸣",
        "王小川",
        "李彦宏",
        "张朝阳",
        "丁磊",
        "马化腾",
        "雷军",
        "任正非",
        "孟晚舟",
        "董明珠",
        "曹德旺",
        "何小鹏",
        "李书福",
        "王传福",
        "李雪琴",
        "杨丽萍",
        "徐丽",
        "郭晶晶",
        "吴敏霞",
        "陈若琳",
        "李雪梅",
        "张海迪",
        "张海燕",
        "郑海霞",
        "王海燕",
        "李佳琦",
        "王嘉尔",
        "周深",
        "毛不易",
        "张杰",
        "李玉刚",
        "李建平",
        "王志文",
        "陈建斌",
        "李立群",
        "王军霞",
        "李小双",
        "李小鹏",
        "刘璇",
        "陈一冰",
        "邹凯",
        "张继科",
        "马龙",
        "许昕",
        "樊振东",
        "王皓",
        "孙杨",
        "叶诗文",
        "宁泽涛",
        "汪顺",
        "刘湘",
        "孙俪",
        "邓超",
        "黄晓明",
        "黄渤",
        "徐峥",
        "王宝强",
        "刘烨",
        "胡军",
        "胡歌",
        "霍建华",
        "林更新",
        "彭于晏",
        "李云龙",
        "王建华",
        "刘伟",
        "刘建军",
        "王勇",
        "张平",
        "李静",
        "王静",
        "王丽萍",
        "李咏梅",
        "李斌",
        "王海涛",
        "周涛",
        "朱军",
        "刘芳菲",
        "董卿",
        "康辉",
        "海霞",
        "王宁",
        "张宏民",
        "李修平",
        "李瑞英",
        "倪萍",
        "杨澜",
        "鲁豫",
        "林丹",
        "谌龙",
        "李雪芮",
        "王仪涵",
        "蔡赟",
        "傅海峰",
        "石宇奇",
        "陈雨菲",
        "贾一凡",
        "何冰娇",
        "李雯雯",
        "石智勇",
        "吕小军",
        "谢文骏",
        "苏炳添",
        "巩立姣",
        "王春雨",
        "杨倩",
        "杨皓然",
        "张雨绮",
        "何洁",
        "李文辉",
        "李思思",
        "王子异",
        "王源",
        "李飞",
        "李克勤",
        "陈小春",
        "陈永仁",
        "李志强",
        "王强",
        "李国庆",
        "李明德",
        "张文宏",
        "王辰",
        "陈薇",
        "李兰娟",
        "曾志伟",
        "单雪梅",
        "白雪",
        "白雪梅",
        "白静",
        "安静",
        "白洁",
        "史可",
        "文静",
        "温文",
        "牛莉",
        "毛宁",
        "程晓东",
        "程潇",
        "高晓松",
        "高洁",
        "高鑫",
        "江一燕",
        "江珊",
        "江梦婕",
        "孔琳",
        "孔雪儿",
        "孟美岐",
        "宋佳",
        "宋茜",
        "宋丹丹",
        "宋丽",
        "徐璐",
        "许晴",
        "许静",
        "杨紫",
        "杨超越",
        "杨洋",
        "杨烁",
        "杨子姗",
        "朱丹",
        "朱婷",
        "朱雨辰",
        "朱一龙",
        "赵丽颖",
        "赵丽娜",
        "赵雅芝",
        "郑爽",
        "郑洁",
        "郑凯",
        "郑伊健",
        "郑浩南",
        "周冬雨",
        "周雨彤",
        "周笔畅",
        "张子枫",
        "张艺谋",
        "张静",
        "张丽",
        "张超",
        "张凯丽",
        "张嘉译",
        "张家辉",
        "张雨剑",
        "张若昀",
        "张峰",
        "张思睿",
        "吴京",
        "吴磊",
        "吴雨霏",
        "吴静",
        "吴秀波",
        "吴健雄",
        "谢娜",
        "谢霆锋",
    ]
)
_FOREIGN_FIRST = {
    "f": ("Harriet", "Annika", "Claire", "Joanna", "Priya", "Isolde", "Marisol", "Yuki", "Bridget", "Noor"),
    "m": ("Callum", "Anders", "Rohan", "Gareth", "Mateo", "Kenji", "Owen", "Tobias", "Farid", "Lachlan"),
}
_FOREIGN_LAST = ("Hartwell", "Lindqvist", "Okonjo", "Marchetti", "Brannigan", "Vasquez-Lund", "Teramoto", "Aldermere", "Rosswick",
                 "Sandhurst", "Pillaiyar", "Kowalczik")  # fmt: skip
_COMPANY_STEMS = ("澄观里", "云杉渡", "禾木川", "知行岭", "锦溪湾", "拾光里", "北辰渡", "青屿海", "千禾谷", "明德坊", "见山集", "瑞临港",
                  "松间月", "望江楼", "百草溪", "远帆渡")  # fmt: skip
_COMPANY_TRADES = ("文化传播有限公司", "科技有限公司", "餐饮管理有限公司", "物流有限公司", "投资顾问有限公司", "建筑设计有限公司",
                   "会务服务有限公司", "进出口贸易有限公司", "健康管理有限公司")  # fmt: skip
_PARTNER_TRADES = ("婚纱摄影", "婚礼策划工作室", "月子会所", "旗袍定制馆", "宴会酒店", "珠宝镶嵌工作室")


def _parse(text: str) -> Weighted[str]:
    pairs = []
    for part in text.split():
        name = part.rstrip("0123456789")
        pairs.append((name, int(part[len(name) :])))
    return Weighted(pairs)


_SURNAME = _parse(_SURNAMES)


def surname(rng: Random) -> str:
    """Return a surname, as often as it is met in China."""
    return _SURNAME.draw(rng)


def full_name(rng: Random, gender: str, birth_year: int) -> tuple[str, str]:
    """Return a surname and a given name that suit a woman ("f") or a man ("m") born in a year."""
    while True:
        family, given = surname(rng), given_name(rng, gender, birth_year)
        if family + given not in _WELL_KNOWN and family != given[0]:
            return family, given


def given_name(rng: Random, gender: str, birth_year: int) -> str:
    """Return a given name of the time: one character in about a tenth of the cases, most often for the 1970s and 1980s."""
    is_girl = gender == "f"
    if happens(rng, 15 if 1970 <= birth_year < 1992 else 6):
        return rng.choice(_ONE_GIRL if is_girl else _ONE_BOY)
    if birth_year < 1980:
        pairs = (_GIRL_PAIRS if is_girl else _BOY_PAIRS)[1970 if birth_year >= 1966 else 1940]
        return rng.choice(pairs.split())
    decade = 1992 if birth_year >= 1991 else 1980
    first, last = (_GIRL_FIRST, _GIRL_LAST) if is_girl else (_BOY_FIRST, _BOY_LAST)
    while True:
        pair = rng.choice(first[decade]) + rng.choice(last[decade])
        if pair[0] != pair[1]:
            return pair


def foreign_name(rng: Random, gender: str) -> tuple[str, str]:
    """Return a family name and a first name of a guest from abroad."""
    return rng.choice(_FOREIGN_LAST), rng.choice(_FOREIGN_FIRST[gender])


def company_name(rng: Random, city: str) -> str:
    """Return the name of a company."""
    return f"{city}{rng.choice(_COMPANY_STEMS)}{rng.choice(_COMPANY_TRADES)}"


def partner_name(rng: Random, city: str) -> str:
    """Return the name of a trade partner that sends guests to the shop."""
    return f"{city}{rng.choice(_COMPANY_STEMS)}{rng.choice(_PARTNER_TRADES)}"
