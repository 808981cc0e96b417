"""The catalogue of the demo shop: about 240 styles, always the same, whatever the seed."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from .catalogue_words import GRAM_SERIES, MOTIFS, Series
from .catalogue_words_fixed import FIXED_SERIES
from .dice import Weighted, dice
from .gold import GOLD, PLATINUM, SILVER, board_price
from .rows import StyleRow

# Metal: purity in ‰ and the board it is priced by ("" for none).
METALS = {
    "gold_999": (999, GOLD),
    "gold_heritage": (999, GOLD),
    "gold_5g": (999, ""),
    "gold_3d": (999, ""),
    "k18_white": (750, ""),
    "k18_yellow": (750, ""),
    "k18_rose": (750, ""),
    "pt950": (950, PLATINUM),
    "ag999": (999, SILVER),
    "ag925": (925, ""),
    "steel": (0, ""),
    "none": (0, ""),
}
# What a piece at a fixed price costs the shop, in percent of its tag, by what it is mostly made of.
_COST_PERCENT = {"diamond": 46, "jadeite": 38, "nephrite": 36, "pearl": 40, "ruby": 44, "sapphire": 44}
_COST_PERCENT_METAL = {"gold_5g": 66, "gold_3d": 64, "ag925": 32, "steel": 55}
_GRAMS_IN_NAME = re.compile(r"(\d+)克")
_CARATS_IN_NAME = re.compile(r"(\d+\.\d+) ct")


@lru_cache(maxsize=1)
def catalogue() -> tuple[StyleRow, ...]:
    """Return every style, series by series."""
    return tuple(style for series in GRAM_SERIES + FIXED_SERIES for style in _styles_of(series))


@lru_cache(maxsize=1)
def styles_by_no() -> dict[str, StyleRow]:
    """Return the styles by number."""
    return {style.style_no: style for style in catalogue()}


@lru_cache(maxsize=512)
def styles_of(series: tuple[str, ...], wearer: str) -> Weighted[StyleRow]:
    """Return the styles of some series that suit a wearer ("f", "m", "baby" or "" for anybody), drawn by popularity.

    If none suits the wearer, all styles of the series are returned: people do buy what is not meant for them.
    """
    found = [style for style in catalogue() if style.series in series]
    suited = [style for style in found if not wearer or style.wearer in (wearer, "u", "baby")]
    return Weighted((style, style.popularity) for style in suited or found)


def price_today(style: StyleRow, day: date) -> int:
    """Return what one piece costs at the counter on a day, before any discount, in fen."""
    if style.price_mode == "fixed":
        return style.tag_minor
    board = board_price(METALS[style.metal][1], day)
    return style.weight_mg * board // 1000 + making_charge(style, style.weight_mg)


def making_charge(style: StyleRow, weight_mg: int) -> int:
    """Return the making charge (工费) of one piece of a weight, in fen."""
    return style.making_per_piece_minor + weight_mg * style.making_per_gram_minor // 1000


def _styles_of(series: Series) -> list[StyleRow]:
    motifs = series.motifs.split()
    named = [pair.split("|") for pair in series.named.split(";")] if series.named else []
    places = list(range(len(motifs)))
    if not named:
        dice(0, "places", series.code).shuffle(places)
    return [
        _style(series, number, motif, places[number], len(motifs), named[number] if named else None)
        for number, motif in enumerate(motifs)
    ]


def _style(series: Series, number: int, motif: str, place: int, of: int, named: list[str] | None) -> StyleRow:
    """Make one style; `place` says how heavy and dear it is inside its series."""
    rng = dice(0, "style", series.code, number)
    motif_zh, motif_en = MOTIFS[motif]
    name, name_en = named or (series.zh.format(motif_zh), series.en.format(motif_en))
    grams = _GRAMS_IN_NAME.search(name)
    weight = (
        int(grams[1]) * 1000 if grams else _between(series.weights, place, of) // 100 * 100 + rng.randrange(10) * 10
    )
    tag = _tag(series, place, of)
    per_gram = 0 if series.category == "bar" and series.code == "SX" else series.making * 100
    per_piece = 0 if tag or per_gram else series.making * 100 + weight * 8 // 10
    making = per_piece + weight * per_gram // 1000
    carats = _CARATS_IN_NAME.search(name_en)
    return StyleRow(
        style_no=f"{series.code}{20 + (number * 7 + len(series.code)) % 6}{number + 1:02d}",
        name=name,
        name_en=name_en,
        category=series.category,
        metal=series.metal,
        purity_permille=METALS[series.metal][0],
        stone=series.stone,
        stone_millicarats=int(carats[1].replace(".", "")) * 10 if carats else _between(series.carats, place, of),
        price_mode=series.mode,
        weight_mg=weight,
        tag_minor=tag,
        making_per_gram_minor=per_gram if series.mode == "gram" else 0,
        making_per_piece_minor=per_piece if series.mode == "gram" else 0,
        cost_minor=_cost(series, tag, making),
        motif=motif,
        series=series.code,
        wearer=series.wearer,
        occasions=tuple(series.occasions.split()),
        popularity=max(1, series.pull * (14 - 9 * place // of) // 10 + rng.randrange(4)),
    )


def _between(span: tuple[int, int], place: int, of: int) -> int:
    return span[0] + (span[1] - span[0]) * place // max(1, of - 1)


def _tag(series: Series, place: int, of: int) -> int:
    """Return the tag in fen: dearer ones pull away, and the price ends in 80 as on a shop's tag."""
    if series.mode != "fixed":
        return 0
    low, high = series.prices
    last = max(1, of - 1)
    yuan = low + (high - low) * place * place // (last * last)
    return (yuan // 100 * 100 + (80 if yuan >= 1000 else yuan % 100)) * 100


def _cost(series: Series, tag: int, making: int) -> int:
    if series.mode == "gram":
        return making * 45 // 100
    percent = _COST_PERCENT.get(series.stone) or _COST_PERCENT_METAL.get(series.metal, 50)
    return tag * percent // 100
