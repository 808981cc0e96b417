"""What an injection run looks for: altered or evaluated text, markup made of text, faults, forged lines of the log.

A `Run` keeps what was sent and what was found.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from typing import Any, Protocol
from urllib.parse import unquote_plus

from django.core.signals import got_request_exception
from django.db import connection
from django.http import HttpResponse

from tests.promises.naughty import BARE, EVALUATED, RAN, Deck
from zhenke.customers.rules.visits import words_of

MARK = re.compile(r"ZQ[0-9]{6}X")
MARK_LENGTH = 9
_GAPS = re.compile(r"[\s\u0085]+")
_SHOWN = frozenset(
    {"value", "title", "alt", "placeholder", "aria-label", "content", "label", "hx-confirm", "hx-prompt"}
)
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "xlink:href", "srcset", "poster", "data", "background"})
# Tags without anything but a class, lines of icons, and plain choices: most of a page, and nothing can hide in them.
_DULL = re.compile(
    r'</?(?!script|style|textarea|title|template|plaintext|xmp|noscript)[a-z0-9]+(?: class="[\w -]*")?>'
    r'|<path d="[\w ,.-]*"/>|<use href="#i-[a-z-]+"></use>|<option value="[\w/+-]*">[\w/+-]+</option>'
)
_RUNS = re.compile(r"^[\s\x00-\x20]*(?:javascript|vbscript|data:text|data:image/svg|blob)", re.IGNORECASE)

# One box for several things: what is kept are the things.
PARTED = frozenset({"looked_at", "tried", "excluded", "goes_with"})


def plain(text: str) -> str:
    """Return a text without what HTML itself changes: gaps, and ends of lines."""
    return _GAPS.sub("", text)


def received(text: str) -> str:
    """Return a text as it comes in: half a pair is no letter, so every browser and server puts U+FFFD in its place."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def settled(text: str) -> str:
    """Return a text in one form, without signs that nobody sees: so contacts and the texts of files are kept."""
    composed = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in composed if unicodedata.category(sign) != "Cf")


class Sent:
    """Every marked text that was sent, by its mark; those that may settle into one form are shown in that."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.settling: set[str] = set()

    def marked(self, text: str, *, may_settle: bool = False, expected: str | None = None) -> str:
        """Return the text with a mark of its own behind it; `expected` is what of it shall be shown, if not all."""
        mark = f"ZQ{len(self.texts):06d}X"
        self.texts[mark] = received(text if expected is None else expected) + mark
        if may_settle:
            self.settling.add(mark)
        return text + mark

    def marked_lines(self, text: str) -> str:
        """Return the text with a mark of its own behind each of its lines, of which `code = words` shows the words."""
        lines = ((line.splitlines()[0], line) for line in text.splitlines(keepends=True))
        return "".join(
            self.marked(bare, expected=re.split("[=＝]", bare, maxsplit=2)[-1].lstrip()) + line[len(bare) :]
            if bare.strip()
            else line
            for bare, line in lines
        )

    def marked_things(self, text: str) -> str:
        """Return a text of several things with a mark behind it: the last thing has it."""
        return self.marked(text, may_settle=True, expected=words_of(text + "|")[-1][:-1])

    def altered(self, shown: str) -> list[str]:
        """Return what stands in a page otherwise than it was sent; what was cut off has lost its mark and is none."""
        found, flat, named = [], "", ""
        for mark in dict.fromkeys(MARK.findall(shown)):
            flat = flat or plain(shown)
            sent = plain(self.texts.get(mark, ""))
            if sent and sent not in flat:
                named = named or plain(unquote_plus(shown))
                if sent in named:  # inside an address
                    continue
                if mark in self.settling and settled(sent) in settled(flat):
                    continue
                place = flat.index(mark)
                found.append(f"sent {sent[-80:]!r}, shown {flat[max(0, place - 60) : place + 9]!r}")
            if EVALUATED + mark in flat and EVALUATED not in sent:
                found.append(f"evaluated: {sent[-60:]!r}")
        return found


class Page(HTMLParser):
    """An HTML answer as a reader meets it, its forms, and what would run."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.faults: list[str] = []
        self.links: list[str] = []
        self._in_script = ""
        self.feed(_DULL.sub("", markup))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag in."""
        given = {name: value or "" for name, value in attrs}
        if tag == "script":
            self._in_script = given.get("type", "text/javascript")
        for name, value in given.items():
            if name.startswith("on") or name.startswith("hx-on") or MARK.search(name) or MARK.search(tag):
                self.faults.append(f"text became markup: <{tag} {name}={value[:60]!r}>")
            # A picture from a data: address never runs; the QR code of the second step is one.
            if name in _ADDRESSES and tag != "img" and _RUNS.match(value):
                self.faults.append(f"address runs: <{tag} {name}={value[:60]!r}>")
            if name in _SHOWN:
                self.shown.append(value)
            if name in {"hx-vals", "hx-headers", "data-chart", "data-values"}:
                self.shown += _strings_of(value, self.faults)
        if "srcdoc" in given:
            self.faults.append("srcdoc")
        if tag in {"a", "form"} or "hx-get" in given:
            self.links += [given[name] for name in ("href", "hx-get") if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        """Leave a script."""
        if tag == "script":
            self._in_script = ""

    def handle_data(self, data: str) -> None:
        """Take text in."""
        if not self._in_script:
            self.shown.append(data)
        elif self._in_script == "application/json":
            self.shown += _strings_of(data, self.faults)
        elif MARK.search(data):
            self.faults.append(f"text inside a script: {data[:80]!r}")


def _strings_of(text: str, faults: list[str]) -> list[str]:
    try:
        return list(strings_in(json.loads(text)))
    except ValueError:
        if MARK.search(text):
            faults.append(f"not JSON any more: {text[:120]!r}")
        return []


def strings_in(value: Any) -> Iterator[str]:
    """Yield every string anywhere in a value; a JSON text is opened."""
    if isinstance(value, str):
        yield value
        if value[:1] in "[{":
            try:
                yield from strings_in(json.loads(value))
            except ValueError:
                return
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from strings_in(name)
            yield from strings_in(one)
    elif isinstance(value, list | tuple | set):
        for one in value:
            yield from strings_in(one)
    elif hasattr(value, "obj"):  # a JSON value on its way to PostgreSQL
        yield from strings_in(value.obj)


def body_of(response: HttpResponse) -> bytes:
    """Return the whole body; a streamed one is read once and kept."""
    if response.streaming:
        response.kept = getattr(response, "kept", None) or b"".join(response.streaming_content)  # type: ignore[attr-defined]
        return response.kept  # type: ignore[attr-defined,no-any-return]
    return response.content


def page_of(response: HttpResponse) -> Page:
    """Return an HTML answer as a page, read once and kept."""
    response.page = getattr(response, "page", None) or Page(body_of(response).decode())  # type: ignore[attr-defined]
    return response.page  # type: ignore[attr-defined,no-any-return]


def is_page(response: HttpResponse) -> bool:
    """Return whether an answer is HTML."""
    return not response.streaming and response.get("Content-Type", "").startswith("text/html")


def faults_of(response: HttpResponse, sent: Sent) -> list[str]:
    """Return what is wrong with one answer: a fault of ours, altered or evaluated text, text that became markup."""
    found = [f"status {response.status_code}"] if response.status_code >= 500 else []
    for name, value in response.items():
        if "\r" in value or "\n" in value:
            found.append(f"line end in header {name}")
    found += sent.altered("\n".join(_strings_of(response.get("HX-Trigger", "{}"), found)))
    kind = response.get("Content-Type", "")
    if "json" in kind:
        return found + sent.altered("\n".join(strings_in(json.loads(body_of(response) or b"{}"))))
    if is_page(response) and has_texts(response):  # parsing is slow
        page = page_of(response)
        found += page.faults + sent.altered("\n".join(page.shown))
    return found


def has_texts(response: HttpResponse) -> bool:
    """Return whether something of ours is in an answer."""
    body = body_of(response).decode(errors="replace")
    return RAN in body or bool(MARK.search(body))


class Writes:
    """The texts of every statement that changed rows since it was last emptied."""

    def __init__(self) -> None:
        self.texts: set[str] = set()
        self.count = 0
        self._plain: set[str] = set()

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.lstrip()[:6].upper() in {"INSERT", "UPDATE", "REPLAC"}:
            self.count += 1
            params = list(params or ())  # many rows may come as they are made, and only once
            self.texts.update(strings_in(params))
            self._plain.clear()
        return execute(sql, params, many, context)

    def clear(self) -> None:
        """Forget."""
        self.texts, self.count = set(), 0
        self._plain.clear()

    def holds(self, text: str) -> bool:
        """Return whether all lines of a text were written as they were sent, as one text or each by itself.

        But for gaps: names and tags keep only one of several.
        """
        text = received(text)
        if text.strip() in self.texts:
            return True
        self._plain = self._plain or {plain(one) for one in self.texts}
        return all(plain(line) in self._plain for line in text.splitlines() if line.strip()) or (
            plain(text) in self._plain
        )

    def altered(self, sent: Sent) -> list[str]:
        """Return marked texts that were written otherwise than sent; what was cut off has lost its mark."""
        found = []
        for written in self.texts:
            for mark in MARK.findall(written):
                if plain(sent.texts.get(mark, "")) not in plain(written) and written[:1] not in "[{":
                    found.append(f"sent {sent.texts.get(mark, '')[-80:]!r}, written {written[-120:]!r}")
        return found


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.forged: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if MARK.search(said) and re.search(r"[\r\n\x1b\u0085\u2028]", said):
            self.forged.append(said[:160])


class Watch:
    """What went on behind the answers: statements, faults with their last line, forged lines in the log."""

    def __init__(self) -> None:
        self.writes = Writes()
        self.faults: list[str] = []
        self._log = _Log()

    @property
    def forged(self) -> list[str]:
        """Lines of the log that hold a line end out of a text."""
        return self._log.forged

    def _note(self, sender: object, **facts: object) -> None:
        lines = [line for line in traceback.format_exc().splitlines() if line.strip()]
        ours = [line.strip() for line in lines if "/zhenke/" in line]
        self.faults.append(f"{lines[-1][:160]} at {ours[-1].split('/zhenke/')[-1] if ours else '?'}")

    @contextmanager
    def on(self) -> Iterator[Watch]:
        """Watch."""
        got_request_exception.connect(self._note)
        logging.getLogger().addHandler(self._log)
        try:
            with connection.execute_wrapper(self.writes):
                yield self
        finally:
            got_request_exception.disconnect(self._note)
            logging.getLogger().removeHandler(self._log)


class Entry(Protocol):
    """A way in for text: a form of the pages, a call of the contract."""

    name: str
    door: str
    fields: list[str]
    limits: dict[str, int]
    lines: frozenset[str]
    chosen: Set[str]
    buttons: Set[str]

    def send(self, world: Any, values: Mapping[str, str]) -> HttpResponse:
        """Send these texts, and what else must be there."""
        ...


@dataclass
class Learned:
    """What is known of an entry: the fields that take words, and those of them that keep words as they are."""

    free: list[str] = field(default_factory=list)
    exact: set[str] = field(default_factory=set)


@dataclass
class Run:
    """One run: what was sent, what was found."""

    seed: int
    sent: Sent = field(default_factory=Sent)
    watch: Watch = field(default_factory=Watch)
    tally: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, None] = field(default_factory=dict)
    learned: dict[str, Learned] = field(default_factory=dict)
    answered: dict[str, HttpResponse] = field(default_factory=dict)
    seen_in_browser: set[str] = field(default_factory=set)
    _deck: Deck = field(init=False)
    _keys: set[str] = field(default_factory=set)
    _known: set[str] = field(default_factory=set)
    _since: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._deck = Deck(self.seed)

    def fault(self, words: str) -> None:
        """Note that something is wrong, once."""
        self.wrong[words] = None

    def clock(self, part: str) -> None:
        """Note how long a part took."""
        self.tally[f"{part}, s"] += round(time.monotonic() - self._since)
        self._since = time.monotonic()

    def dealt(self, door: str) -> set[str]:
        """Return the strings that one door has met."""
        return self._deck.dealt.get(door, set())

    def text(self, door: str, kind: str, *, most: int = 10_000, marked: Callable[[str], str] | None = None) -> str:
        """Return the next string of a class, with a mark of its own unless its point is to be nothing else."""
        text = self._deck.deal(door, kind, most=max(most - (0 if kind in BARE else MARK_LENGTH), 1))
        return text if kind in BARE else (marked or self.sent.marked)(text)

    def field_text(self, entry: Entry, name: str, kind: str, *, is_free: bool = False) -> str:
        """Return the next string of a class for one field of an entry."""
        door, most = entry.door if is_free else f"{entry.door}, strict", entry.limits.get(name) or 10_000
        if name in entry.lines:
            return self.text(door, kind, most=most, marked=self.sent.marked_lines)
        if name in PARTED:
            return self.text(door, kind, most=most, marked=self.sent.marked_things)
        may_settle = name not in self.learned.get(entry.name, Learned()).exact
        text = self.text(door, kind, most=most, marked=partial(self.sent.marked, may_settle=may_settle))
        if name.endswith(("key", "card_number", "style_no")) and kind in BARE:
            # The key of something known means it, so a word that is sent bare may be a key only once.
            text = self.sent.marked(text) if text in self._keys else text
            self._keys.add(text)
        return text

    def look(self, where: str, response: HttpResponse) -> None:
        """Note what is wrong with an answer."""
        for fault in faults_of(response, self.sent) + self.watch.faults + self.watch.forged:
            self.fault(f"{where}: {fault}")
        self.watch.faults.clear()
        self.watch.forged.clear()
        self.tally["answers"] += 1

    def send(self, entry: Entry, world: Any, values: Mapping[str, str]) -> bool:
        """Send texts; return whether they were taken, which is to say that something was written."""
        self.watch.writes.clear()
        response = entry.send(world, values)
        self.look(f"{entry.name} {list(values)[:3]}", response)
        self.tally["texts"] += len(values)
        is_taken = response.status_code < 400 and bool(self.watch.writes.count)
        if is_taken:
            self._compare(entry, values)
        elif is_page(response) and any(RAN in text for text in values.values()) and has_texts(response):
            self.answered[entry.name] = response
        self.tally["taken" if is_taken else "refused"] += 1
        return is_taken

    def _compare(self, entry: Entry, values: Mapping[str, str]) -> None:
        """Note what was written otherwise than it was sent, or not at all."""
        exact = self.learned.get(entry.name, Learned()).exact
        for name, text in values.items():
            if name in exact and text not in self._known and not self.watch.writes.holds(text):
                self.fault(f"{entry.name}: {name} not kept as sent: {text[-90:]!r}")
        for words in self.watch.writes.altered(self.sent):
            self.fault(f"{entry.name}: {words}")
        # A word that is there already, as a tag or a name, is not written again.
        self._known |= {text for text in values.values() if not MARK.search(text)}
