"""What the demo shop's customers allow: some asked on paper, some on their own phone, a few who took it back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from zhenke.customers.operations.consent import LoadConsent, load_consents
from zhenke.doors.demo.dice import dice, happens
from zhenke.doors.demo.load import OpenedShop
from zhenke.doors.demo.rows import CustomerRow

SEED = 20
_WAYS = (("wechat", 78), ("sms", 46), ("phone", 38), ("email", 4))
_PURPOSES = (("care", 70), ("marketing", 44))


def ask_for_consent(*, opened: OpenedShop, now: datetime) -> int:
    """Write down what the demo's customers allow; return how many entries there are."""
    rows = [row for person in opened.rows.customers for row in _said(opened, person, now)]
    return load_consents(rows=rows)


def _said(opened: OpenedShop, person: CustomerRow, now: datetime) -> Iterator[LoadConsent]:
    rng = dice(SEED, "consent", person.customer_no)
    if person.kind != "person" or not happens(rng, 82) or not person.phones:
        return
    met = datetime.combine(person.known_since or opened.today, time(11, rng.randrange(60)), UTC)
    advisor = opened.staff.get(person.advisor)
    proof = "paper" if happens(rng, 60) else "spoken"
    note = f"A4-{rng.randrange(1000, 9999)}" if proof == "paper" else ""
    key = opened.customers[person.customer_no]
    by = advisor.pk if advisor else None
    for purpose, share in _PURPOSES:
        if not happens(rng, share):
            continue
        ways = [way for way, often in _WAYS if happens(rng, often)]
        for way in ways:
            yield LoadConsent(key, purpose, way, True, min(met, now), by, proof, note)
        if ways and happens(rng, 6):
            later = min(met + timedelta(days=rng.randrange(30, 400)), now - timedelta(hours=5))
            yield LoadConsent(key, purpose, "", False, max(later, met), by, "message", "")
    if happens(rng, 30):
        yield LoadConsent(key, "profiling", "", True, min(met, now), by, proof, note)
