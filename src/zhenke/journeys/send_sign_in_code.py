"""A sign-in code goes out at once, beside the queue: what waits there is written down, and a code must not be."""

from __future__ import annotations

from collections.abc import Mapping

from zhenke.basics.ids import new_id
from zhenke.customers.operations.members import Parcel
from zhenke.messaging.rules.letters import Channel, Letter, Outcome

_CHANNEL_OF = {"phone": "sms", "email": "email"}


def send_sign_in_code(
    *, parcel: Parcel, channels: Mapping[str, Channel], subject: str, words: str, sms_template: str
) -> Outcome | None:
    """Make one call by the channel of the contact; None where that channel is not set up. It needs no consent and no
    hour of the day: she asked for it this moment.

    Units:  `words` with the code put in; an SMS goes by the provider's template instead, with the field `code`.
    Writes: nothing, nowhere.
    Twice:  another call; the door asks once for each code, and a code that is asked for again is another.
    """
    name = _CHANNEL_OF[parcel.kind]
    channel = channels.get(name)
    if channel is None or (name == "sms" and not sms_template):
        return None
    code = sms_template if name == "sms" else ""
    return channel.send(
        Letter(
            key=new_id(),
            channel=name,
            to=parcel.contact,
            subject=subject,
            words=words,
            provider_code=code,
            values={"code": parcel.code},
        )
    )
