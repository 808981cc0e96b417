"""Tables made for people: titles, notes, totals, two heading lines, and cells with something odd in them."""

from __future__ import annotations

from tests.basics.tables.hostile_cases import Case, Outcome, content, reads, refused

_TOTAL, _NOTE, _AGAIN, _MORE = "total_row", "note_row", "repeated_heading", "more_cells_than_headings"
_HEAD = "姓名,电话,金额"
_A, _B = ["张三", "13912345678", "100"], ["李四", "13812345678", "200"]
_LINE_A, _LINE_B = ",".join(_A), ",".join(_B)


def _one(name: str, lines: list[str], expected: Outcome) -> Case:
    return content(name, "sales.csv", ("\n".join(lines) + "\n").encode(), expected)


def titles() -> list[Case]:
    """What stands above the table, or instead of it."""
    names = ["姓名", "电话", "金额"]
    both = reads(_A, _B, headings=names)
    return [
        content("nothing at all", "a.csv", b"", refused("empty_file")),
        content("only a mark", "a.csv", b"\xef\xbb\xbf", refused("no_rows")),
        content("only a utf-16 mark", "a.csv", b"\xff\xfe", refused("no_rows")),
        content("only line ends", "a.csv", b"\n" * 50, refused("no_rows")),
        content("only delimiters", "a.csv", b",,,\n" * 50, refused("no_rows")),
        content("only blanks", "a.csv", b"   \n \n", refused("no_rows")),
        _one("headings only", [_HEAD], reads(headings=names)),
        _one("one heading, one column", ["电话", "13912345678"], reads(["13912345678"], headings=["电话"])),
        _one("a title", ["珍宝阁销售明细,,", _HEAD, _LINE_A, _LINE_B], both),
        _one("a title of one cell", ["珍宝阁销售明细", _HEAD, _LINE_A, _LINE_B], both),
        _one("a title and blank lines", ["珍宝阁销售明细", "", ",,", _HEAD, _LINE_A, _LINE_B], both),
        _one("who made it and when", ["销售明细", "制表人：王五,导出时间：2024-01-01", _HEAD, _LINE_A, _LINE_B], both),
        _one("printed by", ["Sales", "Printed: 2024-01-01 10:00,Page 1", _HEAD, _LINE_A, _LINE_B], both),
        _one("a hundred blank lines first", [""] * 100 + [_HEAD, _LINE_A, _LINE_B], both),
        _one("twelve title lines", [f"说明{n}" for n in range(12)] + [_HEAD, _LINE_A, _LINE_B], both),
        _one("sep line", ["sep=;", "姓名;电话;金额", "张三;13912345678;100"], reads(_A, headings=names)),
        _one("no headings", [_LINE_A, _LINE_B], reads(_A, _B, headings=["column 1", "column 2", "column 3"])),
        _one(
            "two headings of one name",
            ["金额,金额,金额", "1,2,3"],
            reads(["1", "2", "3"], headings=["金额", "金额 (2)", "金额 (3)"]),
        ),
        _one(
            "a blank heading",
            ["姓名,,金额", "张三,x,1", "李四,y,2"],
            reads(["张三", "x", "1"], ["李四", "y", "2"], headings=["姓名", "column 2", "金额"]),
        ),
        _one("delimiters behind each line", [_HEAD + ",,", _LINE_A + ",,", _LINE_B + ",,"], both),
        _one(
            "data beyond the headings",
            ["姓名,金额", "张三,1,x", "李四,2,y"],
            reads(["张三", "1", "x"], ["李四", "2", "y"], headings=["姓名", "金额", "column 3"]),
        ),
        _one("blanks around headings", ["  姓名 ,电话　, 金额", _LINE_A], reads(_A, headings=names)),
        _one(
            "invisible marks in headings",
            ["\u200b姓名,\u202e电话\u202c,金\ufeff额", _LINE_A],
            reads(_A, headings=names),
        ),
        _one(
            "a line break in a heading",
            ['姓名,"联系\n电话",金额', _LINE_A],
            reads(_A, headings=["姓名", "联系 电话", "金额"]),
        ),
        _one(
            "two heading lines",
            ["客户,,消费,", "姓名,电话,日期,金额", "张三,139,2024-01-01,5"],
            reads(
                ["张三", "139", "2024-01-01", "5"],
                headings=["客户 / 姓名", "客户 / 电话", "消费 / 日期", "消费 / 金额"],
            ),
        ),
        _one(
            "two heading lines and single ones",
            ["编号,客户,,备注", ",姓名,电话,", "1,张三,139,x"],
            reads(["1", "张三", "139", "x"], headings=["编号", "客户 / 姓名", "客户 / 电话", "备注"]),
        ),
        _one(
            "two heading lines below a title",
            ["销售明细", "编号,客户,,备注", ",姓名,电话,", "1,张三,139,x"],
            reads(["1", "张三", "139", "x"], headings=["编号", "客户 / 姓名", "客户 / 电话", "备注"]),
        ),
        _one(
            "a first row of words is no second heading",
            ["姓名,城市,等级", "张三,上海,金卡", "李四,北京,银卡"],
            reads(["张三", "上海", "金卡"], ["李四", "北京", "银卡"], headings=["姓名", "城市", "等级"]),
        ),
    ]


def totals() -> list[Case]:
    """Rows that are no rows of the table are left out, and said to be."""
    return [
        _one("合计 at the end", [_HEAD, _LINE_A, _LINE_B, "合计,,300"], reads(_A, _B, skipped=[_TOTAL])),
        _one(
            "小计 between",
            [_HEAD, _LINE_A, "小计,,100", _LINE_B, "小计,,200", "总计,,300"],
            reads(_A, _B, skipped=[_TOTAL, _TOTAL, _TOTAL], numbers=[2, 4]),
        ),
        _one("Total", [_HEAD, _LINE_A, "Total,,100"], reads(_A, skipped=[_TOTAL])),
        _one("GRAND TOTAL:", [_HEAD, _LINE_A, "GRAND TOTAL:,,100"], reads(_A, skipped=[_TOTAL])),
        _one("Subtotal", [_HEAD, _LINE_A, "Subtotal,,100"], reads(_A, skipped=[_TOTAL])),
        _one("合 计 with a blank inside", [_HEAD, _LINE_A, "合 计,,100"], reads(_A, skipped=[_TOTAL])),
        _one("合计： behind a blank cell", [_HEAD, _LINE_A, ",合计：,100"], reads(_A, skipped=[_TOTAL])),
        _one("the total of one shop", [_HEAD, _LINE_A, "南京路店合计,,100"], reads(_A, skipped=[_TOTAL])),
        _one("a total of the page", [_HEAD, _LINE_A, "本页小计,,100"], reads(_A, skipped=[_TOTAL])),
        _one("a customer called Total stays", [_HEAD, "Total,13912345678,100"], reads(["Total", "13912345678", "100"])),
        _one("a customer called 小计划 stays", [_HEAD, "小计划,,100"], reads(["小计划", "", "100"])),
        _one("a maker at the end", [_HEAD, _LINE_A, "制表人: 王五"], reads(_A, skipped=[_NOTE])),
        _one("headings on every page", [_HEAD, _LINE_A, _HEAD, _LINE_B], reads(_A, _B, skipped=[_AGAIN])),
        _one(
            "one cell too many far down",
            [_HEAD] + [_LINE_A] * 70 + ["王五,139,1,234"],
            Outcome(count=70, skipped=[_MORE]),
        ),
        _one("one cell too few", [_HEAD, "王五,139"], reads(["王五", "139", ""])),
        _one(
            "blank lines between",
            [_HEAD, _LINE_A, "", ",,", "  ,,", _LINE_B],
            reads(_A, _B, numbers=[2, 6], skipped=[]),
        ),
        _one("a total of totals only", [_HEAD, "合计,,0"], reads(skipped=[_TOTAL])),
    ]


def _cell(name: str, text: str, expected: str | None = None, *, odd: str | None = None) -> Case:
    quoted = '"' + text.replace('"', '""') + '"'
    kept = text if expected is None else expected
    found = reads([kept, "1", "x"], odd=[odd] if odd else [])
    return _one(f"cell: {name}", ["甲,乙,丙", f"{quoted},1,x"], found)


def cells() -> list[Case]:
    """Texts come through letter for letter; what a spreadsheet ruined is known as such."""
    return [
        _cell("a formula", '=HYPERLINK("http://x","y")'),
        _cell("a command", "=cmd|' /C calc'!A0"),
        _cell("plus", "+86 139"),
        _cell("minus", "-2+3"),
        _cell("at", "@SUM(1)"),
        _cell("leading zeros", "000123"),
        _cell("eighteen digits", "310101199001011234"),
        _cell("fifty digits", "9" * 50),
        _cell("scientific phone", "1.39123E+10", odd="scientific"),
        _cell("scientific identity", "3.10101E+17", odd="scientific"),
        _cell("phone as float", "13912345678.0", odd="float_tail"),
        _cell("error", "#N/A", odd="error_text"),
        _cell("column too narrow", "#########", odd="error_text"),
        _cell("forced text", '="0012"'),
        _cell("zero width inside", "张\u200b三"),
        _cell("right to left override", "\u202e876543219"),
        _cell("no-break blanks", "\u00a0张三\u00a0"),
        _cell("full width digits", "１３９１２３４５６７８"),
        _cell("combining accents", "e\u0301" * 20),
        _cell("line separator", "a\u2028b"),
        _cell("next line", "a\x85b"),
        _cell("vertical tab and form feed", "a\x0b\x0cb"),
        _cell("escape sequence", "a\x1b[31mb"),
        _cell("end of file of old", "a\x1ab"),
        _cell("backslashes", "C:\\new\\table"),
        _cell("markup", "<script>alert(1)</script>"),
        _cell("sql", "'; DROP TABLE x; --"),
        _cell("template", "{{ 7*7 }} {x} %s"),
        _cell("impossible date", "2023-02-30"),
        _cell("many lines", "a\nb\nc"),
        _cell("private letters", "\ue000\uf8ff"),
        _cell("noncharacters", "\ufdd0\U0001fffe"),
    ]
