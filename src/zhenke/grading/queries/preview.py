"""What the pyramid would be under other rules, and who would move: from the stored grades, by sets.

People with the same band points have the same score under any weights, so the house falls into a few thousand groups.
Only where a cut runs through a group (equal scores, told apart by amount) are the amounts of that group looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import Substr
from django.db.models.lookups import Exact

from zhenke.customers.models import Customer
from zhenke.customers.rules.crowds import crowd
from zhenke.customers.rules.sight import sight_of
from zhenke.grading.models import Grade
from zhenke.grading.queries.grades import grade_scope
from zhenke.grading.queries.schemes import current_scheme, last_yardstick, rules_of
from zhenke.grading.rules import DIMENSIONS, LETTERS, UNREACHABLE, Cut, Scheme, Yardstick, share_ranks
from zhenke.grading.rules.grades import letter_for, score_of
from zhenke.grading.rules.yardstick import cuts_by_score
from zhenke.staff.models import Viewer

_COLUMNS = {
    "frequency": "frequency",
    "margin": "margin_permille",
    "engagement": "engagement",
    "satisfaction": "satisfaction",
    "referral": "referral",
}


@dataclass(frozen=True)
class Mover:
    """Somebody who would change letters, and the dimension whose share of her score changes most."""

    customer: Customer
    from_letter: str
    to_letter: str
    from_score: int
    to_score: int
    amount_minor: int
    dimension: str


@dataclass(frozen=True)
class Preview:
    """The pyramid today and under the rules tried, people per (from, to), and the movers who spend most.

    `inexact` names rules that the stored grades cannot show (a longer window needs the sales): the preview then leaves
    them as they are, and the regrade after publishing shows them.
    """

    today: dict[str, int]
    after: dict[str, int]
    moves: dict[tuple[str, str], int]
    movers: list[Mover]
    cuts: tuple[Cut, Cut, Cut, Cut]
    inexact: tuple[str, ...]

    @property
    def moved(self) -> int:
        """How many would change letters."""
        return sum(people for (before, after), people in self.moves.items() if before != after)


@dataclass(frozen=True)
class _Group:
    """People with one set of stored bands, one set of new bands and one letter today."""

    key: dict[str, Any]
    bands: str
    letter: str
    new_bands: str
    people: int
    highest_minor: int
    score: int


def preview(*, viewer: Viewer, rules: object, movers: int = 20) -> Preview:
    """Return what other rules would do to the pyramid.

    Errors: SchemeWrong when the rules cannot grade.
    Shape:  all five letters, zeros included; at most `movers` people, those who paid most first. Computed letters are
            compared: overrides stay what they are.
    Sees:   cuts are those of the whole house; people are counted and named within what the viewer may see. Who may see
            only crowds gets no move of fewer than ten and no mover: rules that are tried must not tell an amount.
    """
    tried = Scheme.from_plain(rules)
    now = rules_of(current_scheme())
    measured = last_yardstick()
    as_of = measured.as_of_date if measured else date.min
    everybody = _groups(Grade.objects.all(), now, tried, as_of)
    cuts = _cuts(everybody, tried, now, as_of)
    scope = grade_scope(viewer)
    seen = everybody if scope == Q() else _groups(Grade.objects.filter(scope), now, tried, as_of)
    yardstick = Yardstick(cuts=cuts)
    moves: dict[tuple[str, str], int] = {}
    moving: list[_Group] = []
    for group in seen:
        for letter, people in _split(group, yardstick, scope, now, tried, as_of).items():
            moves[group.letter, letter] = moves.get((group.letter, letter), 0) + people
            if letter != group.letter and (not moving or moving[-1] is not group):
                moving.append(group)
    if sight_of(viewer.role).only_crowds:
        moves = {move: people for move, people in moves.items() if crowd(people)}
        moving = []
    return Preview(
        today={letter: sum(n for (old, _), n in moves.items() if old == letter) for letter in LETTERS},
        after={letter: sum(n for (_, new), n in moves.items() if new == letter) for letter in LETTERS},
        moves=moves,
        movers=_movers(moving, yardstick, scope, now, tried, as_of, movers),
        cuts=cuts,
        inexact=_inexact(now, tried),
    )


def _inexact(now: Scheme, tried: Scheme) -> tuple[str, ...]:
    names = ("window_months", "engagement_months", "cluster", "cluster_minimum")
    return tuple(name for name in names if getattr(now, name) != getattr(tried, name))


def _changed(now: Scheme, tried: Scheme) -> list[str]:
    return [name for name in ("recency", *_COLUMNS) if now.steps[name] != tried.steps[name]]


def _fresh_band(name: str, scheme: Scheme, as_of: date) -> Case:
    """The band that a dimension's stored input has under other thresholds; 0 stays absent (also when silent)."""
    whens = [When(Exact(Substr("bands", DIMENSIONS.index(name) + 1, 1), Value("0")), then=Value(0))]
    for band, step in zip((5, 4, 3, 2), scheme.steps[name], strict=True):
        if name == "recency":
            days = min(step, (as_of - date.min).days)  # more than there are: everybody is within
            whens.append(When(last_bought_date__gte=as_of - timedelta(days=days), then=Value(band)))
        else:
            whens.append(When(**{f"{_COLUMNS[name]}__gte": step}, then=Value(band)))
    return Case(*whens, default=Value(1), output_field=IntegerField())


def _banded(rows: QuerySet[Grade], now: Scheme, tried: Scheme, as_of: date) -> QuerySet[Grade]:
    fresh = {f"new_{name}": _fresh_band(name, tried, as_of) for name in _changed(now, tried)}
    return rows.exclude(computed_letter="").annotate(**fresh)


def _groups(rows: QuerySet[Grade], now: Scheme, tried: Scheme, as_of: date) -> list[_Group]:
    names = ["bands", "computed_letter", *(f"new_{name}" for name in _changed(now, tried))]
    counted = _banded(rows, now, tried, as_of).order_by().values(*names)
    groups = []
    for row in counted.annotate(people=Count("*"), highest=Max("amount_minor")):
        new_bands = _new_bands(row)
        key = {name: row[name] for name in names}
        score = score_of(_numbered(new_bands), tried)
        groups.append(
            _Group(key, row["bands"], row["computed_letter"], new_bands, row["people"], row["highest"], score)
        )
    return groups


def _new_bands(row: Mapping[str, Any]) -> str:
    return "".join(str(row.get(f"new_{name}", row["bands"][place])) for place, name in enumerate(DIMENSIONS))


def _numbered(bands: str) -> dict[str, int]:
    return {name: int(bands[place]) for place, name in enumerate(DIMENSIONS)}


def _cuts(groups: list[_Group], tried: Scheme, now: Scheme, as_of: date) -> tuple[Cut, Cut, Cut, Cut]:
    if tried.pyramid.method == "score":
        return cuts_by_score(tried)
    by_score: dict[int, list[_Group]] = {}
    for group in groups:
        by_score.setdefault(group.score, []).append(group)
    buyers = sum(group.people for group in groups)
    found = []
    for rank in share_ranks(buyers, tried.pyramid.shares):
        cut, above = UNREACHABLE, 0
        for score in sorted(by_score, reverse=True) if rank else ():
            people = sum(group.people for group in by_score[score])
            if above + people >= rank:
                rows = _members(by_score[score], Q(), now, tried, as_of).order_by("-amount_minor")
                cut = Cut(score, rows.values_list("amount_minor", flat=True)[rank - above - 1])
                break
            above += people
        found.append(cut)
    a, b, c, d = found
    return a, b, c, d


def _members(groups: list[_Group], scope: Q, now: Scheme, tried: Scheme, as_of: date) -> QuerySet[Grade]:
    """The people of some groups, in one query."""
    wanted = Q(pk__in=[])
    for number, group in enumerate(groups):
        wanted = Q(**group.key) if number == 0 else wanted | Q(**group.key)
    return _banded(Grade.objects.filter(scope), now, tried, as_of).filter(wanted)


def _split(group: _Group, yardstick: Yardstick, scope: Q, now: Scheme, tried: Scheme, as_of: date) -> dict[str, int]:
    """Return how many people of a group get which letter; a question to the database only where a cut runs through."""
    amounts = [cut.amount_minor for cut in yardstick.cuts if cut.score == group.score and cut.amount_minor > -(2**62)]
    if not amounts:
        return {letter_for(group.score, group.highest_minor, yardstick): group.people}
    rows = _members([group], scope, now, tried, as_of)
    found: dict[str, int] = {}
    above = 0
    for amount in sorted(set(amounts), reverse=True):
        people = rows.filter(amount_minor__gte=amount).count()
        if people > above:
            letter = letter_for(group.score, amount, yardstick)
            found[letter] = found.get(letter, 0) + people - above
        above = people
    if group.people > above:
        letter = letter_for(group.score, min(amounts) - 1, yardstick)
        found[letter] = found.get(letter, 0) + group.people - above
    return found


def _movers(
    moving: list[_Group], yardstick: Yardstick, scope: Q, now: Scheme, tried: Scheme, as_of: date, size: int
) -> list[Mover]:
    """The movers who paid most. They can only be in the groups with the highest amounts, so only those are read."""
    found: list[Mover] = []
    for group in sorted(moving, key=lambda group: -group.highest_minor):
        if len(found) >= size and group.highest_minor < found[size - 1].amount_minor:
            break
        rows = _members([group], scope, now, tried, as_of).select_related("customer").order_by("-amount_minor", "pk")
        for grade in _those_who_move(rows, group, yardstick, size):
            found.append(_mover(grade, group, yardstick, now, tried))
        found.sort(key=lambda mover: (-mover.amount_minor, mover.customer.pk))
        del found[size:]
    return found


def _those_who_move(rows: QuerySet[Grade], group: _Group, yardstick: Yardstick, size: int) -> list[Grade]:
    """Of one group the movers who paid most: where a cut runs through it, those on the side that moves."""
    amounts = sorted({cut.amount_minor for cut in yardstick.cuts if cut.score == group.score}, reverse=True)
    edges = [None, *amounts, None]
    movers: list[Grade] = []
    for upper, lower in pairwise(edges):
        inside = group.highest_minor if upper is None else upper - 1
        probe = inside if lower is None else max(lower, -(2**62))
        if letter_for(group.score, probe, yardstick) == group.letter:
            continue
        part = rows if upper is None else rows.filter(amount_minor__lt=upper)
        part = part if lower is None else part.filter(amount_minor__gte=lower)
        movers += list(part[: size - len(movers)])
    return movers


def _mover(grade: Grade, group: _Group, yardstick: Yardstick, now: Scheme, tried: Scheme) -> Mover:
    return Mover(
        customer=grade.customer,
        from_letter=group.letter,
        to_letter=letter_for(group.score, grade.amount_minor, yardstick),
        from_score=grade.score,
        to_score=group.score,
        amount_minor=grade.amount_minor,
        dimension=_reason(group, now, tried),
    )


def _reason(group: _Group, now: Scheme, tried: Scheme) -> str:
    """The dimension whose share of the score changes most in the direction in which the score goes; '' if none."""
    before, after = _numbered(group.bands), _numbered(group.new_bands)
    parts = {name: _part(after, name, tried) - _part(before, name, now) for name in DIMENSIONS}
    direction = 1 if sum(parts.values()) >= 0 else -1
    name = max(DIMENSIONS, key=lambda one: parts[one] * direction)
    return name if parts[name] else ""


def _part(bands: dict[str, int], name: str, scheme: Scheme) -> int:
    total = sum(scheme.weights[one] for one in DIMENSIONS if bands[one])
    return 2500 * max(bands[name] - 1, 0) * scheme.weights[name] // total if total else 0
