"""Our own naughty strings (promise P30): what people, tills and files may send, in classes, made by code and by hand.

A script that runs sets `window.__ran`; a template that is evaluated shows 1369 (37 * 37). Every class has short strings
too, so that each reaches the fields that are short. A `Deck` deals them, in the same order for the same seed.
"""

from __future__ import annotations

from functools import cache
from itertools import chain, product
from random import Random

RAN = "window.__ran=1"
PRODUCT = "37*37"
EVALUATED = "1369"

_TAGS = ("img", "svg", "body", "video", "audio", "details", "iframe", "input", "marquee", "object", "math", "style")
_EVENTS = ("onerror", "onload", "onfocus", "onmouseover", "ontoggle", "onanimationstart", "onbegin", "onpageshow")
_QUOTES = ("", '"', "'", "`", '">', "'>", "-->", "</title>", "</textarea>", "</script>", "</option></select>")


def _markup() -> list[str]:
    """Tags that would run something, after every way out of the place where the text stands."""
    tags = [f"<{tag} src=x {event}={RAN}>" for tag, event in product(_TAGS, _EVENTS[:5])]
    outs = [f"{out}<img src=x onerror={RAN}>" for out in _QUOTES]
    by_hand = [
        f"<script>{RAN}</script>",
        f"<ScRiPt >{RAN}</sCrIpT>",
        f"<scr<script>ipt>{RAN}</scr</script>ipt>",
        f"<script/x>{RAN}</script >",
        f"<svg><script>{RAN}</script></svg>",
        f"<svg><animate onbegin={RAN} attributeName=x dur=1s>",
        f"<svg><a xlink:href=javascript:{RAN}><text y=20>a</text></a></svg>",
        f"<math><mtext><table><mglyph><style><img src=x onerror={RAN}>",
        f"<noscript><p title='</noscript><img src=x onerror={RAN}>'>",
        f"<template><img src=x onerror={RAN}></template>",
        f"<iframe srcdoc='<script>parent.{RAN}</script>'></iframe>",
        f"<form><button formaction=javascript:{RAN}>x</button></form>",
        f"<input autofocus onfocus={RAN}>",
        f"<select autofocus onfocus={RAN}>",
        f"<details open ontoggle={RAN}>",
        f"<style>@keyframes x{{}}</style><b style=animation-name:x onanimationstart={RAN}>",
        f"<link rel=stylesheet href=data:text/css,*{{}} onload={RAN}>",
        "<base href=//evil.example/>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        f"<!--><img src=x onerror={RAN}>-->",
        f"<![CDATA[<img src=x onerror={RAN}>]]>",
        f"<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>{RAN}</x:script>",
        f"&lt;img src=x onerror={RAN}&gt;",
        f"&#60;img src=x onerror={RAN}&#62;",
        f"%3Cimg%20src=x%20onerror={RAN}%3E",
        f"\\u003cimg src=x onerror={RAN}\\u003e",
        f"＜img src=x onerror={RAN}＞",
        f"<\u200bscript>{RAN}</script>",
        "<b>粗</b>",
        "<i>",
        "</b>",
        "<!--",
        "&amp;amp;",
        "&lt;",
        "<3",
        "a<b>c",
    ]
    return [*by_hand, *outs, *tags]


def _attribute() -> list[str]:
    """Ways out of an attribute, of htmx's too."""
    ends = ('"', "'", "", "&quot;", "&#39;", '\\"', "\x0b", "`")
    made = [f"{end} autofocus {event}={RAN} x={end}" for end, event in product(ends, _EVENTS)]
    htmx = [
        f"{end} hx-{name} {end}"
        for end, name in product(
            ('"', "'"),
            (f"on:load={RAN}", f"on::after-request={RAN}", "get=//evil.example trigger=load", f"vals=js:{{x:{RAN}}}"),
        )
    ]
    return [*made, *htmx, '"', "'", "''", '""', "`", "\\", "\\'", '\\"', "' '", 'x" y="z', "&quot;", "onload=1"]


def _script() -> list[str]:
    """Ways out of a string, a JSON text or a comment inside a script."""
    ends = ("'", '"', "`", "\\'", '\\"', "</script>", "*/", "\\", "]}", "'}", '"}')
    made = [f"{end};{RAN};//" for end in ends] + [f"{end}-({RAN})-{end}" for end in ends[:3]]
    return [
        *made,
        f"${{{RAN}}}",
        f"`${{{RAN}}}`",
        f"</script><script>{RAN}</script>",
        f"<!--<script>{RAN}",
        f"]]>;{RAN}",
        f"\u2028{RAN}\u2029",
        f"__proto__[x]={RAN}",
        "__proto__",
        "constructor",
        "{}",
        "[]",
        '{"a":1}',
        "toString",
        "\\x3cscript\\x3e",
        "\\u0027",
    ]


def _address() -> list[str]:
    """Addresses of schemes that run or leak, as links and pictures might take them."""
    schemes = ("javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", " javascript:", "\x01javascript:")
    more = ("vbscript:", "data:text/html,", "data:text/html;base64,", "data:image/svg+xml,", "view-source:", "blob:")
    made = [f"{scheme}{RAN}" for scheme in (*schemes, *more)]
    made += [f"{scheme}//%0a{RAN}" for scheme in schemes[:2]]
    hosts = ("//evil.example", "\\\\evil.example", "/\\evil.example", "http:evil.example", "https://a@evil.example/")
    places = ("http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/", "http://①②⑦.0.0.1/")
    inner = ("file:///etc/passwd", "gopher://127.0.0.1:25/", "http://100.100.100.200/", "http://169.254.169.254/x")
    return [*made, *hosts, *places, *inner, "jar:x!/", "javascript&colon;1", "feed:x", "about:blank", "tel:110"]


def _template() -> list[str]:
    """Expressions of template languages."""
    opens = (
        ("{{", "}}"),
        ("${", "}"),
        ("#{", "}"),
        ("<%=", "%>"),
        ("[[", "]]"),
        ("{%", "%}"),
        ("@(", ")"),
        ("*{", "}"),
    )
    bodies = (PRODUCT, f" {PRODUCT} ", "settings.SECRET_KEY", "request.user.password", "self.__class__.__mro__", "7|x")
    made = [f"{left}{body}{right}" for (left, right), body in product(opens, bodies)]
    by_hand = [
        "{% debug %}",
        "{% load l10n %}",
        "{% include '/etc/passwd' %}",
        "{% csrf_token %}",
        "{# x #}",
        "{{",
        "}}",
        "{%",
        "%}",
        "{",
        "}",
        "{0}",
        "{name}",
        "{0.__class__}",
        "{name.__globals__}",
        "{!r}",
        "%s",
        "%(name)s",
        "%n",
        "%d%d%d",
        "%",
        "%%",
        "100%",
        "$name",
        "${name}",
        "$(id)",
        "`id`",
        "#set($x=1)",
        "<#assign x=1>",
        "T(java.lang.Runtime)",
    ]
    return [*made, *by_hand]


def _formula() -> list[str]:
    """Cells that a spreadsheet would compute."""
    starts = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "'=", '"=', " =", "\ufeff=", ";=", ",=")
    bodies = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example","x")', "SUM(A1:A9)", "A1", "DDE()")
    return [f"{start}{body}" for start, body in product(starts, bodies)]


def _query() -> list[str]:
    """Fragments of SQL, of search languages, names of columns and zones."""
    ends = ("'", '"', "')", "`", "\\'", "'; ", "1 ")
    tails = ("OR 1=1--", "UNION SELECT 1,2,3--", "; DROP TABLE customers_customer;--", "AND SLEEP(5)#", "/**/OR/**/1")
    made = [f"{end} {tail}" for end, tail in product(ends, tails)]
    by_hand = [
        "id; SELECT pg_sleep(5)",
        "name)--",
        "-name",
        "owner__password",
        "shop__path__startswith",
        "pk__in",
        "?",
        "updated,id",
        "Asia/Shanghai'; DROP TABLE x--",
        "Asia/../../etc/passwd",
        "UTC+25",
        "%",
        "_",
        "%_%",
        "*",
        '"a" AND "b"',
        "a NEAR b",
        "name:x",
        "NOT a",
        "a OR",
        '"',
        "(",
        "a*b*",
        "^a",
        "{a b}: c",
        "1e309",
        "0x1F",
        "1' AND '1'='1",
        "$1",
        ":name",
        "%s",
        "--",
        "/*",
        ";",
    ]
    return [*made, *by_hand]


def _header() -> list[str]:
    """Line ends and what would follow them in a header or a log."""
    lines = ("\r\n", "\n", "\r", "\u2028", "\u0085", "%0d%0a", "\\r\\n", "\r\n\r\n")
    tails = ("Set-Cookie: a=b", "Location: //evil.example", "X-A: b", "ERROR root forged", "<b>body</b>")
    made = [f"a{line}{tail}" for line, tail in product(lines, tails)]
    return [*made, "a\r\nb", "a\nb", "a\rb", "\x1b[31mred\x1b[0m", "a\x08b", "=?utf-8?b?PGI+?="]


def _script_of_people() -> list[str]:
    """Letters that turn, hide, pile up or lie outside the first plane."""
    hidden = [f"a{chr(code)}b" for code in (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x180E, 0x3164, 0xFE0F)]
    turned = [f"{chr(code)}abc" for code in (0x202A, 0x202B, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x200E, 0x200F)]
    by_hand = [
        "مرحبا بك",
        "שלום",
        "abc\u202egnp.exe",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L",
        "e\u0301 é",
        "가각",
        "각",
        "ﬁ ﬀ Ⅳ ㎏ ㍿",
        "ｆｕｌｌ　ｗｉｄｔｈ",
        "İ ı ß ẞ ſ",
        "𠮷野家",
        "𡘙𠀀𪚥",
        "㐂 䶮 丨",
        "龘靐齉爩",
        "囧囍",
        "ʇxǝʇ",
        "𝔊𝔬𝔱𝔥",
        "Ω≈ç√∫˜µ≤≥÷",
        "田中さん",
        "사회과학원",
        "नमस्ते",
        "ไทย",
        "\ue000\uf8ff",
        "\ufffd",
        "\U000e0041\U000e0042",
        "欧阳　娜娜",
        "阿卜杜拉·买买提",
        "O’Neil-Søren d'Arc",
        "Nguyễn Văn",
        "陆毛½ë",
    ]
    return [*hidden, *turned, *by_hand]


def _emoji() -> list[str]:
    """Pictures of one sign and of many."""
    signs = [
        "😀",
        "💍",
        "👑",
        "🐉",
        "❤️",
        "☎️",
        "👩\u200d👩\u200d👧\u200d👦",
        "👨🏿\u200d⚕️",
        "🇨🇳",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "1️⃣",
        "©️",
        "✨",
        "🧧",
        "🥮",
        "🀄",
        "♠",
        "⚱",
        "🈲",
        "🉐",
    ]
    return [*signs, *(f"王{sign}丽{sign}" for sign in signs), "😀" * 12, "👍🏻👍🏼👍🏽👍🏾👍🏿"]


def _nothing() -> list[str]:
    """Words that programs take for nothing, for true, or for a number."""
    words = (
        "null NULL None nil undefined NaN Infinity -Infinity true false True N/A #N/A #REF! #VALUE! - -- . ... 0 -0 00"
    )
    numbers = "1e5 1E308 1e999 0x10 0b1 007 1,000 1.0 -1 +1 ½ ٣ ３ 一 9223372036854775808 -9223372036854775809 1_000 ∞"
    dates = "1-2 2/29 3月4日 2023-02-29 0000-00-00 9999-12-31 1986-05-04T00:00 12-30 24:00 -1-1 1/1/1"
    return [
        *words.split(),
        *numbers.split(),
        *dates.split(),
        "无",
        "空",
        "不详",
        "测试",
        "13800138000",
        "110101199003070000",
    ]


def _path() -> list[str]:
    """Ways up and out of a folder, and names that systems keep for themselves."""
    ups = ["../" * deep + "etc/passwd" for deep in range(1, 6)] + ["..\\" * deep + "win.ini" for deep in range(1, 4)]
    coded = ["%2e%2e%2f", "..%2f", "%252e%252e/", "..%c0%af", "....//", "..;/", "/..", "./", "~root", "~/.ssh/id"]
    names = [
        "CON",
        "NUL",
        "AUX",
        "COM1",
        "LPT1",
        ".htaccess",
        ".git/config",
        "a.php;.csv",
        "x.csv/",
        "a:b",
        "a|b",
        "a?b",
        "a*b",
    ]
    return [
        *ups,
        *coded,
        *names,
        "/etc/passwd",
        "C:\\Windows\\x",
        "\\\\host\\share",
        "file.csv\\",
        "  ",
        ".",
        "..",
        "/",
    ]


def _long() -> list[str]:
    """Texts of the lengths at which boxes end, and far beyond."""
    edges = (1, 8, 16, 20, 40, 41, 60, 61, 80, 120, 121, 160, 200, 201, 255, 256, 300, 301, 500, 501, 2000, 4001)
    letters = [("长" * edge) for edge in edges]
    return [
        *letters,
        "W" * 130,
        "a " * 140,
        "<" * 170,
        "&" * 210,
        "😀" * 260,
        "'" * 290,
        "é" * 320,
        "x" * 20_001,
        "\n" * 50 + "x",
    ]


def _broken() -> list[str]:
    """What a database cannot keep or a reader cannot read: NUL, controls, halves of pairs."""
    halves = ["\ud800", "\udfff", "a\ud83d", "\udc00a", "\ud83d\u200d\ude00"]
    controls = [f"a{chr(code)}b" for code in (0, 1, 2, 7, 8, 11, 12, 14, 27, 31, 127, 0x80, 0x9F, 0xFFFE, 0xFFFF)]
    return [*halves, *controls, "\x00", "\x00\x00\x00", "a\x00", "\x00a", "NUL\x00<b>", "'\x00", "\x1a", "\x1ax"]


_MADE = {
    "markup": _markup,
    "attribute": _attribute,
    "script": _script,
    "address": _address,
    "template": _template,
    "formula": _formula,
    "query": _query,
    "header": _header,
    "letters": _script_of_people,
    "emoji": _emoji,
    "nothing": _nothing,
    "path": _path,
    "long": _long,
    "broken": _broken,
}
KINDS = tuple(_MADE)
# What a browser might run; these are shown in one at full, in every run.
ACTIVE = ("markup", "attribute", "script", "address")
QUIET = tuple(kind for kind in KINDS if kind not in ACTIVE)
# Their point is what the whole text is, so no mark may stand behind them.
BARE = frozenset({"nothing"})


@cache
def corpus() -> dict[str, tuple[str, ...]]:
    """Return every string by class, each once."""
    return {kind: tuple(dict.fromkeys(make())) for kind, make in _MADE.items()}


def everything() -> list[str]:
    """Return every string once."""
    return list(dict.fromkeys(chain.from_iterable(corpus().values())))


class Deck:
    """Deals the strings of each class in turn, shuffled by a seed; at each door all come before any comes again."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._piles: dict[tuple[str, str], list[str]] = {}
        self.dealt: dict[str, set[str]] = {}

    def deal(self, door: str, kind: str, *, most: int) -> str:
        """Return the next string of a class, short enough for a field if the class has such; "long" takes no heed."""
        strings = corpus()[kind]
        limit = most if kind != "long" and min(map(len, strings)) <= most else max(map(len, strings))
        pile = self._piles.setdefault((door, kind), [])
        if not any(len(text) <= limit for text in pile):
            fitting = [text for text in strings if len(text) <= limit]
            # At first the whole class; what is too long for this field waits in it for one that takes more.
            pile += self._random.sample(fitting, len(fitting)) if pile else self._random.sample(strings, len(strings))
        text = next(text for text in pile if len(text) <= limit)
        pile.remove(text)
        self.dealt.setdefault(door, set()).add(text)
        return text


def is_formula(cell: str) -> bool:
    """Return whether a spreadsheet that opens a text file would compute this cell; a plain number is none."""
    text = cell.lstrip(" \ufeff")
    if text[:1] not in set("=+-@\t\r\n＝＋－＠"):
        return False
    return not text[1:].replace(".", "", 1).isdecimal() or text[0] not in "-"
