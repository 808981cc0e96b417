"""What has been kept long enough, room by room: counted, so that a dry run can be read before the night does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhenke.catalogue.queries.retention import owners_among
from zhenke.customers.queries.retention import expired_links, expired_rejects, untouched_since
from zhenke.sales.queries.retention import buyers_among

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Expired:
    """What is due: archives of prospects by key, members to be asked, refused rows, ended links."""

    prospects: tuple[int, ...]
    silent_members: int
    import_rejects: int
    sign_up_links: int


def find_expired(*, days: Mapping[str, int], most: int, now: datetime) -> Expired:
    """Return what has been kept for more than its days; nothing is written.

    A prospect is an archive that never bought, was never given anything, owns no piece, and that nobody touched.
    A silent member did buy, but not since, and nobody was in touch.

    Shape:  at most `most` prospects, the oldest first; the rest waits for the next night.
    """

    def before(code: str) -> datetime:
        return now - timedelta(days=days[code])

    prospects: list[int] = []
    for keys in _batches(before("prospects")):
        known = buyers_among(customer_ids=keys) | owners_among(customer_ids=keys)
        prospects += [key for key in keys if key not in known]
        if len(prospects) >= most:
            break
    silent = 0
    moment = before("silent_members")
    for keys in _batches(moment):
        bought = buyers_among(customer_ids=keys)
        silent += len(bought - buyers_among(customer_ids=keys, since=moment))
    return Expired(
        prospects=tuple(prospects[:most]),
        silent_members=silent,
        import_rejects=expired_rejects(moment=before("import_rejects")),
        sign_up_links=expired_links(moment=before("sign_up_links")),
    )


def _batches(moment: datetime) -> Iterator[list[int]]:
    after = 0
    while keys := untouched_since(moment=moment, after=after, size=_BATCH):
        yield keys
        after = keys[-1]
