"""Small paintings that stand for photos in the demo shop: a ring, a bangle, a pendant on warm paper."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
_SIZE = (1200, 900)
_METALS: dict[str, tuple[Colour, Colour]] = {
    "white": ((168, 170, 176), (246, 247, 250)),
    "rose": ((176, 112, 88), (248, 212, 194)),
    "yellow": ((166, 116, 38), (252, 224, 150)),
}
_STONES: dict[str, tuple[Colour, Colour]] = {
    "diamond": ((176, 200, 214), (255, 255, 255)),
    "jadeite": ((62, 132, 96), (190, 228, 204)),
    "nephrite": ((196, 196, 178), (250, 248, 236)),
    "pearl": ((214, 200, 188), (255, 250, 244)),
    "ruby": ((132, 20, 40), (238, 112, 124)),
    "sapphire": ((24, 46, 110), (120, 156, 226)),
    "emerald": ((14, 86, 62), (120, 206, 166)),
}
_PAPERS: tuple[Colour, ...] = ((246, 238, 226), (243, 234, 224), (248, 241, 232))


def drawn(*, category: str, metal: str, stone: str, seed: int) -> bytes:
    """Return a small painting of a piece as PNG, always the same for the same words."""
    picture = _paper(_PAPERS[seed % len(_PAPERS)])
    tone = _METALS["white" if "white" in metal or metal.startswith("pt") else "rose" if "rose" in metal else "yellow"]
    gem = _STONES.get(stone, _STONES["diamond"])
    if "bangle" in category or category == "bracelet":
        tone = gem if stone in ("jadeite", "nephrite") else tone
        _ring(picture, (600, 470), (290, 236), 58, tone)
    elif category in ("ring", "wedding_ring"):
        _ring(picture, (600, 560), (190, 190), 30, tone)
        _gem(picture, (600, 330), 84, gem, is_round=stone == "pearl")
    elif category == "earring":
        for x in (440, 760):
            _ring(picture, (x, 360), (44, 44), 10, tone)
            _gem(picture, (x, 476), 72, gem, is_round=stone == "pearl")
    else:
        _chain(picture, tone)
        _gem(picture, (600, 620), 104, gem, is_round=stone in ("pearl", "jadeite"))
    out = BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _mix(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _paper(colour: Colour) -> Image.Image:
    """Return a sheet that is lit from above."""
    light = Image.linear_gradient("L").resize(_SIZE)
    return Image.composite(
        Image.new("RGB", _SIZE, _mix(colour, (150, 128, 100), 0.2)), Image.new("RGB", _SIZE, colour), light
    )


def _shadow(picture: Image.Image, box: tuple[float, float, float, float], width: int) -> None:
    mask = Image.new("L", _SIZE)
    draw = ImageDraw.Draw(mask)
    left, top, right, bottom = box
    moved = (left + 16, top + 30, right + 16, bottom + 30)
    if width:
        draw.ellipse(moved, outline=120, width=width)
    else:
        draw.ellipse(moved, fill=110)
    picture.paste((96, 74, 50), mask=mask.filter(ImageFilter.GaussianBlur(18)))


def _ring(
    picture: Image.Image, middle: tuple[int, int], radii: tuple[int, int], width: int, tone: tuple[Colour, Colour]
) -> None:
    """Paint a band: dark at its edges, light along its middle."""
    (x, y), (wide, high) = middle, radii
    _shadow(picture, (x - wide, y - high, x + wide, y + high), width)
    draw = ImageDraw.Draw(picture)
    for step in range(width):
        share = 1 - abs(2 * step / width - 0.8)
        box = (x - wide + step, y - high + step, x + wide - step, y + high - step)
        draw.ellipse(box, outline=_mix(tone[0], tone[1], max(0.0, min(1.0, share))), width=2)
    draw.arc((x - wide + 8, y - high + 8, x + wide - 8, y + high - 8), 200, 262, fill=tone[1], width=5)


def _gem(
    picture: Image.Image, middle: tuple[int, int], radius: int, tone: tuple[Colour, Colour], *, is_round: bool
) -> None:
    """Paint a polished stone as a ball of light, or a cut one as eight facets around a table."""
    x, y = middle
    _shadow(picture, (x - radius, y - radius, x + radius, y + radius), 0)
    draw = ImageDraw.Draw(picture)
    if is_round:
        for step in range(radius):
            share = step / radius
            left, top, rest = x - 0.3 * step, y - 0.35 * step, radius - step
            box = (left - rest, top - rest, left + rest, top + rest)
            draw.ellipse(box, fill=_mix(tone[0], tone[1], share))
        return
    rim = [(0, -100), (71, -71), (100, 0), (71, 71), (0, 100), (-71, 71), (-100, 0), (-71, -71)]
    outer = [(x + dx * radius / 100, y + dy * radius / 100) for dx, dy in rim]
    table = [(x + (dx * 92 - dy * 38) * radius / 19_000, y + (dx * 38 + dy * 92) * radius / 19_000) for dx, dy in rim]
    for number in range(8):
        after = (number + 1) % 8
        light = (0.95, 0.6, 0.35, 0.2, 0.1, 0.3, 0.55, 0.8)
        draw.polygon([outer[number], outer[after], table[number]], fill=_mix(tone[0], tone[1], light[number]))
        draw.polygon(
            [outer[after], table[number], table[after]], fill=_mix(tone[0], tone[1], light[number] * 0.8 + 0.1)
        )
    draw.polygon(table, fill=_mix(tone[0], tone[1], 0.72))


def _chain(picture: Image.Image, tone: tuple[Colour, Colour]) -> None:
    draw = ImageDraw.Draw(picture)
    for offset, share in ((3, 0.1), (0, 0.75)):
        draw.arc((250, -420 + offset, 950, 540 + offset), 22, 158, fill=_mix(tone[0], tone[1], share), width=7)
