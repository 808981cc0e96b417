"""Providers of the outside, as real servers on loopback: an SMTP sink, and an SMS provider with its moods.

Both remember every call they were made, whatever they answered: that is what a promise is counted by.
"""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from zhenke.messaging.channels.email.channel import EmailChannel, MailServer
from zhenke.messaging.channels.sms.channel import SmsChannel, SmsProvider
from zhenke.messaging.channels.sms.signing import signed_headers

KEY, SECRET = "LTAItest", "a secret of the provider"
# promises.md P6; duplicate and out-of-order callbacks are made by the tests from what was taken.
MOODS = ("ok", "reset", "500", "delay", "empty", "429", "callbacks", "balance")


class SmsServer(ThreadingHTTPServer):
    """An SMS provider: takes signed calls, and answers as its mood is."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _SmsCalls)
        self.calls: list[dict[str, str]] = []
        self.taken: dict[str, str] = {}
        self.mood: Any = "ok"
        self.delay_seconds = 1.0
        self.lock = threading.Lock()

    def channel(self, *, timeout_seconds: float = 0.5, secret: str = SECRET) -> SmsChannel:
        """Return the channel that calls this provider."""
        address = f"http://127.0.0.1:{self.server_address[1]}/"
        return SmsChannel(SmsProvider(address, KEY, secret, "珍宝阁", timeout_seconds))


class _SmsCalls(BaseHTTPRequestHandler):
    server: SmsServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        told = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if not self._is_signed():
            self._answer(400, {"Code": "SignatureDoesNotMatch"})
            return
        mood = self.server.mood(told) if callable(self.server.mood) else self.server.mood
        with self.server.lock:
            self.server.calls.append(told | {"mood": mood})
            number = len(self.server.calls)
        refused = {"429": (429, {"Code": "Throttling.User"}), "balance": (200, {"Code": "isv.AMOUNT_NOT_ENOUGH"})}
        refused |= {"illegal": (400, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"})}
        if mood in refused:
            self._answer(*refused[mood])
            return
        key = f"biz{number}^0"
        with self.server.lock:
            self.server.taken[told["OutId"]] = key
        if mood == "delay":
            time.sleep(self.server.delay_seconds)
        if mood == "reset":
            # With nothing to wait for, closing sends a reset: the call was taken and its answer is lost.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
        elif mood == "500":
            self._answer(500, {"Code": "InternalError"})
        elif mood == "empty":
            self._answer(200, None)
        else:
            self._answer(200, {"Code": "OK", "Message": "OK", "BizId": key, "RequestId": "r"})

    def _is_signed(self) -> bool:
        headers = {name.lower(): value for name, value in self.headers.items()}
        wanted = signed_headers(
            host=headers["host"], path="/", query=urlsplit(self.path).query, action=headers["x-acs-action"],
            version=headers["x-acs-version"], at=headers["x-acs-date"], nonce=headers["x-acs-signature-nonce"],
            key=KEY, secret=SECRET,
        )  # fmt: skip
        return wanted["Authorization"] == headers.get("authorization")

    def _answer(self, status: int, told: dict[str, str] | None) -> None:
        body = b"" if told is None else json.dumps(told).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # who called has gone


class SmtpSink(socketserver.ThreadingTCPServer):
    """A mail server that takes everything, or breaks off where its mood says."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _SmtpTalk)
        self.mails: list[dict[str, str]] = []
        self.mood = "ok"

    def channel(self, *, timeout_seconds: float = 2.0, user: str = "", security: str = "none") -> EmailChannel:
        """Return the channel that calls this server."""
        return EmailChannel(
            MailServer(
                "127.0.0.1", self.server_address[1], security, user, "geheim", "care@shop.example", timeout_seconds
            )
        )


class _SmtpTalk(socketserver.StreamRequestHandler):
    server: SmtpSink

    def say(self, text: str) -> None:
        """Answer one line."""
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self) -> None:
        """Talk until the other side goes, or the mood breaks off."""
        mail: dict[str, str] = {}
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb in ("EHLO", "HELO"):
                self.say("250-sink\r\n250 AUTH PLAIN" if self.server.mood != "no_auth" else "250 sink")
            elif verb == "AUTH":
                self.say("535 no" if self.server.mood == "bad_password" else "235 yes")
            elif verb == "MAIL":
                mail["from"] = line
                self.say("250 ok")
            elif verb == "RCPT":
                if self.server.mood == "drop_at_rcpt":
                    return
                mail["to"] = line[len("RCPT TO:<") : -1]
                self.say({"no_such": "550 none", "grey": "451 later"}.get(self.server.mood, "250 ok"))
            elif verb == "DATA":
                if not self.take(mail):
                    return
                mail = {}
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("502 what")

    def take(self, mail: dict[str, str]) -> bool:
        """Take the words of a mail; return whether the line still stands."""
        self.say("354 go on")
        words = b""
        while not words.endswith(b"\r\n.\r\n"):
            words += self.rfile.readline()
        mail["words"] = words.decode()
        self.server.mails.append(mail)
        if self.server.mood == "drop_after_data":
            return False
        self.say("554 spam" if self.server.mood == "spam" else "250 taken")
        return True


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[Any]:
    """Let a server answer until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
