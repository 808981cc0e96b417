"""Archives that may be one person: the list, merging two into one, saying that they are two, and undo."""

from __future__ import annotations

from typing import Annotated

from ninja import Query, Router
from ninja.decorators import decorate_view
from pydantic import Field

from zhenke.basics.clock import now
from zhenke.customers.models import Customer, DuplicatePair, Merge
from zhenke.customers.operations.duplicates import mark_not_same
from zhenke.customers.queries import seen_name
from zhenke.customers.queries.duplicates import open_pairs, pair_for
from zhenke.customers.queries.merges import merge_for
from zhenke.customers.rules.merging import ChoiceWrong
from zhenke.doors.api.access import TokenCall, key_of, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Key, Mark, Moment, Problem, Told
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.undo_merge import undo_merge
from zhenke.staff.models import Viewer

router = Router(tags=["duplicates"])
merges_router = Router(tags=["duplicates"])
Name = Annotated[str, Field(min_length=1, max_length=60)]


class MergeAsked(Asked):
    """`keep` is the key of the archive that stays; `choices` names fields whose value is taken from the other one."""

    keep: Key
    choices: Annotated[dict[Name, Name], Field(max_length=60)] = Field(default_factory=dict)


class PairsAsked(Asked):
    """Which page."""

    after: Mark


class NothingMore(Asked):
    """Nothing more is to be said."""


class ArchiveTold(Told):
    """One of the two, by key and name as the caller's role is shown it."""

    id: str
    name: str
    shop_id: str


class PairTold(Told):
    """Two archives; `probability_permille` is how likely they are one person, `evidence` what speaks for it."""

    id: str
    state: str
    first: ArchiveTold
    second: ArchiveTold
    probability_permille: int
    evidence: list[str]


class PairsTold(Told):
    """Pairs that nobody has decided yet, the likeliest first; `after` leads to the next page, "" at the end."""

    rows: list[PairTold]
    after: str


class MergeTold(Told):
    """One merge: the archive that stays, and the key that went and leads to it now."""

    id: str
    state: str
    customer_id: str
    merged_id: str
    at: Moment


def _archive(viewer: Viewer, one: Customer) -> ArchiveTold:
    return ArchiveTold(id=str(one.pk), name=seen_name(viewer=viewer, customer=one), shop_id=str(one.shop_id))


def _pair(viewer: Viewer, pair: DuplicatePair) -> PairTold:
    return PairTold(
        id=str(pair.pk),
        state=pair.state,
        first=_archive(viewer, pair.first),
        second=_archive(viewer, pair.second),
        probability_permille=pair.probability_permille,
        evidence=list(pair.evidence),
    )


def _merge(row: Merge) -> MergeTold:
    return MergeTold(
        id=str(row.pk), state=row.state, customer_id=str(row.winner_id), merged_id=str(row.loser_key), at=row.at
    )


@router.get(
    "", url_name="duplicates", response={200: PairsTold, REFUSALS: Problem}, summary="Who may have two archives"
)
def list_duplicates(request: TokenCall, asked: Query[PairsAsked]) -> PairsTold:
    """Twenty pairs of which both archives are in sight, the likeliest first."""
    page = open_pairs(viewer=request.user, after=asked.after)
    return PairsTold(rows=[_pair(request.user, pair) for pair in page.rows], after=page.after)


@router.post(
    "/{pair_id}/merge",
    url_name="duplicate-merge",
    response={200: MergeTold, REFUSALS: Problem},
    summary="Two archives are one person",
)
@decorate_view(theirs("pair_id", pair_for))
def merge_pair(request: TokenCall, pair_id: str, body: MergeAsked) -> MergeTold:
    """Bring everything of the other archive into the one that is kept; nothing is lost, and it can be undone."""
    keep, both = key_of(body.keep), {request.found.first_id, request.found.second_id}
    if keep not in both:
        raise ChoiceWrong(field="keep")
    [loser] = both - {keep}
    return _merge(merge_customers(winner=keep, loser=loser, choices=body.choices, by=request.user, now=now()))


@router.post(
    "/{pair_id}/not-same",
    url_name="duplicate-not-same",
    response={200: PairTold, REFUSALS: Problem},
    summary="They are two people",
)
@decorate_view(theirs("pair_id", pair_for))
def tell_apart(request: TokenCall, pair_id: str, body: NothingMore) -> PairTold:
    """Remember that these are two people: they are not shown as a pair again."""
    mark_not_same(pair=request.found, by=request.user, now=now())
    return _pair(request.user, pair_for(viewer=request.user, id=request.found.pk))


@merges_router.post(
    "/{merge_id}/undo", url_name="merge-undo", response={200: MergeTold, REFUSALS: Problem}, summary="A merge was wrong"
)
@decorate_view(theirs("merge_id", merge_for))
def take_merge_back(request: TokenCall, merge_id: str, body: NothingMore) -> MergeTold:
    """Make the two archives two again, as they were, but for what somebody did since."""
    return _merge(undo_merge(merge=request.found, by=request.user, now=now()))
