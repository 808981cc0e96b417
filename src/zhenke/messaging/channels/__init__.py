"""Ways out: one folder for each outside service; what is not set up is off, and nothing leaves the machine."""

from __future__ import annotations

from zhenke.messaging.channels.email.channel import EmailChannel, MailServer
from zhenke.messaging.channels.sms.channel import SmsChannel, SmsProvider
from zhenke.messaging.rules.letters import Channel
from zhenke.settings import Installation


def channels_of(installation: Installation) -> dict[str, Channel]:
    """Return the channels that an installation has set up, by name; empty in a new one.

    Errors: ValueError for an address that is not https, but for the machine's own.
    """
    found: dict[str, Channel] = {}
    if installation.sms_address:
        secret = installation.sms_secret.get_secret_value()
        found["sms"] = SmsChannel(
            SmsProvider(installation.sms_address, installation.sms_key, secret, installation.sms_sign_name)
        )
    if installation.smtp_host and installation.smtp_from:
        found["email"] = EmailChannel(
            MailServer(
                installation.smtp_host,
                installation.smtp_port,
                installation.smtp_security,
                installation.smtp_user,
                installation.smtp_password.get_secret_value(),
                installation.smtp_from,
            )
        )
    return found
