"""Which encoding a text file was written in: known for certain, or asked about, never guessed.

Bytes decide first (marks at the start, strict decoding of the whole stream). Where several encodings are possible the
letters decide: common Hanzi against the strings of accents and symbols that a wrong reading makes. `C2 BD C3 AB` is
陆毛 in GB18030 and `½ë` in UTF-8; `C2 A5` alone is 楼 or ¥, and only a person can tell.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from zhenke.basics.tables.refusals import BrokenText, EmptyFile, EncodingUnknown, NotATable

KNOWN_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "big5", "cp1252")
_EVIDENCE_BYTES = 64 * 1024
_LINE_BYTES = 4096
_CERTAIN_CHARS = 400
_RUN = re.compile(r"[^\x00-\x7f]+")
_FOREIGN_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_MARKS = re.compile(r"[\n\r,;\t|]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SIGNS_AMONG_HANZI = frozenset("¥£°±×÷·©®µ²³§")


@dataclass(slots=True)
class _Reading:
    """One encoding tried on the whole stream."""

    encoding: str
    decoder: codecs.IncrementalDecoder
    alive: bool = True
    pending: bool = False

    def feed(self, block: bytes, *, last: bool = False) -> None:
        if not self.alive or (block.isascii() and not self.pending and not last):
            return
        try:
            self.decoder.decode(block, last)
        except UnicodeDecodeError:
            self.alive = False
            return
        self.pending = bool(self.decoder.getstate()[0])


@dataclass(slots=True)
class _Evidence:
    """The first lines with letters beyond ASCII, kept as bytes."""

    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    rest: bytes = b""

    def feed(self, block: bytes, *, last: bool = False) -> None:
        if self.size >= _EVIDENCE_BYTES:
            return
        if not last and block.isascii() and (not self.rest or self.rest.isascii()):
            self.rest = block[block.rfind(b"\n") + 1 :][-_LINE_BYTES:]
            return
        text = self.rest + block
        cut = len(text) if last else text.rfind(b"\n") + 1
        self.rest = text[cut:][-_LINE_BYTES:]
        for found in _FOREIGN_LINE.finditer(text, 0, cut):
            line = found[0][:_LINE_BYTES]
            self.lines.append(line)
            self.size += len(line)
            if self.size >= _EVIDENCE_BYTES:
                break

    def fits(self, encoding: str) -> bool:
        try:
            b"\n".join(self.lines).decode(encoding)
        except UnicodeDecodeError:
            return False
        return True

    def text(self, encoding: str) -> str:
        return b"\n".join(self.lines).decode(encoding, "ignore")


def detect_encoding(blocks: Iterable[bytes]) -> str:
    """Return the one encoding in which a whole file can be read.

    `blocks` are the bytes of the file from first to last; they are read once and not kept.

    Shape:  a codec name: `utf-8` (also for plain ASCII), `utf-8-sig`, `utf-16` (with mark), `utf-16-le`, `utf-16-be`,
            `utf-32`, `gb18030`.
    Errors: EncodingUnknown with candidates to ask about, NotATable for binary files, BrokenText, EmptyFile.
    """
    stream = iter(blocks)
    head = b""
    for block in stream:
        head += block
        if len(head) >= _LINE_BYTES:
            break
    if not head:
        raise EmptyFile()
    marked = _marked(head)
    if marked:
        _demand_strict(marked, head, stream)
        return marked
    if b"\0" in head:
        wide = _unmarked_wide(head)
        _demand_strict(wide, head, stream)
        return wide
    return _weigh(head, stream)


def _marked(head: bytes) -> str | None:
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return None


def _unmarked_wide(head: bytes) -> str:
    """UTF-16 without a mark has zero bytes mostly on one side of its pairs, that of commas, digits and line ends.

    The other side may hold some too: 一 is 4E00.
    """
    for encoding, zeros, letters in (("utf-16-le", head[1::2], head[0::2]), ("utf-16-be", head[0::2], head[1::2])):
        if zeros.count(0) * 20 >= len(zeros) and letters.count(0) * 4 <= zeros.count(0):
            text = head[: len(head) & ~1].decode(encoding, "ignore")
            if _MARKS.search(text) and not _CONTROLS.search(text):
                return encoding
    raise NotATable(kind="a file with binary content")


def _demand_strict(encoding: str, head: bytes, stream: Iterable[bytes]) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    row = 0
    try:
        for block in _chain(head, stream):
            text = decoder.decode(block)
            if "\0" in text:
                raise NotATable(kind="a file with binary content")
            row += text.count("\n")
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        raise BrokenText(row=row, encoding=encoding.upper()) from None


def _chain(head: bytes, stream: Iterable[bytes]) -> Iterable[bytes]:
    yield head
    yield from stream


def _weigh(head: bytes, stream: Iterable[bytes]) -> str:
    """Try UTF-8 and GB18030 on everything; where both live, the letters speak."""
    utf8 = _Reading("utf-8", codecs.getincrementaldecoder("utf-8")("strict"))
    gb = _Reading("gb18030", codecs.getincrementaldecoder("gb18030")("strict"))
    evidence = _Evidence()
    settled = False
    row = 0
    for block in _chain(head, stream):
        if b"\0" in block:
            raise NotATable(kind="a file with binary content")
        evidence.feed(block)
        utf8.feed(block)
        row += block.count(b"\n") if utf8.alive else 0
        if not settled:
            gb.feed(block)
            settled = utf8.alive and evidence.size >= _EVIDENCE_BYTES and _surely_utf8(evidence)
        elif not utf8.alive:
            break
    for each in (evidence, utf8, gb):
        each.feed(b"", last=True)
    if not evidence.lines:
        return "utf-8"
    if settled and not utf8.alive:
        raise BrokenText(row=row, encoding="UTF-8")
    return "utf-8" if settled else _verdict(utf8, gb, evidence, row)


def _verdict(utf8: _Reading, gb: _Reading, evidence: _Evidence, row: int) -> str:
    """What the letters say when UTF-8, GB18030, both or neither can be right."""
    if utf8.alive and not gb.alive:
        return "utf-8"
    of_gb = gb_plausibility(evidence.text("gb18030"))
    of_utf8 = utf8_plausibility(evidence.text("utf-8"))
    order: tuple[str, ...] = ("gb18030", "big5", "cp1252")
    if utf8.alive:
        if of_utf8 >= 0.5 and of_utf8 - of_gb >= 0.25:
            return "utf-8"
        if of_gb >= 0.6 and of_gb - of_utf8 >= 0.25:
            return "gb18030"
        order = ("utf-8", "gb18030") if of_utf8 >= of_gb else ("gb18030", "utf-8")
    elif gb.alive and of_gb >= 0.6 and not (of_gb < 0.99 and _all_common_big5(evidence)):
        return "gb18030"
    possible = [name for name in order if (gb.alive or name != "gb18030") and evidence.fits(name)]
    if not possible:
        raise BrokenText(row=row, encoding="UTF-8")
    raise EncodingUnknown(candidates=_candidates(evidence.lines, possible))


def _all_common_big5(evidence: _Evidence) -> bool:
    """Whether every character would be a common one in Big5, whose common part stands at A1..C6."""
    if not evidence.fits("big5"):
        return False
    text = evidence.text("big5")
    return all(0xA1 <= char.encode("big5")[0] <= 0xC6 for char in text if not char.isascii())


def _surely_utf8(evidence: _Evidence) -> bool:
    text = evidence.text("utf-8")
    foreign = sum(map(len, _RUN.findall(text)))
    return foreign >= _CERTAIN_CHARS and utf8_plausibility(text) >= 0.9


def _candidates(lines: list[bytes], order: list[str]) -> list[dict[str, str]]:
    """One decoded line for each encoding, cut around its first foreign letters; what is unreadable shows as �."""
    line = lines[0]
    first = next((place for place, byte in enumerate(line) if byte > 127), 0)
    excerpt = line[max(0, first - 60) :][:160]
    return [{"encoding": name, "sample": excerpt.decode(name, "replace").strip()} for name in order]


def utf8_plausibility(text: str) -> float:
    """Return how far the letters beyond ASCII look written, not misread, when bytes were taken as UTF-8 (0..1)."""
    weight = total = 0.0
    for run in _RUN.finditer(text):
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        in_word = before.isalpha() or after.isalpha()
        for char in run[0]:
            weight += _utf8_weight(char, run[0], in_word)
            total += 1
    return weight / total if total else 1.0


def _utf8_weight(char: str, run: str, in_word: bool) -> float:
    point = ord(char)
    if point >= 0x2000:
        return _wide_weight(char, point)
    if char in _SIGNS_AMONG_HANZI and any(ord(other) >= 0x2000 for other in run):
        return 0.8
    if point == 0xA0 or point == 0x3000:
        return 0.8
    if 0xC0 <= point < 0x250 and char.isalpha():
        return 1.0 if in_word and len(run) <= 2 else (0.8 if len(run) == 1 else 0.1)
    if 0x370 <= point < 0x800 and char.isalpha():
        script = unicodedata.name(char, "").split(" ")[0]
        same = sum(unicodedata.name(other, "").startswith(script) for other in run)
        return 1.0 if same >= 3 else 0.3
    return 0.8 if len(run) == 1 else 0.1  # one sign alone may be ½ or é as well as one Hanzi: worth asking


def _wide_weight(char: str, point: int) -> float:
    if 0xE000 <= point < 0xF900 or point == 0xFFFD:
        return 0.0
    if 0x4E00 <= point < 0xA000:
        return 1.0 if _gb2312_lead(char) else 0.6
    if point >= 0x1F000 or 0x2010 <= point <= 0x20CF or 0x3000 <= point < 0x3100 or 0xFF00 <= point < 0xFFF0:
        return 1.0
    return 0.5


def gb_plausibility(text: str) -> float:
    """Return how far the letters beyond ASCII look like common Chinese when bytes were taken as GB18030 (0..1)."""
    weight = total = 0.0
    for run in _RUN.finditer(text):
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        lonely = len(run[0]) == 1 and (before.islower() or after.islower())
        for char in run[0]:
            weight += _gb_weight(_gb2312_lead(char)) * (0.1 if lonely else 1.0)
            total += 1
    return weight / total if total else 1.0


def _gb_weight(lead: int) -> float:
    if 0xB0 <= lead <= 0xD7:
        return 1.0
    if lead >= 0xD8:
        return 0.7
    if lead in (0xA1, 0xA3):
        return 0.9
    return 0.5 if lead == 0xA2 else 0.12


def _gb2312_lead(char: str) -> int:
    """The first byte of the character in GB2312: B0..D7 are in common use, D8..F7 less so; 0 when absent."""
    try:
        return char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0
