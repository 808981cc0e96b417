"""A real Chromium whose every request is answered by the stack of the test's own process and transaction.

So a page shows what the test wrote without a commit, and an answer that was recorded (a refused form) can be shown too.
Whatever runs (`window.__ran`, a dialog) or breaks the policy of the page is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpResponse
from django.test import RequestFactory
from playwright.sync_api import BrowserContext, Error, Page, Request, Route, sync_playwright

from tests.promises.witness import body_of

CHROMIUM = Path("/usr/bin/chromium")
Answer = Callable[[object], HttpResponse]
# How often a page may go on by itself before it is said to turn in a circle.
GOES_ON = 5
_LISTEN = """
document.addEventListener('securitypolicyviolation', e =>
  (window.__reports ||= []).push(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`));
"""
# Text as people and screen readers meet it, what boxes hold, and what would run if the policy let it.
_READ = """() => {
  const shown = [], odd = [];
  const leads = /^(href|src|action|formaction|xlink:href)$/;
  const says = /^(value|title|alt|placeholder|aria-label|content|label|hx-confirm)$/;
  const runs = /^[\\s\\x00-\\x20]*(javascript|vbscript|data:text|blob)/i;
  for (const one of document.querySelectorAll('*')) {
    for (const {name, value} of one.attributes) {
      if (name.startsWith('on')) odd.push(`<${one.localName} ${name}>`);
      if (one.localName !== 'img' && leads.test(name) && runs.test(value))
        odd.push(`<${one.localName} ${name}=${value.slice(0, 60)}>`);
      if (says.test(name)) shown.push(value);
    }
    if ('value' in one && typeof one.value === 'string') shown.push(one.value);
  }
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const {data, parentNode} = walk.currentNode;
    if (!['script', 'style'].includes(parentNode.localName)) shown.push(data);
  }
  return {shown: shown.join('\\n'), odd, ran: window.__ran ?? null, reports: window.__reports ?? []};
}"""


@dataclass
class Seen:
    """What one page came to."""

    shown: str = ""
    faults: list[str] = field(default_factory=list)


@dataclass
class Window:
    """One window of the browser and where its answers come from."""

    context: BrowserContext
    home: str
    answer: Answer
    database: BaseDatabaseWrapper
    page: Page = field(init=False)
    noted: list[str] = field(default_factory=list)
    recorded: dict[str, HttpResponse] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.add_init_script(_LISTEN)
        self.context.route(lambda url: not url.startswith(f"{self.home}/static/"), self._serve)
        self.page = self.context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._console)

    def _dialog(self, dialog) -> None:  # type: ignore[no-untyped-def]
        self.noted.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, said) -> None:  # type: ignore[no-untyped-def]
        if "Content Security Policy" in said.text:
            self.noted.append(said.text[:200])

    def _serve(self, route: Route, request: Request) -> None:
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" != self.home:
            self.noted.append(f"asked elsewhere: {request.url[:120]}")
            return route.abort()
        # Once: a page that loads itself again when its work is done would else turn in a circle.
        kept = self.recorded.pop(parts.path, None)
        response = kept or self._ask(request, parts.path, parts.query)
        if response.status_code >= 500:
            self.failed.append(f"{request.method} {parts.path}: {response.status_code}")
        headers = {name: value for name, value in response.items() if name.lower() != "content-length"}
        return route.fulfill(status=response.status_code, headers=headers, body=body_of(response))

    def _ask(self, request: Request, path: str, query: str) -> HttpResponse:
        # The player's loop runs in this thread, and inside a loop Django opens another connection, which sees nothing.
        connections[DEFAULT_DB_ALIAS] = self.database
        names = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
        extra = {name: value for name, value in names.items() if name.startswith(("HTTP_HX_", "HTTP_ACCEPT_LANG"))}
        address = f"{path}?{query}" if query else path
        content = request.headers.get("content-type", "application/octet-stream")
        made = RequestFactory().generic(
            request.method, address, request.post_data_buffer or b"", content, HTTP_HOST="localhost", **extra
        )
        response = self.answer(made)
        for _ in range(4 if request.method == "GET" else 0):
            there = urlsplit(response.get("Location", ""))
            if response.status_code not in {301, 302, 303} or there.netloc:
                break
            response = self.answer(RequestFactory().get(there.geturl(), HTTP_HOST="localhost"))
        return response

    def visit(self, address: str, *, wait: str = "load") -> Seen:
        """Open an address and read the page."""
        self.noted.clear()
        self.failed.clear()
        self.page.goto(f"{self.home}{address}", wait_until=wait)  # type: ignore[arg-type]
        return self.read()

    def show(self, response: HttpResponse, address: str = "/recorded") -> Seen:
        """Show an answer that was recorded, with its own headers, as the page of an address."""
        self.recorded = {urlsplit(address).path: response}
        try:
            return self.visit(address)
        finally:
            self.recorded = {}

    def read(self) -> Seen:
        """Read the page that is open."""
        for is_last in (*[False] * GOES_ON, True):
            try:
                found = self.page.evaluate(_READ)
                break
            except Error:  # the page went on by itself, as one that waits for work does: where it went is read
                if is_last:
                    raise
                self.page.wait_for_load_state()
        faults = [f"text became markup: {one}" for one in found["odd"]]
        faults += [f"policy: {one}" for one in found["reports"]] + list(self.noted) + list(self.failed)
        if found["ran"] is not None:
            faults.append("a script ran")
        return Seen(found["shown"], faults)


class _Statics(SimpleHTTPRequestHandler):
    """Serves scripts, styles and pictures: much faster than the player hands them over."""

    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        """Return the file of an address."""
        return str(finders.find(urlsplit(path).path.removeprefix("/static/")) or "/nowhere")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _statics() -> Iterator[str]:
    server = ThreadingHTTPServer(("localhost", 0), _Statics)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def chromium(answer: Answer, **options: object) -> Iterator[Window]:
    """Open a window of a browser that nobody used before."""
    database = connections[DEFAULT_DB_ALIAS]
    with _statics() as home, sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        context = browser.new_context(**options)  # type: ignore[arg-type]
        try:
            yield Window(context, home, answer, database)
        finally:
            context.close()
            browser.close()
