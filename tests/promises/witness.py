"""What an injection run looks for: altered or evaluated text, markup made of text, statements, faults, forged log lines."""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote_plus

from django.core.signals import got_request_exception
from django.db import connection
from django.http import HttpResponse

from tests.promises.naughty import EVALUATED

MARK = re.compile(r"ZQ[0-9]{6}X")
_GAPS = re.compile(r"[\s\u0085]+")
_SHOWN = frozenset(
    {"value", "title", "alt", "placeholder", "aria-label", "content", "label", "hx-confirm", "hx-prompt"}
)
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "xlink:href", "srcset", "poster", "data", "background"})
_RUNS = re.compile(r"^[\s\x00-\x20]*(?:javascript|vbscript|data:text|data:image/svg|blob)", re.IGNORECASE)


def plain(text: str) -> str:
    """Return a text without what HTML itself changes: gaps, and ends of lines."""
    return _GAPS.sub("", text)


class Sent:
    """Every marked text that was sent, by its mark."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def marked(self, text: str) -> str:
        """Return the text with a mark of its own behind it."""
        mark = f"ZQ{len(self.texts):06d}X"
        # Half a pair is no letter of any encoding: on its way every browser and every server puts U+FFFD in its place.
        self.texts[mark] = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") + mark
        return text + mark

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
        self.feed(markup)
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
    if kind.startswith("text/html"):
        body = body_of(response).decode()
        if not MARK.search(body) and "__ran" not in body:
            return found  # nothing of ours is in it, and parsing is slow
        page = Page(body)
        found += page.faults + sent.altered("\n".join(page.shown))
    return found


class Writes:
    """The texts of every statement that changed rows since it was last emptied."""

    def __init__(self) -> None:
        self.texts: set[str] = set()
        self.count = 0

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.lstrip()[:6].upper() in {"INSERT", "UPDATE", "REPLAC"}:
            self.count += 1
            self.texts.update(strings_in(list(params or ())))
        return execute(sql, params, many, context)

    def clear(self) -> None:
        """Forget."""
        self.texts, self.count = set(), 0

    def holds(self, text: str) -> bool:
        """Return whether a text was written as it was sent, but for gaps, which names and tags keep only one of."""
        return text.strip() in self.texts or plain(text) in {plain(one) for one in self.texts}

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
