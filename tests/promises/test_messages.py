"""P6: no message twice, none silently lost.

A real installation, real worker processes that are killed at every point between two commits, and an SMS provider on
loopback with its moods, which remembers every call. "Twice" is counted at the provider: what it took for one intent.
A call that it refuses (429, balance) takes nothing and is made again; after one of which nobody knows none is made.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from tests.messaging.providers import KEY, SECRET, SmsServer, running
from tests.promises.test_imports import House
from tests.promises.test_imports import house as house

pytestmark = pytest.mark.slow
BEGIN = """
import os, signal, sys, time, django
django.setup()
from datetime import datetime, timedelta, UTC
from zhenke.customers.models import Customer
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop
START = datetime(2026, 11, 30, 4, tzinfo=UTC)
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
"""
# Everybody has a phone and has said yes; the campaigns of one customer are further apart than her budget.
MAKE = """
from zhenke.customers.operations import add_contact, give_consent
from zhenke.messaging.operations import queue_message
from zhenke.messaging.operations.contact_rules import publish_contact_rules
from zhenke.messaging.operations.templates import load_templates
from zhenke.messaging.rules.contact_rules import ContactRules
from zhenke.messaging.rules.templates import Wording
HOURS = {"sms": ("00:00", "23:59"), "email": ("00:00", "23:59")}
publish_contact_rules(rules=ContactRules(HOURS, 31, 31, 31), by=SYSTEM, now=START)
text = Wording("tasting", "marketing", "sms", "zh-hans", "品鉴会，回T退订", "", "SMS_1")
load_templates(wordings=[text], by=SYSTEM, now=START)
shop = Shop.objects.filter(kind="shop").first()
def queue(her, cause):
    return queue_message(customer=her, purpose="marketing", kind="marketing", template_key="tasting", fields={},
                         channel="sms", cause_kind="campaign", cause_id=cause, now=START)
for number in range(PEOPLE):
    her = Customer.objects.create(name="周", shop=shop, language="zh-hans", created_at=START, updated_at=START)
    add_contact(customer=her, kind="phone", text=f"138{number:08d}", by=SYSTEM, now=START)
    give_consent(customer=her, purpose="marketing", channels=("sms",), proof="paper", by=SYSTEM, now=START)
    for cause in range(CAMPAIGNS):
        queue(her, cause)
        queue(her, cause)
"""
# One worker; its clock runs on so fast that lost claims and waiting ones come round. FAULT may plant a kill.
WORK = """
from zhenke.journeys import deliver_messages as journey
from zhenke.messaging.channels.sms.channel import SmsChannel, SmsProvider
from zhenke.messaging.operations import delivering
channel = SmsChannel(SmsProvider(os.environ["PROVIDER"], KEY, SECRET, "签名", 0.4))
begun = time.monotonic()
def clock():
    return START + timedelta(minutes=MINUTES) + timedelta(seconds=time.monotonic() - begun)
def after(number, work):
    left = [number]
    def counted(*words, **named):
        left[0] -= 1
        if left[0] < 0:
            die()
        return work(*words, **named)
    return counted
FAULT
print(dict(journey.deliver_messages(channels={"sms": channel}, clock=clock, most=MOST)))
"""
# Before each of these the process dies, when it has done so many of them: the points between two commits, and one
# within a transaction.
POINTS = {
    "before the claim": "journey.claim_message = after({n}, journey.claim_message)",
    "after the claim": "journey.open_attempt = after({n}, journey.open_attempt)",
    "in the gate": "delivering.gate = after({n}, delivering.gate)",
    "before the call": "SmsChannel.send = after({n}, SmsChannel.send)",
    "after the call": "journey.mark_outcome = after({n}, journey.mark_outcome)",
}
UNSURE = ("reset", "500", "delay", "empty")


class Campaigns:
    """A house with messages to send, its provider, and what must hold of both."""

    def __init__(self, house: House, provider: SmsServer, *, people: int, campaigns: int, seed: int) -> None:
        self.house, self.provider, self.rng, self.count = house, provider, Random(seed), people * campaigns
        house._environment["PROVIDER"] = f"http://127.0.0.1:{provider.server_address[1]}/"
        made = MAKE.replace("PEOPLE", str(people)).replace("CAMPAIGNS", str(campaigns))
        house.run("-c", BEGIN + made)
        self.lot = list(self.mood_lot())
        provider.mood = lambda told: self.lot[int(told["OutId"]) % len(self.lot)]
        provider.delay_seconds = 0.6
        self.minutes = 0

    def mood_lot(self) -> Iterator[str]:
        """Most calls go well, as they do; every mood comes."""
        yield from ["ok"] * 41
        for mood in (*UNSURE, "429", "balance"):
            yield from [mood] * (1 if mood == "delay" else 3)

    def worker(self, *, fault: str = "", most: int = 100_000) -> subprocess.Popen[bytes]:
        """Start a worker."""
        work = WORK.replace("MINUTES", str(self.minutes)).replace("FAULT", fault).replace("MOST", str(most))
        work = work.replace("KEY", json.dumps(KEY)).replace("SECRET", json.dumps(SECRET))
        return self.house.start("-c", BEGIN + work)

    def ends(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for a worker; return its code."""
        _, errors = process.communicate(timeout=3_000)
        assert process.returncode in (0, -signal.SIGKILL), errors.decode()[-2_000:]
        return process.returncode

    def kill_at_each_point(self, times: int) -> int:
        """Let workers die at each point, several times; return how many died."""
        died = 0
        for fault in list(POINTS.values()) * times:
            died += self.ends(self.worker(fault=fault.format(n=self.rng.randrange(3)))) != 0
            self.minutes += 6  # so that what it had comes round again
        return died

    def work_to_the_end(self, workers: int) -> None:
        """Let so many workers at once do the rest: what was refused for now waits at most four minutes, five times."""
        for _ in range(6):
            running = [self.worker() for _ in range(workers)]
            assert [self.ends(one) for one in running] == [0] * workers
            self.minutes += 6
            if not self.states()["queued"]:
                return

    def states(self) -> Counter[str]:
        """Return how many messages stand in each state."""
        return Counter(dict(self.house.read("SELECT state, count(*) FROM messaging_message GROUP BY state")))

    def taken_twice(self) -> list[int]:
        """Return the intents of which the provider took more than one call."""
        intent = dict(self.house.read("SELECT id, message_id FROM messaging_attempt"))
        taken = Counter(intent[int(key)] for key in self.provider.taken)
        return [key for key, times in taken.items() if times > 1]

    def called_after_unknown(self) -> list[int]:
        """Return the intents that were called again after a call of which nobody could know."""
        intent = dict(self.house.read("SELECT id, message_id FROM messaging_attempt"))
        unsure, again = set(), []
        for call in self.provider.calls:
            key = intent[int(call["OutId"])]
            again += [key] if key in unsure else []
            unsure |= {key} if call["mood"] in UNSURE else set()
        return again

    def must_hold(self) -> Counter[str]:
        """Assert the promise; return the states."""
        states = self.states()
        assert sum(states.values()) == self.count, "an intent is missing, or is there twice"
        assert set(states) <= {"sent", "failed", "skipped", "held_unknown"}, states
        assert self.taken_twice() == []
        assert self.called_after_unknown() == []
        sent = dict(self.house.read("SELECT id, message_id FROM messaging_attempt WHERE answer = 'accepted'"))
        assert len(sent) == states["sent"]
        assert {str(key) for key in sent} <= set(self.provider.taken), "said to be sent and was not taken"
        # What was taken is sent or held: nothing that reached somebody is said not to have.
        lost = self.house.read(
            "SELECT a.id FROM messaging_attempt a JOIN messaging_message m ON m.id = a.message_id "
            "WHERE m.state IN ('failed', 'skipped')"
        )
        assert not [key for (key,) in lost if str(key) in self.provider.taken]
        return states


@pytest.fixture
def provider() -> Iterator[SmsServer]:
    with running(SmsServer()) as server:
        yield server


class TestNoMessageTwice:
    def test_and_none_lost_however_often_a_worker_dies(self, house: House, provider: SmsServer) -> None:
        campaigns = Campaigns(house, provider, people=30, campaigns=5, seed=6)
        assert campaigns.kill_at_each_point(1) == len(POINTS)
        campaigns.work_to_the_end(workers=2)
        states = campaigns.must_hold()
        assert states["sent"] > 75 and states["held_unknown"] > 5

    def test_is_seen_to_fail_without_the_claim(self, house: House, provider: SmsServer) -> None:
        """The planted fault: a claim that everybody gets, and an attempt that may be opened twice."""
        campaigns = Campaigns(house, provider, people=10, campaigns=1, seed=7)
        provider.mood = "ok"
        fault = (
            "from zhenke.messaging.models import Message\n"
            "def free(**named):\n"
            "    Message.objects.filter(pk=named['message_id']).update(state='claimed', claimed_by='w', reason='')\n"
            "    return True\n"
            "journey.claim_message = free\n"
            "journey.secrets.token_hex = lambda n: 'w'\n"
            "import zhenke.messaging.queries.queue\n"
            "journey.due_messages = lambda **_: list(Message.objects.order_by('pk').values_list('pk', flat=True))\n"
        )
        for process in [campaigns.worker(fault=fault) for _ in range(2)]:
            campaigns.ends(process)
        with pytest.raises(AssertionError):
            campaigns.must_hold()

    @pytest.mark.soak
    def test_in_fifty_thousand(self, house: House, provider: SmsServer) -> None:
        people = int(os.environ.get("ZHENKE_MESSAGE_PEOPLE", "10000"))
        campaigns = Campaigns(house, provider, people=people, campaigns=5, seed=60)
        assert campaigns.kill_at_each_point(20) == 20 * len(POINTS)
        kills = 300
        while kills:
            running = [campaigns.worker(most=200) for _ in range(8)]
            for process in campaigns.rng.sample(running, 4):
                try:
                    process.wait(timeout=1 + campaigns.rng.random() * 4)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    kills = max(0, kills - 1)
            for process in running:
                campaigns.ends(process)
            campaigns.minutes += 6
            if not campaigns.states()["queued"]:
                break
        campaigns.work_to_the_end(workers=8)
        campaigns.must_hold()
