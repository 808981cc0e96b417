"""What has been kept long enough, room by room: counted, so that a dry run can be read before the night does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhenke.care.queries.asking import asked_to_stay
from zhenke.catalogue.queries.retention import owners_among
from zhenke.customers.queries.children import children_unguarded
from zhenke.customers.queries.holds import erasures_due, held_among, held_kinds
from zhenke.customers.queries.retention import expired_links, expired_rejects, unheard_since, untouched_since
from zhenke.sales.queries.retention import buyers_among
from zhenke.staff import SYSTEM

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Expired:
    """What is due: archives by key (prospects, members who were asked and not heard, children, people whose hold is
    over), members to be asked, refused rows, ended links; `held_kinds` are left alone and count as nothing.
    """

    prospects: tuple[int, ...]
    members: tuple[int, ...]
    children: tuple[int, ...]
    after_hold: tuple[int, ...]
    silent_members: tuple[int, ...]
    import_rejects: int
    sign_up_links: int
    held_kinds: frozenset[str]

    @property
    def archives(self) -> tuple[int, ...]:
        """Every archive that goes, once."""
        return tuple(dict.fromkeys((*self.after_hold, *self.children, *self.prospects, *self.members)))


def find_expired(*, days: Mapping[str, int], most: int, today: date, now: datetime) -> Expired:
    """Return what has been kept for more than its days; nothing is written.

    A prospect is an archive that never bought, was never given anything, owns no piece, and that nobody touched.
    A silent member did buy, but not since, and nobody was in touch: she is asked, and goes when nothing was heard.
    A child goes when the guardian takes the yes back, or was asked and gave none. What the law holds stays.

    Shape:  at most `most` of each, the oldest first; the rest waits for the next night.
    """
    kinds = held_kinds(today=today)

    def before(code: str) -> datetime:
        return now - timedelta(days=days[code])

    prospects = [] if "prospects" in kinds else _prospects(before("prospects"), most, today)
    children = [] if "children_asked" in kinds else _children(before("children_asked"), today)
    silent = [] if "silent_members" in kinds else _silent(before("silent_members"), most, today)
    members = [] if "silent_members" in kinds else _unheard(before("asked_to_stay"), today)
    return Expired(
        prospects=tuple(prospects[:most]),
        members=tuple(members[:most]),
        children=tuple(children[:most]),
        after_hold=tuple(erasures_due(today=today)[:most]),
        silent_members=tuple(silent),
        import_rejects=0 if "import_rejects" in kinds else expired_rejects(moment=before("import_rejects")),
        sign_up_links=0 if "sign_up_links" in kinds else expired_links(moment=before("sign_up_links")),
        held_kinds=frozenset(kinds),
    )


def _prospects(moment: datetime, most: int, today: date) -> list[int]:
    found: list[int] = []
    for keys in _batches(moment):
        known = buyers_among(customer_ids=keys) | owners_among(customer_ids=keys)
        known |= held_among(customer_ids=keys, today=today)
        found += [key for key in keys if key not in known]
        if len(found) >= most:
            break
    return found


def _silent(moment: datetime, most: int, today: date) -> list[int]:
    """Return members who have been silent since a moment and were not asked since then."""
    found: list[int] = []
    for keys in _batches(moment):
        silent = buyers_among(customer_ids=keys) - buyers_among(customer_ids=keys, since=moment)
        silent -= held_among(customer_ids=silent, today=today)
        asked = asked_to_stay(viewer=SYSTEM, code="silent", customer_ids=silent) if silent else {}
        found += sorted(key for key in silent if key not in asked or asked[key] < moment)
        if len(found) >= most:
            break
    return found[:most]


def _unheard(moment: datetime, today: date) -> list[int]:
    """Return members who were asked before a moment and of whom nothing was heard since."""
    asked = {key: at for key, at in asked_to_stay(viewer=SYSTEM, code="silent").items() if at < moment}
    silent = unheard_since(asked=asked)
    back = {key for key in silent if buyers_among(customer_ids=[key], since=asked[key])}
    back |= held_among(customer_ids=silent, today=today)
    return [key for key in silent if key not in back]


def _children(moment: datetime, today: date) -> list[int]:
    """Return children whose guardian took the yes back, or was asked before a moment and gave none."""
    unguarded = children_unguarded(today=today)
    asked = asked_to_stay(viewer=SYSTEM, code="guardian", customer_ids=list(unguarded)) if unguarded else {}
    due = {key for key, is_no in unguarded.items() if is_no or (key in asked and asked[key] < moment)}
    return sorted(due - held_among(customer_ids=due, today=today))


def _batches(moment: datetime) -> Iterator[list[int]]:
    after = 0
    while keys := untouched_since(moment=moment, after=after, size=_BATCH):
        yield keys
        after = keys[-1]
