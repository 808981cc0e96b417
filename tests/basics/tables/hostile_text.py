"""Text files that go wrong: encodings, delimiters, quotes, bombs, other files under a false name."""

from __future__ import annotations

import codecs
import gzip
import random
from collections.abc import Callable
from itertools import product

from tests.basics.tables.hostile_cases import Case, Outcome, content, reads, refused

_HEAD = ["姓名", "电话", "备注"]
_ROWS = [
    ["张三丰", "13912345678", '说"好", 再;来|一\t次'],
    ["李小明", "013800000000", "第一行\n第二行"],
    ["欧阳娜娜", "310101199001011234", ""],
]
_ENCODINGS = {
    "utf-8": ("utf-8", b""),
    "utf-8-sig": ("utf-8", codecs.BOM_UTF8),
    "utf-16-le-mark": ("utf-16-le", codecs.BOM_UTF16_LE),
    "utf-16-be-mark": ("utf-16-be", codecs.BOM_UTF16_BE),
    "utf-16-le-bare": ("utf-16-le", b""),
    "utf-16-be-bare": ("utf-16-be", b""),
    "gb18030": ("gb18030", b""),
}
_SHOWN = {"utf-8-sig": "utf-8", "utf-16-le-mark": "utf-16", "utf-16-be-mark": "utf-16"}
_SHOWN |= {"utf-16-le-bare": "utf-16-le", "utf-16-be-bare": "utf-16-be"}


def written(rows: list[list[str]], delimiter: str = ",", newline: str = "\n") -> str:
    """CSV with every cell quoted that needs it, whatever the delimiter."""
    special = {delimiter, '"', "\n", "\r"}
    quoted = [['"' + c.replace('"', '""') + '"' if special & set(c) else c for c in row] for row in rows]
    return "".join(delimiter.join(row) + newline for row in quoted)


def combinations() -> list[Case]:
    """Every delimiter × encoding × line end: the same three rows, letter for letter."""
    cases = []
    delimiters = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|"}
    for (named, delimiter), (encoding, (codec, mark)), (end, newline) in product(
        delimiters.items(), _ENCODINGS.items(), {"lf": "\n", "crlf": "\r\n", "cr": "\r"}.items()
    ):
        rows = [[cell.replace("\n", newline) for cell in row] for row in _ROWS]
        text = mark + written([_HEAD, *rows], delimiter, newline).encode(codec)
        expected = reads(*rows, headings=_HEAD, encoding=_SHOWN.get(encoding, encoding), numbers=[2, 3, 4])
        cases.append(content(f"{named} {encoding} {end}", "customers.csv", text, expected))
    return cases


def _table(*lines: str) -> bytes:
    return "\n".join(lines).encode() + b"\n"


def encodings() -> list[Case]:
    """Letters that are sure, letters that must be asked about, bytes that are no letters."""
    late = "id,name\n" + "".join(f"{number},plain\n" for number in range(40_000))
    many = len(late.splitlines())

    def one(name: str, text: bytes | Callable[[], bytes], expected: Outcome) -> Case:
        return content(name, "customers.csv", text, expected)

    ask = refused("encoding_unknown")
    return [
        one(
            "gb bytes that are valid utf-8", "a,b\n1,陆毛\n".encode("gb18030"), reads(["1", "陆毛"], encoding="gb18030")
        ),
        one("the same name in utf-8", "a,b\n1,陆毛\n".encode(), reads(["1", "陆毛"], encoding="utf-8")),
        one("one Hanzi that may be yen", "a,b\n1,楼\n".encode("gb18030"), ask),
        one("one yen that may be a Hanzi", "a,b\n1,¥\n".encode(), ask),
        one("a name that reads well both ways", "a,b\n1,贾佳\n".encode(), ask),
        one("accents of western europe in utf-8", "a,b\n1,José Müller\n".encode(), reads(["1", "José Müller"])),
        one("accents of western europe in cp1252", "a,b\n1,José Müller\n".encode("cp1252"), ask),
        one("big5", "a,b\n1,繁體中文客戶名單\n".encode("big5"), ask),
        one("utf-8 then gb in one file", "a,b\n1,张三\n".encode() + "2,李四\n".encode("gb18030"), ask),
        one("gb then utf-8 in one file", "a,b\n1,张三丰\n".encode("gb18030") + "2,李小四儿\n".encode(), ask),
        one("utf-8 cut inside a letter", "a,b\n1,张三".encode()[:-1], ask),
        one("gb cut inside a letter", "a,b\n1,张三\n2,王五".encode("gb18030")[:-1], ask),
        one("overlong utf-8", b"a,b\n1,\xc0\x80\xc0\xaf\n", ask),
        one("surrogates in utf-8", b"a,b\n1,\xed\xa0\x80\xed\xb0\x80\n", ask),
        one("bytes ff in the middle", b"a,b\n1,\xff\xff\xff\n", ask),
        one("utf-32", "a,b\n1,张三\n".encode("utf-32"), reads(["1", "张三"])),
        one("utf-16 with an odd length", "a,b\n1,张三\n".encode("utf-16")[:-1], refused("broken_text")),
        one("utf-16 with a lone surrogate", b"\xff\xfea\0,\0b\0\n\0\x00\xd8,\0c\0\n\0", refused("broken_text")),
        one(
            "bare utf-16 with a lone surrogate",
            "a,b\n".encode("utf-16-le") + b"\x00\xdc,\0\n\0",
            refused("broken_text"),
        ),
        one("utf-16 with a zero letter", "a,b\n1,x\0y\n".encode("utf-16"), refused("not_a_table")),
        one("rare letters of four bytes in gb", "a,b\n1,客户𠮷田\n".encode("gb18030"), reads(["1", "客户𠮷田"])),
        one("emoji", "a,b\n1,小明😀\n".encode(), reads(["1", "小明😀"])),
        one("middle dot in a name", "a,b\n1,阿卜杜·热合曼\n".encode(), reads(["1", "阿卜杜·热合曼"])),
        one(
            "first Hanzi after a quarter megabyte, utf-8",
            (late + "9,张三\n").encode(),
            Outcome(count=many, encoding="utf-8"),
        ),
        one("first Hanzi late, gb", (late + "9,客户\n").encode("gb18030"), Outcome(count=many, encoding="gb18030")),
        one("one bad byte at the very end", late.encode() + b"9,\xff\n", ask),
        one(
            "utf-8 of many lines, then one in gb",
            ("a,b\n" + "1,张三的客户\n" * 9000).encode() + b"2,\xc0\xee\xcb\xc4\n",
            refused("broken_text"),
        ),
        one("two marks at the start", codecs.BOM_UTF8 * 2 + b"a,b\n1,2\n", reads(["1", "2"], headings=["a", "b"])),
    ]


def false_names() -> list[Case]:
    """Files that are something else, whatever their name says."""
    noise = random.Random(7).randbytes(20_000)
    heads = {
        "pdf": b"%PDF-1.7\n",
        "png": b"\x89PNG\r\n\x1a\n",
        "jpeg": b"\xff\xd8\xff\xe0",
        "gif": b"GIF89a",
        "riff": b"RIFF\x00\x00\x00\x00WEBP",
        "elf": b"\x7fELF\x02\x01",
        "exe": b"MZ\x90\x00",
        "rar": b"Rar!\x1a\x07\x01",
        "7z": b"7z\xbc\xaf\x27\x1c",
        "bzip2": b"BZh91AY&SY",
        "xz": b"\xfd7zXZ\x00",
        "zstd": b"\x28\xb5\x2f\xfd",
        "sqlite": b"SQLite format 3\x00",
        "parquet": b"PAR1\x15\x04",
        "noise": b"\x00",
    }
    cases = [
        content(f"{name} named csv", "sales.csv", head + noise, refused("not_a_table")) for name, head in heads.items()
    ]
    texts = {
        "rtf": b"{\\rtf1\\ansi hello}",
        "html table named xls": b"<html><table><tr><td>1</td></tr></table></html>",
        "html doctype": b"<!DOCTYPE html>\n<html></html>",
        "html fragment": b"\n <table><tr><td>a</td></tr></table>",
        "xml spreadsheet 2003": b'<?xml version="1.0"?><Workbook/>',
        "svg": b"<svg xmlns='x'></svg>",
        "html behind a mark": codecs.BOM_UTF8 + b"<html></html>",
        "json object": b'{"a": 1}',
        "json rows": b'[{"a": 1}]',
        "json arrays": b"[[1, 2]]",
        "shell script": b"#!/bin/sh\necho 1\n",
        "script tag": b"<script>alert(1)</script>",
    }
    cases += [content(name, "sales.xls", text, refused("not_a_table")) for name, text in texts.items()]
    return [
        *cases,
        content("zero byte in the middle", "a.csv", b"a,b\n1,2\n3,\x004\n", refused("not_a_table")),
        content("zero byte far behind", "a.csv", b"a,b\n" + b"1,2\n" * 100_000 + b"\0\n", refused("not_a_table")),
        content("csv named xlsx", "a.xlsx", b"a,b\n1,2\n", reads(["1", "2"])),
        content("csv named gz", "a.csv.gz", b"a,b\n1,2\n", reads(["1", "2"])),
    ]


def packed() -> list[Case]:
    """Gzip: good, broken, nested, bombs."""
    table = written([_HEAD, *_ROWS]).encode()
    good = gzip.compress(table)
    zeros, lines, blanks = (gzip.compress(part * (10 << 20)) for part in (b"\0", b"a", b" "))
    rows = gzip.compress(b"a,b,c\n" * (2 << 20))
    expected = reads(*_ROWS, headings=_HEAD)
    plain = [
        content(f"gzip {e}", "a.csv.gz", gzip.compress(written([_HEAD, *_ROWS]).encode(e)), expected)
        for e in ("utf-8", "gb18030", "utf-16", "utf-8-sig")
    ]
    return [
        *plain,
        content("gzip named csv", "a.csv", good, expected),
        content("gzip of two members", "a.gz", gzip.compress(table[:60]) + gzip.compress(table[60:]), expected),
        content("gzip of nothing", "a.gz", gzip.compress(b""), refused("empty_file")),
        content("gzip cut in half", "a.gz", good[: len(good) // 2], refused("broken_archive")),
        content("gzip without its end", "a.gz", good[:-4], refused("broken_archive")),
        content("gzip with a wrong sum", "a.gz", good[:-8] + b"\1\2\3\4" + good[-4:], refused("broken_archive")),
        content("gzip with rubbish behind", "a.gz", good + b"rubbish", refused("broken_archive")),
        content("gzip head only", "a.gz", b"\x1f\x8b\x08\x00", refused("broken_archive")),
        content("gzip in gzip", "a.gz", gzip.compress(good), refused("not_a_table")),
        content("gzip in gzip in gzip", "a.gz", gzip.compress(gzip.compress(good)), refused("not_a_table")),
        content("zip in gzip", "a.gz", gzip.compress(b"PK\x03\x04" + b"x" * 99), refused("not_a_table")),
        content("pdf in gzip", "a.gz", gzip.compress(b"%PDF-1.4 x"), refused("not_a_table")),
        content("gzip bomb of zeros", "a.gz", lambda: zeros * 100, refused("not_a_table"), bomb=True),
        content("gzip bomb of one endless line", "a.gz", lambda: lines * 100, refused("row_too_long"), bomb=True),
        content("gzip bomb of blanks", "a.gz", lambda: blanks * 100, refused("row_too_long"), bomb=True),
        content("gzip bomb of short rows", "a.gz", lambda: rows * 100, refused("archive_bomb"), bomb=True),
        content(
            "gzip bomb of blank lines",
            "a.gz",
            lambda: gzip.compress(b"\n" * (10 << 20)) * 100,
            refused("archive_bomb"),
            bomb=True,
        ),
        content(
            "gzip bomb behind an open quote",
            "a.gz",
            gzip.compress(b'a,b\n"' + b"x\n" * (5 << 20)) + rows * 99,
            refused("archive_bomb"),
            bomb=True,
        ),
    ]


def quotes_and_widths() -> list[Case]:
    """Records that never end, and rows too wide to be rows."""
    head = b"a,b\n1,2\n"

    def one(name: str, text: bytes | Callable[[], bytes], expected: Outcome, *, bomb: bool = False) -> Case:
        return content(name, "a.csv", text, expected, bomb=bomb)

    return [
        one("quote never closed", head + b'3,"open\n4,5\n', refused("quote_not_closed")),
        one("quote never closed in the last line", head + b'3,"open', refused("quote_not_closed")),
        one("quote open for 300 kB", head + b'3,"' + b"word word\n" * 30_000, refused("cell_too_long")),
        one(
            "quote open for 60 MB",
            lambda: head + b'3,"' + b"word word\n" * 6_000_000,
            refused("cell_too_long"),
            bomb=True,
        ),
        one("one line of 60 MB", lambda: head + b"x" * 60_000_000, refused("row_too_long"), bomb=True),
        one("a million columns", lambda: b",".join([b"c"] * 1_000_000) + b"\n", refused("row_too_long"), bomb=True),
        one("a million blank columns", lambda: head + b"," * 1_000_000 + b"\n", refused("too_many_columns"), bomb=True),
        one("half a million rows of quotes", lambda: head + b'"\n",' * 4_000_000, refused("row_too_long"), bomb=True),
        one("501 columns", b",".join(b"c%d" % n for n in range(501)) + b"\n", refused("too_many_columns")),
        one("500 columns", b",".join(b"c%d" % n for n in range(500)) + b"\n", reads()),
        one("501 columns in the tenth row", head * 8 + b"1" + b",1" * 500 + b"\n", refused("too_many_columns")),
        one("a cell of 131,073 letters", head + b"3," + b"x" * 131_073 + b"\n", refused("cell_too_long")),
        one(
            "a cell of 131,072 letters", head + b"3," + b"x" * 131_072 + b"\n", reads(["1", "2"], ["3", "x" * 131_072])
        ),
        one("quotes inside a word", head + b'3,5" ring\n', reads(["1", "2"], ["3", '5" ring'])),
        one("letters behind a closed quote", head + b'3,"5"ring\n', reads(["1", "2"], ["3", "5ring"])),
        one("doubled quotes", head + b'3,"say ""hi"""\n', reads(["1", "2"], ["3", 'say "hi"'])),
        one("single quotes are letters", head + b"3,'4\n", reads(["1", "2"], ["3", "'4"])),
        one("no line end at the end", b"a,b\n1,2", reads(["1", "2"])),
        one("line ends of both kinds", b"a,b\r\n1,2\n3,4\r\n", reads(["1", "2"], ["3", "4"])),
    ]
