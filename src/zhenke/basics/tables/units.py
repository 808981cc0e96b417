"""Units that people write into headings: `金额(元)`, `重量（g）`, `price_usd`; the known ones with their exact size."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

_KNOWN: dict[tuple[str, str, Fraction], str] = {
    ("money", "CNY", Fraction(1)): "元 ¥ 人民币 rmb cny yuan 块",
    ("money", "CNY", Fraction(10_000)): "万元 万",
    ("money", "USD", Fraction(1)): "美元 $ usd us$",
    ("money", "HKD", Fraction(1)): "港元 港币 hkd hk$",
    ("money", "EUR", Fraction(1)): "欧元 € eur",
    ("mass", "g", Fraction(1)): "g 克 gram grams gr",
    ("mass", "g", Fraction(1, 1000)): "mg 毫克",
    ("mass", "g", Fraction(1000)): "kg 千克 公斤",
    ("mass", "g", Fraction(1, 5)): "ct 克拉 carat carats cts",
    ("length", "mm", Fraction(1)): "mm 毫米",
    ("length", "mm", Fraction(10)): "cm 厘米 公分",
    ("length", "mm", Fraction(1000)): "m 米",
    ("count", "1", Fraction(1)): "件 个 只 条 枚 支 次 位 人 笔 张 pcs pc piece pieces times",
    ("share", "1", Fraction(1, 100)): "% percent 百分比",
    ("share", "1", Fraction(1, 1000)): "‰",
    ("time", "day", Fraction(1)): "天 日 day days",
    ("time", "year", Fraction(1)): "年 岁 year years",
}
_BY_TEXT = {text: key for key, texts in _KNOWN.items() for text in texts.split()}
_SUFFIXES = "元 万元 克 毫克 千克 克拉 g mg kg ct mm cm cny rmb usd hkd eur"
_AS_SUFFIX = frozenset(_SUFFIXES.split())
_REMARK_WORDS = "必填 选填 可选 必须 非空 唯一 required optional 公历 农历 阳历 阴历 新历 旧历 年月日"
_REMARKS = frozenset([*_REMARK_WORDS.split(), "yyyy-mm-dd", "yyyy/mm/dd", "yyyymmdd", "mm-dd"])
_BRACKETS = re.compile(r"\s*[(\[【<《{]\s*([^()\[\]【】<>《》{}]*?)\s*[)\]】>》}]\s*")
_SUFFIX = re.compile(r"(.+?)(?:\s*[/_\-:]\s*|\s+)([^\s/_\-:]+)")
_REPEAT = re.compile(r"\s\(\d+\)$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written. Known: `quantity` (money, mass, …), `base` (CNY, g, …), `size` in bases. Unknown: all None."""

    text: str
    quantity: str | None = None
    base: str | None = None
    size: Fraction | None = None

    @property
    def known(self) -> bool:
        """Whether amounts in this unit can be understood."""
        return self.size is not None


def split_unit(heading: str) -> tuple[str, Unit | None]:
    """Return the heading without its unit, and the unit, known or not; remarks such as (必填) are dropped.

    Example: `金额(万元)` -> `金额`, 10,000 CNY; `重量(斤两)` -> `重量`, unknown; `price_usd` -> `price`, USD.
    """
    text = unicodedata.normalize("NFKC", _REPEAT.sub("", heading)).strip()
    unit: Unit | None = None
    for found in _BRACKETS.findall(text):
        word = found.lower()
        if word and word not in _REMARKS and unit is None:
            unit = _unit(found)
    name = _BRACKETS.sub(" ", text).strip()
    if unit is None and (tail := _SUFFIX.fullmatch(name)) and tail[2].lower() in _AS_SUFFIX:
        return tail[1].strip(), _unit(tail[2])
    return name or text, unit


def _unit(text: str) -> Unit:
    word = text.lower().removeprefix("单位").lstrip(":：= ").strip()
    known = _BY_TEXT.get(word)
    return Unit(text, *known) if known else Unit(text)
