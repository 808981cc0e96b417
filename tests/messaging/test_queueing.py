"""Putting messages on the queue: the same intent twice is one; nothing of a person is kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import NOW, Cast
from zhenke.doors.defaults.message_templates import MESSAGE_TEMPLATES
from zhenke.messaging.models import Message
from zhenke.messaging.operations import queue_message
from zhenke.messaging.operations.templates import load_templates
from zhenke.messaging.queries.templates import TemplateUnknown
from zhenke.messaging.rules.intents import MessageWrong
from zhenke.messaging.rules.templates import FieldWrong
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def templates(db: None) -> None:
    load_templates(wordings=MESSAGE_TEMPLATES, by=SYSTEM, now=NOW)


def queue(cast: Cast, **more: object) -> Message:
    how = {
        "customer": cast.mrs_zhou,
        "purpose": "service",
        "kind": "service",
        "template_key": "points_expiring",
        "fields": {"points": 100, "balance": 250, "expires_on": date(2026, 12, 31)},
        "cause_kind": "points_expiry",
        "cause_id": 7,
        "now": NOW,
        **more,
    }
    return queue_message(**how)  # type: ignore[arg-type]


class TestQueueMessage:
    def test_writes_one_message(self, cast: Cast) -> None:
        row = queue(cast)
        assert (row.state, row.due_at, row.use_by) == ("queued", NOW, NOW + timedelta(days=7))
        assert row.fields == {"points": 100, "balance": 250, "expires_on": "2026-12-31"}

    def test_twice_is_once(self, cast: Cast) -> None:
        assert queue(cast).pk == queue(cast, fields={"points": 5}, now=NOW + timedelta(days=1)).pk
        assert Message.objects.count() == 1

    @pytest.mark.parametrize(
        "other", [{"occurrence": "30"}, {"cause_id": 8}, {"cause_kind": "tier"}, {"channel": "sms"}]
    )
    def test_tells_other_intents_apart(self, cast: Cast, other: dict[str, object]) -> None:
        assert queue(cast).pk != queue(cast, **other).pk

    def test_keeps_nothing_that_the_house_works_out_itself(self, cast: Cast) -> None:
        row = queue(cast, fields={"points": 100, "salutation": "周丽华女士", "shop_name": "水贝店"})
        assert row.fields == {"points": 100}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"purpose": "profiling"},
            {"kind": "news"},
            {"kind": "care"},
            {"kind": "marketing"},
            {"channel": "fax"},
            {"cause_kind": "点数"},
            {"occurrence": "a b"},
            {"use_by": NOW},
        ],
    )
    def test_refuses_what_is_no_intent(self, cast: Cast, wrong: dict[str, object]) -> None:
        with pytest.raises(MessageWrong):
            queue(cast, **wrong)
        assert not Message.objects.exists()

    def test_refuses_a_template_that_there_is_none_of(self, cast: Cast) -> None:
        with pytest.raises(TemplateUnknown):
            queue(cast, template_key="nothing")

    @pytest.mark.parametrize("fields", [{"name": "周"}, {"points": "100"}, {"points": True}, {"tier": "金" * 61}])
    def test_refuses_fields_that_do_not_fit(self, cast: Cast, fields: dict[str, object]) -> None:
        with pytest.raises(FieldWrong):
            queue(cast, fields=fields)
