"""Copies of everything, handed out by several at once, and beside exports of the same person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from tests.cast import NOW, Cast
from tests.customers.test_exports import LIMITS, ask

from zhenke.customers.models import Export, HandedCopy
from zhenke.customers.operations.rights import record_pack
from zhenke.customers.queries.exports import rows_so_far
from zhenke.customers.rules.exports import CopiesUsedUp
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: list[Callable[[], object]]) -> list[Exception]:
    """Do all of it at the same time, each on a connection of its own; return what was refused."""
    start, refused = Barrier(len(acts)), []

    def one(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except Exception as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=one, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


class TestTwoAtOnce:
    def test_are_not_both_the_last(self, cast: Cast) -> None:
        def hand() -> object:
            return record_pack(customer=cast.mrs_zhou, checked="id_card", limits=LIMITS, by=cast.lin, now=NOW)

        refused = at_once([hand] * 6)
        assert [type(one) for one in refused] == [CopiesUsedUp] * 4
        assert HandedCopy.objects.count() == 2
        assert AuditEntry.objects.filter(action="copies.alarm").count() == 1

    def test_and_exports_wait_for_each_other_and_add_up(self, cast: Cast) -> None:
        def hand() -> object:
            return record_pack(customer=cast.mrs_zhou, checked="id_card", limits=LIMITS, by=cast.lin, now=NOW)

        assert at_once([hand, lambda: ask(cast.lin), hand, lambda: ask(cast.lin)]) == []
        assert (HandedCopy.objects.count(), Export.objects.count()) == (2, 2)
        assert rows_so_far(by=cast.lin, now=NOW + timedelta(hours=1)) == (4, 4)
