"""Workbooks put together by hand, to do harm or to be broken."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tests.basics.tables.hostile_cases import Case, Outcome, content, reads, refused

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
_DATA = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>'
_BLANK_ROWS = (
    '<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)
_PLAIN = reads(["1", "2"], headings=["a", "b"])


def sheet_xml(inside: str = _ROW + _DATA, *, before: str = "") -> bytes:
    """A sheet part."""
    return f"{_XML}{before}<worksheet {_MAIN}><sheetData>{inside}</sheetData></worksheet>".encode()


def parts() -> dict[str, bytes]:
    """The parts of the smallest workbook."""
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    )
    root = f'<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    sheet = f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    strings = f'<Relationship Id="rId2" Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/>'
    return {
        "[Content_Types].xml": (_XML + types).encode(),
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{root}</Relationships>'.encode(),
        "xl/workbook.xml": (
            f'{_XML}<workbook {_MAIN} xmlns:r="{_LINKS}">'
            f'<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{sheet}{strings}</Relationships>'
        ).encode(),
        "xl/sharedStrings.xml": f"{_XML}<sst {_MAIN}><si><t>a</t></si></sst>".encode(),
        "xl/worksheets/sheet1.xml": sheet_xml(),
    }


def zipped(changes: Mapping[str, bytes | None] = MappingProxyType({}), *, level: int = 6) -> bytes:
    """The workbook with parts replaced, added, or (None) left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, text in {**parts(), **changes}.items():
            if text is not None:
                archive.writestr(name, text)
    return target.getvalue()


def repeated_zip(name: str, piece: bytes, times: int, *, declared: int | None = None) -> bytes:
    """The workbook with one part whose deflate stream is `piece` many times over, written without unpacking it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = chunk * times + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    size = len(piece) * times if declared is None else declared
    rest = zipped({name: None})
    with zipfile.ZipFile(io.BytesIO(rest)) as archive:
        count, start = len(archive.infolist()), archive.start_dir
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(packed), size, len(name), 0)
    local = b"PK\3\4" + fields + name.encode() + packed
    entry = b"PK\1\2\x14\0" + fields + struct.pack("<HHHII", 0, 0, 0, 0, start) + name.encode()
    directory = rest[start:-22] + entry
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count + 1, count + 1, len(directory), start + len(local), 0)
    return rest[:start] + local + directory + end


def _one(name: str, text: bytes | Callable[[], bytes], expected: Outcome, *, bomb: bool = False) -> Case:
    return content(f"archive: {name}", "sales.xlsx", text, expected, bomb=bomb)


def bombs() -> list[Case]:
    """Little on disk, much in memory."""
    bomb, heavy = refused("archive_bomb"), refused("file_too_heavy")
    sheet, mega = "xl/worksheets/sheet1.xml", b" " * (1 << 20)
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="SF1048576"><v>1</v></c></row>'
    long_string = f"{_XML}<sst {_MAIN}><si><t>{'x' * 30_000}</t></si></sst>".encode()
    uses = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 30_000))
    ods = ods_parts(
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="400" '
        'office:value-type="float" office:value="1"/></table:table-row>'
    )
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    return [
        _one("a gigabyte in the sheet", lambda: repeated_zip(sheet, mega, 1024), bomb, bomb=True),
        _one("a gigabyte in the strings", lambda: repeated_zip("xl/sharedStrings.xml", mega, 1024), bomb, bomb=True),
        _one("a gigabyte in a picture", repeated_zip("xl/media/a.bin", b"\0" * (1 << 20), 1024), bomb, bomb=True),
        _one(
            "ten gigabytes that say they are ten bytes",
            lambda: repeated_zip(sheet, mega, 4000, declared=10),
            refused("broken_workbook"),
            bomb=True,
        ),
        _one(
            "300 MB that say they are four",
            repeated_zip(sheet, mega, 300, declared=4 << 20),
            refused("broken_workbook"),
            bomb=True,
        ),
        _one(
            "twelve parts of ten megabytes",
            lambda: zipped({f"xl/x{n}.xml": mega * 10 for n in range(12)}),
            bomb,
            bomb=True,
        ),
        _one("five thousand parts", zipped({f"xl/x{n}": b"" for n in range(5000)}), bomb, bomb=True),
        _one("forty thousand parts", lambda: zipped({f"xl/x{n}": b"" for n in range(40_000)}), bomb, bomb=True),
        _one("two cells in far corners", zipped({sheet: sheet_xml(corners)}), heavy, bomb=True),
        _one(
            "one long string 30,000 times",
            zipped({"xl/sharedStrings.xml": long_string, sheet: sheet_xml(uses)}),
            heavy,
            bomb=True,
        ),
        _one("repeated cells in ods", ods, refused("broken_workbook"), bomb=True),
        _one(
            "billion laughs in the sheet", zipped({sheet: sheet_xml(before=laughs)}), refused("xml_entity"), bomb=True
        ),
        _one("deeply nested xml", zipped({sheet: sheet_xml("<a>" * 400_000)}), refused("no_rows"), bomb=True),
        _one("zip in zip", zipped({"xl/workbook.xml": None, "a.xlsx": zipped()}), refused("broken_workbook")),
    ]


def ods_parts(rows: str, **more: bytes) -> bytes:
    """The smallest OpenDocument sheet."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    body = (
        f'{_XML}<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">{rows}'
        f"</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'{_XML}<manifest:manifest xmlns:manifest="{space}:manifest:1.0"/>'
    files = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": body.encode()}
    files |= {"META-INF/manifest.xml": manifest.encode(), **more}
    return zipped({**dict.fromkeys(parts()), **files})


def entities() -> list[Case]:
    """Declarations that spreadsheets never write, in every part that is parsed."""
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    cases = []
    for name, text in parts().items():
        changed = text.replace(_XML.encode(), (_XML + outside).encode())
        cases.append(_one(f"entity in {name}", zipped({name: changed}), refused("xml_entity")))
    far = sheet_xml(before="<!--" + "x" * 700_000 + "-->" + outside)
    return [
        *cases,
        _one(
            "doctype in small letters",
            zipped({"xl/workbook.xml": b"<!doctype x>" + parts()["xl/workbook.xml"]}),
            refused("xml_entity"),
        ),
        _one("doctype behind a long remark", zipped({"xl/worksheets/sheet1.xml": far}), refused("xml_entity")),
        _one(
            "a sheet in utf-16",
            zipped({"xl/worksheets/sheet1.xml": sheet_xml().decode().encode("utf-16")}),
            refused("xml_entity"),
        ),
        _one(
            "an outside file in strings",
            zipped({"xl/sharedStrings.xml": (_XML + outside + "<sst/>").encode()}),
            refused("xml_entity"),
        ),
    ]


def damage() -> list[Case]:
    """Cut, patched and contradictory archives."""
    good, broken = zipped(), refused("broken_workbook")
    sheet = "xl/worksheets/sheet1.xml"
    cuts = [
        _one(f"cut at {share} %", good[: len(good) * share // 100], broken) for share in (1, 10, 25, 50, 75, 90, 99)
    ]
    wrong_sum = bytearray(good)
    place = good.rfind(b"PK\1\2")
    wrong_sum[place + 16 : place + 20] = b"\1\2\3\4"
    locked = bytearray(good)
    for at in [n for n in range(len(good)) if good.startswith(b"PK\1\2", n)]:
        locked[at + 8] |= 1
    doubled = io.BytesIO(good)
    with zipfile.ZipFile(doubled, "a") as archive:
        archive.writestr("XL/Workbook.xml", b"<x/>")
    in_range = '<row r="1"><c r="A1"><v>1</v></c></row>'
    return [
        *cuts,
        _one("a wrong sum", bytes(wrong_sum), broken),
        _one("locked parts", bytes(locked), refused("encrypted_workbook")),
        _one("two parts of one name", doubled.getvalue(), broken),
        _one("bytes before the archive", b"#" * 100 + good, refused("not_a_table")),
        _one("no sheet", zipped({sheet: None}), broken),
        _one("no relations", zipped({"xl/_rels/workbook.xml.rels": None}), broken),
        _one("sheet of rubbish", zipped({sheet: b"\xff\xfe\xfd rubbish"}), refused("xml_entity")),
        _one("sheet not closed", zipped({sheet: sheet_xml()[:-40]}), broken),
        _one(
            "a string that does not exist",
            zipped({sheet: sheet_xml('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')}),
            broken,
        ),
        _one(
            "a number that is none",
            zipped({sheet: sheet_xml('<row r="1"><c r="A1"><v>abc</v></c></row>')}),
            reads(headings=["abc"]),
        ),
        _one(
            "a cell name out of range",
            zipped({sheet: sheet_xml(in_range.replace("A1", "ZZZZZZZ99999999999"))}),
            refused("too_many_rows"),
        ),
        _one(
            "a cell without a name",
            zipped({sheet: sheet_xml('<row><c t="inlineStr"><is><t>a</t></is></c></row>')}),
            reads(headings=["a"]),
        ),
        _one(
            "relations that lead outside",
            zipped(
                {
                    "xl/_rels/workbook.xml.rels": parts()["xl/_rels/workbook.xml.rels"].replace(
                        b"worksheets/sheet1.xml", b"../../../../etc/passwd"
                    )
                }
            ),
            broken,
        ),
        _one("an empty archive", b"PK\5\6" + b"\0" * 18, refused("not_a_table")),
        _one("names with ways out", zipped({"../../evil.xml": b"<x/>"}), _PLAIN),
        _one("plain", good, _PLAIN),
        _one("stored without packing", zipped(level=0), _PLAIN),
        _one("links to other files", zipped({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}), _PLAIN),
        content("archive: workbook named csv", "sales.csv", good, _PLAIN),
    ]


def programs() -> list[Case]:
    """Macros, passwords, other office files."""
    macro, locked, other = refused("macro_workbook"), refused("encrypted_workbook"), refused("not_a_table")
    enabled = parts()["[Content_Types].xml"].replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
    nothing: dict[str, bytes | None] = dict.fromkeys(parts())
    cell = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    row = f"<table:table-row>{cell}</table:table-row>"
    secret = b'<manifest><encryption-data checksum="x"/></manifest>'
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504

    def old(word: str, fill: bytes = b"\0" * 2048) -> bytes:
        return head + word.encode("utf-16-le") + fill

    return [
        _one("macros", zipped({"xl/vbaProject.bin": b"x"}), macro),
        _one("macros in capitals", zipped({"XL/VBAPROJECT.BIN": b"x"}), macro),
        _one("macros by declaration", zipped({"[Content_Types].xml": enabled}), macro),
        _one("a macro sheet", zipped({"xl/macrosheets/sheet1.xml": sheet_xml()}), macro),
        _one("binary workbook", zipped({"xl/workbook.bin": b"x"}), other),
        _one("text document", zipped({**nothing, "word/document.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}), other),
        _one("presentation", zipped({**nothing, "ppt/presentation.xml": b"<x/>"}), other),
        _one("zip of csv", zipped({**nothing, "a.csv": b"a,b\n1,2\n"}), other),
        _one("java program", zipped({**nothing, "META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe"}), other),
        _one("ods", ods_parts(row * 2), reads(headings=["a"], skipped=["repeated_heading"])),
        _one("ods with blank rows to the end of the world", ods_parts(row * 2 + _BLANK_ROWS), reads(headings=["a"])),
        _one("ods with macros", ods_parts(row, **{"Basic/script-lc.xml": b"<x/>"}), macro),
        _one("ods with a password", ods_parts(row, **{"META-INF/manifest.xml": secret}), locked),
        content("old: password", "a.xlsx", old("EncryptedPackage"), locked),
        content("old: password named csv", "a.csv", old("EncryptedPackage"), locked),
        content("old: macros", "a.xls", old("_VBA_PROJECT"), macro),
        content("old: text document", "a.xls", old("WordDocument"), other),
        content("old: head only", "a.xls", head[:8], other),
        content("old: broken workbook", "a.xls", old("Workbook"), refused("broken_workbook")),
        content("old: workbook of noise", "a.xls", old("Workbook", bytes(range(256)) * 40), refused("broken_workbook")),
    ]
