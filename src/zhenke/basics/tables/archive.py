"""What is inside a workbook's zip, looked at before any spreadsheet library may open it.

Every part that would be parsed is unpacked once as a stream and thrown away: sizes must be what the directory says,
nothing may unpack to 100 times itself, no part may declare a document type. The same pass collects the cells that hold
an error (`#N/A`), because the reader behind hands them over as blank ones.
"""

from __future__ import annotations

import html
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from zhenke.basics.tables.limits import MEGABYTE, Limits
from zhenke.basics.tables.refusals import (
    ArchiveBomb,
    BrokenWorkbook,
    EncryptedWorkbook,
    FileTooLarge,
    MacroWorkbook,
    NotATable,
    XmlEntity,
)

_BLOCK = 256 * 1024
_OVERLAP = 512
_DIRECTORY_END = b"PK\x05\x06"
_DIRECTORY_BYTES = 2 * MEGABYTE
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ERROR_CELL = re.compile(
    rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?\st="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]{1,32})</v>'
)
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_MAX_ERROR_CELLS = 100_000


@dataclass(slots=True)
class Inspection:
    """What an archive holds: `unpacked` bytes of XML; each sheet's error cells by row and column, with their text."""

    unpacked: int = 0
    errors: dict[str, dict[int, dict[int, str]]] = field(default_factory=dict)


def inspect_workbook(path: Path, limits: Limits) -> Inspection:
    """Return what the zip holds, when it is a workbook that may be opened.

    Errors: ArchiveBomb, BrokenWorkbook, EncryptedWorkbook, FileTooLarge, MacroWorkbook, NotATable, XmlEntity.
    """
    with path.open("rb") as file:
        _check_directory(file)
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error, RecursionError):
            raise BrokenWorkbook() from None
        names = _checked_names(members, limits)
        _check_sizes(members, path.stat().st_size, limits)
        return _scan_parts(file, members, names, limits)


def _check_directory(file: BinaryIO) -> None:
    """A directory of millions of names is a bomb of its own: its size is read before it is."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    place = tail.rfind(_DIRECTORY_END)
    if place < 0 or len(tail) - place < 22:
        raise BrokenWorkbook()
    directory_bytes = struct.unpack_from("<I", tail, place + 12)[0]
    if directory_bytes > _DIRECTORY_BYTES and directory_bytes != 0xFFFFFFFF:
        raise ArchiveBomb(limit=100)
    if directory_bytes == 0xFFFFFFFF and size > _DIRECTORY_BYTES:
        raise ArchiveBomb(limit=100)
    file.seek(0)


def _checked_names(members: list[zipfile.ZipInfo], limits: Limits) -> set[str]:
    if len(members) > limits.max_members:
        raise ArchiveBomb(limit=limits.max_ratio)
    names = [member.filename.replace("\\", "/").lower() for member in members]
    if len(set(names)) != len(names):
        raise BrokenWorkbook()
    if any(member.flag_bits & 1 for member in members):
        raise EncryptedWorkbook()
    found = set(names)
    if "xl/workbook.bin" in found:
        raise NotATable(kind="a binary workbook (XLSB)")
    if "xl/workbook.xml" not in found and not {"content.xml", "mimetype"} <= found:
        raise NotATable(kind=_other_archive(found))
    if any("vbaproject" in name or name.startswith(("basic/", "xl/macrosheets/", "scripts/")) for name in found):
        raise MacroWorkbook()
    return found


def _other_archive(names: set[str]) -> str:
    if "word/document.xml" in names:
        return "a text document"
    if "ppt/presentation.xml" in names:
        return "a presentation"
    if any(name.startswith("xl/") or name == "[content_types].xml" for name in names):
        raise BrokenWorkbook()
    return "a ZIP archive of other files"


def _check_sizes(members: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    total = sum(member.file_size for member in members)
    if total > limits.ratio_floor_bytes:
        if total > limits.max_ratio * packed:
            raise ArchiveBomb(limit=limits.max_ratio)
        for member in members:
            if member.file_size > max(limits.ratio_floor_bytes, limits.max_ratio * member.compress_size):
                raise ArchiveBomb(limit=limits.max_ratio)
    if total > limits.max_unpacked_bytes:
        raise FileTooLarge(limit_mb=limits.max_unpacked_bytes // MEGABYTE)


def _scan_parts(file: BinaryIO, members: list[zipfile.ZipInfo], names: set[str], limits: Limits) -> Inspection:
    inspection = Inspection()
    small: dict[str, str] = {}
    errors: dict[str, dict[int, dict[int, str]]] = {}
    for member in sorted(members, key=lambda member: member.file_size):
        name = member.filename.replace("\\", "/").lower()
        if not name.endswith((".xml", ".rels")):
            continue
        inspection.unpacked += member.file_size
        found = _scan_part(file, member, limits, small if member.file_size <= MEGABYTE else None)
        if found:
            errors[name] = found
    _check_meaning(small)
    if errors:
        parts = _sheet_parts(small)
        inspection.errors = {sheet: errors[part] for sheet, part in parts.items() if part in errors}
    return inspection


def _check_meaning(small: dict[str, str]) -> None:
    if "encryption-data" in small.get("meta-inf/manifest.xml", ""):
        raise EncryptedWorkbook()
    if "macroenabled" in small.get("[content_types].xml", "").lower():
        raise MacroWorkbook()


def _scan_part(
    file: BinaryIO, member: zipfile.ZipInfo, limits: Limits, small: dict[str, str] | None
) -> dict[int, dict[int, str]]:
    """Unpack one part, look for declarations and error cells, keep its text when it is small."""
    errors: dict[int, dict[int, str]] = {}
    tail = b""
    kept: list[bytes] = []
    count = 0
    for block in _unpacked(file, member, limits):
        text = tail + block
        if not kept and not tail and (block[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in block[:200]):
            raise XmlEntity(part=f"{member.filename}: not UTF-8")
        if b"<!" in text and _DECLARATION.search(text):
            raise XmlEntity(part=member.filename)
        if b't="e"' in text:
            for column, row, shown in _ERROR_CELL.findall(text):
                errors.setdefault(int(row) - 1, {})[_column_number(column)] = html.unescape(
                    shown.decode("utf-8", "replace")
                )
            count = sum(map(len, errors.values())) if len(errors) > _MAX_ERROR_CELLS // 16_384 else count
            if count > _MAX_ERROR_CELLS:
                raise NotATable(kind="a sheet full of error values")
        tail = text[-_OVERLAP:]
        if small is not None:
            kept.append(block)
    if small is not None:
        small[member.filename.replace("\\", "/").lower()] = b"".join(kept).decode("utf-8", "replace")
    return errors


def _unpacked(file: BinaryIO, member: zipfile.ZipInfo, limits: Limits) -> Iterator[bytes]:
    """Yield the bytes of one part, as the stream holds them and not as the directory promises them."""
    file.seek(member.header_offset)
    header = file.read(30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04") or member.compress_type not in (0, 8):
        raise BrokenWorkbook()
    name_bytes, extra_bytes = struct.unpack_from("<HH", header, 26)
    file.seek(name_bytes + extra_bytes, 1)
    left, total, checksum = member.compress_size, 0, 0
    inflater = zlib.decompressobj(-15) if member.compress_type == 8 else None
    try:
        while left > 0 and (packed := file.read(min(left, 64 * 1024))):
            left -= len(packed)
            while packed:
                block = inflater.decompress(packed, _BLOCK) if inflater else packed
                packed = inflater.unconsumed_tail if inflater else b""
                total += len(block)
                checksum = zlib.crc32(block, checksum)
                if total > max(limits.ratio_floor_bytes, limits.max_ratio * (member.compress_size - left)):
                    raise ArchiveBomb(limit=limits.max_ratio)
                if total > member.file_size:
                    raise BrokenWorkbook()
                if block:
                    yield block
                elif not packed:
                    break
    except zlib.error:
        raise BrokenWorkbook() from None
    if left or total != member.file_size or checksum != member.CRC:
        raise BrokenWorkbook()


def _sheet_parts(small: dict[str, str]) -> dict[str, str]:
    """Each sheet's name with the part that holds it, from the workbook and its relations."""
    targets: dict[str, str] = {}
    for tag in _RELATION.findall(small.get("xl/_rels/workbook.xml.rels", "")):
        target = _attribute(tag, "Target").lower().replace("\\", "/")
        targets[_attribute(tag, "Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found = _SHEET.findall(small.get("xl/workbook.xml", ""))
    return {_attribute(tag, "name"): targets.get(_attribute(tag, r"\w+:id"), "") for tag in found}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"\s{name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return html.unescape(found[1] or found[2] or "") if found else ""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
