"""One e-mail, by one SMTP conversation; it says for certain only what the server said."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP

from zhenke.messaging.rules.letters import Answer, Letter, Outcome

TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and as whom. `security` is starttls, tls or none."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    sender: str
    timeout_seconds: float = TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """The way out by e-mail."""

    server: MailServer

    def send(self, letter: Letter) -> Outcome:
        """Hand one letter in.

        Until the words were handed over nothing was taken, so a line that breaks before is refused for now; one that
        breaks after is unknown: the server may have taken them, and its answer was lost.
        """
        try:
            line = self._connected()
        except smtplib.SMTPAuthenticationError:
            return Outcome(Answer.LATER, "auth_refused")
        except (OSError, smtplib.SMTPException):
            return Outcome(Answer.LATER, "not_reached")
        try:
            return self._handed_in(line, letter)
        finally:
            line.close()

    def _connected(self) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        line: smtplib.SMTP
        if server.security == "tls":
            line = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_seconds, context=context)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds)
        try:
            if server.security == "starttls":
                line.starttls(context=context)
            line.ehlo_or_helo_if_needed()
            if server.user:
                line.login(server.user, server.password)
        except BaseException:
            line.close()
            raise
        return line

    def _handed_in(self, line: smtplib.SMTP, letter: Letter) -> Outcome:
        try:
            for code, _text in (line.mail(self.server.sender), line.rcpt(letter.to)):
                if code not in (250, 251):
                    return _refusal(code)
            words = as_mail(letter, sender=self.server.sender)
        except UnicodeError:
            return Outcome(Answer.REFUSED, "address_unfit")
        except (OSError, smtplib.SMTPException):
            return Outcome(Answer.LATER, "not_reached")
        try:
            code, _text = line.data(words)
        except smtplib.SMTPDataError as refused:  # before a word of it was handed over
            return _refusal(refused.smtp_code)
        except (OSError, smtplib.SMTPException):
            return Outcome(Answer.UNKNOWN, "line_broke")
        return (
            Outcome(Answer.ACCEPTED, str(code), message_id(letter, self.server.sender))
            if code == 250
            else (_refusal(code))
        )


def as_mail(letter: Letter, *, sender: str) -> bytes:
    """Return a letter in the form in which it is handed in, without a word about who made it."""
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))  # a server need not take more
    mail["From"], mail["To"], mail["Subject"] = sender, letter.to, letter.subject
    mail["Message-ID"] = message_id(letter, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.words)
    return mail.as_bytes()


def message_id(letter: Letter, sender: str) -> str:
    """Return the mail's own key: the attempt, at the sender's domain."""
    return f"<{letter.key}@{sender.rpartition('@')[2]}>"


def _refusal(code: int) -> Outcome:
    return Outcome(Answer.LATER if 400 <= code < 500 else Answer.REFUSED, str(code))
