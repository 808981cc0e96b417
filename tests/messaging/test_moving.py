"""Messages when two archives become one, when somebody is forgotten, and in her own copy."""

from __future__ import annotations

import pytest

from tests.cast import NOW, Cast
from tests.messaging.world import open_messaging, queue, reachable, state_of
from zhenke.customers.models import Customer, Merge
from zhenke.customers.queries import customer_for
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.journeys.forget_customer import forget_customer
from zhenke.journeys.gather_access_pack import gather_access_pack
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.undo_merge import undo_merge
from zhenke.messaging.models import Attempt, Message
from zhenke.messaging.operations.delivering import claim_message, open_attempt
from zhenke.messaging.operations.erasing import erase_customer
from zhenke.messaging.queries.listing import message_counts, messages, messages_to
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def messaging(db: None) -> None:
    open_messaging()


@pytest.fixture
def two(cast: Cast) -> tuple[Customer, Customer]:
    return reachable(cast), reachable(cast, phone="13900139000")


def merge(cast: Cast, winner: Customer, loser: Customer) -> Merge:
    return merge_customers(winner=winner.pk, loser=loser.pk, choices={}, by=cast.lin, now=NOW)


class TestMerging:
    def test_leaves_one_of_two_that_wait_for_the_same(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        stays, goes = queue(two[0]), queue(two[1])
        done = merge(cast, *two)
        assert (state_of(stays), state_of(goes)) == (("queued", ""), ("skipped", "merged"))
        assert goes.customer_id == two[0].pk
        undo_merge(merge=done, by=cast.lin, now=NOW)
        assert state_of(goes) == ("queued", "") and goes.customer_id == two[1].pk

    def test_sends_nothing_that_the_other_archive_was_sent(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        stays, goes = queue(two[0]), queue(two[1])
        Message.objects.filter(pk=goes.pk).update(state="sent", called_at=NOW)
        merge(cast, *two)
        assert state_of(stays) == ("skipped", "merged")

    def test_makes_an_intent_known_by_its_causes(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        gone = queue(two[1])
        merge(cast, *two)
        assert queue(two[0]).pk == gone.pk and Message.objects.count() == 1


class TestErasing:
    def test_takes_messages_and_attempts(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        hers, his = queue(two[0]), queue(two[1])
        claim_message(message_id=hers.pk, worker="a", now=NOW)
        open_attempt(message_id=hers.pk, worker="a", on={"sms"}, now=NOW)
        forget_customer(customer_id=two[0].pk, by=cast.zhu, now=NOW)
        assert list(Message.objects.all()) == [his] and not Attempt.objects.exists()

    def test_twice_takes_nothing_more(self, two: tuple[Customer, Customer]) -> None:
        queue(two[0])
        assert [erase_customer(customer_id=two[0].pk)["messages"] for _ in range(2)] == [1, 0]


class TestCopy:
    def test_tells_what_was_sent_and_no_words(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        queue(two[0])
        found = customer_for(viewer=SYSTEM, id=two[0].pk)
        pack = gather_access_pack(customer=found, checked="id_card", limits=EXPORT_LIMITS, by=cast.lin, now=NOW)
        assert [(row["template_key"], row["state"]) for row in pack["messages"]] == [("tasting", "queued")]


class TestSight:
    def test_shows_a_stranger_nothing(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        row = queue(two[0])
        Message.objects.filter(pk=row.pk).update(state="sent", called_at=NOW)
        for viewer in (cast.other, cast.an, cast.ji):
            assert (messages(viewer=viewer), message_counts(viewer=viewer)) == ([], {})
        assert messages_to(viewer=cast.qiao, customer=two[0]) == []
        assert messages_to(viewer=cast.mei, customer=two[0]) == [row]
