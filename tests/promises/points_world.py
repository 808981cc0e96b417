"""Clients who earn, spend, give back, take back, adjust, merge and part, with a history that a model replays."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from django.db.models import Max, Sum

from tests.cast import NOW
from tests.membership.reference import Joined, Reference, TooLow
from zhenke.basics.merging import Moved
from zhenke.customers.models import Customer
from zhenke.membership.models import PointsAccount, PointsEntry, PointsLeg, PointsLot
from zhenke.membership.operations import (
    Movement,
    activate_due,
    adjust,
    cancel_spend,
    check_balances,
    earn,
    expire_due,
    reverse_earned,
    spend,
)
from zhenke.membership.operations.merging import move_customer, move_customer_back
from zhenke.membership.queries.verifying import verify_ledger
from zhenke.membership.rules import BalanceTooLow, Cause
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop

TODAY = date(2026, 11, 22)
HOT_SHARE = 0.8


@dataclass
class Told:
    """One thing a client asked: what, with which values, and how it ended: ok, too_low, or None (not known)."""

    what: str
    key: str
    values: dict[str, Any]
    outcome: str | None = None
    entry: int | None = None
    window: tuple[int, int] = (0, 0)


@dataclass
class World:
    """Customers, some of them hot, the day, and everything that clients were told."""

    people: list[Customer]
    hot: list[Customer]
    pairs: list[Customer]
    clients: int = 1
    day: date = TODAY
    told: list[Told] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def now(self) -> datetime:
        """The instant that goes with the day."""
        return NOW + timedelta(days=(self.day - TODAY).days)


def open_world(shop: Shop, *, people: int, hot: int, pairs: int = 0, clients: int = 1) -> World:
    """Open archives and give everybody a first earning, so that their accounts are there."""
    rows = [
        Customer(name=f"会员{number}", shop=shop, created_at=NOW, updated_at=NOW) for number in range(people + pairs)
    ]
    Customer.objects.bulk_create(rows)
    world = World(rows[:people], rows[:hot], rows[people:], clients)
    for number, customer in enumerate(rows):
        Client(world, number, Random(number)).earn(customer, key=f"first:{number}", points=50, waits=False)
    return world


class Client:
    """One client: draws what to do next, does it, and writes down how it ended."""

    def __init__(self, world: World, number: int, rng: Random) -> None:
        self.world, self.number, self.rng = world, number, rng
        self.steps = 0
        self.earned: list[tuple[str, Fraction]] = []
        self.spent: list[str] = []
        self.merged: list[tuple[Customer, Moved, int]] = []
        self.own = list(world.pairs[number :: world.clients])

    def key(self, what: str) -> str:
        """Return a key that was not used before."""
        self.steps += 1
        return f"{what}:{self.number}:{self.steps}"

    def somebody(self) -> Customer:
        """Return a customer; four of five times a hot one."""
        crowd = self.world.hot if self.rng.random() < HOT_SHARE else self.world.people
        return self.rng.choice(crowd)

    def step(self) -> None:
        """Do one thing."""
        draws: list[tuple[int, Callable[[], None]]] = [
            (30, lambda: self.earn(self.somebody())),
            (30, lambda: self.spend(self.somebody())),
            (10, self.cancel),
            (14, self.reverse),
            (6, self.adjust),
            (4, self.join_or_part),
            (2, self.night),
            (4, self.again),
        ]
        weights = [weight for weight, _ in draws]
        self.rng.choices([act for _, act in draws], weights)[0]()

    def _ask(self, told: Told, act: Callable[[], Movement | None]) -> None:
        first = _last_entry()
        self.world.told.append(told)
        try:
            movement = act()
        except BalanceTooLow:
            told.outcome, told.window = "too_low", (first, _last_entry())
            return
        told.outcome, told.entry = "ok", movement.entry_id if movement else None

    def earn(
        self, customer: Customer, *, key: str = "", points: int = 0, waits: bool | None = None, told: Told | None = None
    ) -> None:
        """Let somebody earn."""
        waits = self.rng.random() < 0.4 if waits is None else waits
        values = {"whose": customer, "points": points or self.rng.randrange(1, 300), "waits": waits}
        values |= {"months": self.rng.choice([1, 1, 2, 24]), "day": self.world.day, "now": self.world.now}
        told = told or Told("earn", key or self.key("e"), values)
        self._ask(told, lambda: _earn(told))
        self.earned.append((told.key, Fraction(0)))

    def spend(self, customer: Customer) -> None:
        """Let somebody spend, sometimes more than there is."""
        values = {"whose": customer, "points": self.rng.randrange(1, 200), "day": self.world.day}
        told = Told("spend", self.key("s"), values | {"now": self.world.now})
        self._ask(told, lambda: _spend(told))
        if told.outcome == "ok":
            self.spent.append(told.key)

    def cancel(self) -> None:
        """Call a spending off, wholly or the rest of it."""
        if not self.spent:
            return
        told = Told("cancel", self.key("c"), {"spent": self.spent.pop(), "day": self.world.day, "now": self.world.now})
        self._ask(told, lambda: _cancel(told))

    def reverse(self) -> None:
        """Bring a line back, wholly or in part."""
        if not self.earned:
            return
        place = self.rng.randrange(len(self.earned))
        key, share = self.earned[place]
        share += (1 - share) * self.rng.choice([Fraction(1), Fraction(1, 2), Fraction(1, 3)])
        self.earned[place] = (key, share)
        if share == 1:
            self.earned.pop(place)
        values = {"earned": key, "share": share, "day": self.world.day, "now": self.world.now}
        told = Told("reverse", self.key("r"), values)
        self._ask(told, lambda: _reverse(told))

    def adjust(self) -> None:
        """Give or take by hand."""
        points = self.rng.choice([-1, 1]) * self.rng.randrange(1, 100)
        values = {"whose": self.somebody(), "points": points, "day": self.world.day, "now": self.world.now}
        told = Told("adjust", self.key("a"), values)
        self._ask(told, lambda: _adjust(told))

    def join_or_part(self) -> None:
        """Merge an archive of this client's own into a busy one, or part what was merged."""
        if self.merged and self.rng.random() < 0.5:
            loser, moved, entry = self.merged.pop()
            told = Told("part", self.key("u"), {"merge": entry, "now": self.world.now})
            self.world.told.append(told)
            kept = Moved.from_plain(moved.to_plain())
            move_customer_back(moved=kept, loser=loser.pk, on_date=self.world.day, by=SYSTEM, now=self.world.now)
            told.outcome = "ok"
        elif self.own:
            loser = self.own.pop()
            self.earn(loser, waits=False)
            self.earn(loser, waits=True)
            self.spend(loser)
            winner = self.somebody()
            told = Told("join", self.key("m"), {"loser": loser, "winner": winner})
            self.world.told.append(told)
            moved = move_customer(
                loser=loser.pk, winner=winner.pk, on_date=self.world.day, by=SYSTEM, now=self.world.now
            )
            told.outcome, told.entry = "ok", int(next(iter(moved.twins["merge_entries"])))
            self.merged.append((loser, moved, told.entry))

    def night(self) -> None:
        """Let a day pass, or several; one night at a time."""
        with self.world.turn:
            self.world.day += timedelta(days=self.rng.choice([1, 1, 3, 9]))
            day, now = self.world.day, self.world.now
            activate_due(day=day, now=now)
            expire_due(day=day, now=now)
            check_balances(day=day, now=now)

    def again(self) -> None:
        """Say something again that was said before: nothing more may happen."""
        done = [one for one in self.world.told[-50:] if one.outcome == "ok" and one.entry and one.what in AGAIN]
        # Not for archives that may be merged away: a till finds the one that stands first.
        mine = [one for one in done if one.values.get("whose") not in self.world.pairs]
        if mine:
            told = self.rng.choice(mine)
            movement = AGAIN[told.what](told)
            assert movement is not None and (movement.entry_id, movement.is_new) == (told.entry, False), told


def _common(told: Told) -> dict[str, Any]:
    return {"on_date": told.values["day"], "by": SYSTEM, "now": told.values["now"]}


def _earn(told: Told) -> Movement:
    days = 5 if told.values["waits"] else 0
    return earn(
        customer=told.values["whose"], points=told.values["points"], cause=Cause("test", told.key), pending_days=days,
        months=told.values["months"], **_common(told),
    )  # fmt: skip


def _spend(told: Told) -> Movement:
    return spend(
        customer=told.values["whose"], points=told.values["points"], cause=Cause("test", told.key), **_common(told)
    )


def _cancel(told: Told) -> Movement | None:
    return cancel_spend(spent=Cause("test", told.values["spent"]), cause=Cause("test", told.key), **_common(told))


def _reverse(told: Told) -> Movement | None:
    return reverse_earned(
        earned=Cause("test", told.values["earned"]), cause=Cause("test", told.key), share_back=told.values["share"],
        **_common(told),
    )  # fmt: skip


def _adjust(told: Told) -> Movement | None:
    return adjust(
        customer=told.values["whose"], points=told.values["points"], key=told.key, reason="other", months=2,
        **_common(told),
    ).movement  # fmt: skip


AGAIN: dict[str, Callable[[Told], Movement | None]] = {
    "earn": _earn,
    "spend": _spend,
    "cancel": _cancel,
    "reverse": _reverse,
    "adjust": _adjust,
}


def _last_entry() -> int:
    return PointsEntry.objects.aggregate(last=Max("pk"))["last"] or 0


class Replay:
    """Plays the ledger through the model, entry by entry, and holds every entry against what the model does."""

    def __init__(self, world: World, labels: dict[int, tuple[str, str]]) -> None:
        self.world, self.model, self.labels = world, Reference(), labels
        self.by_key = {(one.what, one.key): one for one in world.told}
        self.joins = {one.entry: one for one in world.told if one.what == "join"}
        self.joined: dict[int, Joined] = {}
        self.keys: dict[int, str] = {}
        self.faults: list[str] = []
        self._lots: dict[int, PointsLot] = {lot.opened_by_id: lot for lot in PointsLot.objects.all()}
        self._seen: set[tuple[str, str]] = set()

    def run(self) -> list[str]:
        """Return everything in which ledger, model and what clients were told do not agree; empty when all is well."""
        legs: dict[int, list[tuple[int, int | None, int]]] = defaultdict(list)
        for entry, account, lot, points in PointsLeg.objects.order_by("pk").values_list(
            "entry_id", "account_id", "lot_id", "points"
        ):
            legs[entry].append((account, lot, points))
        refused = sorted((one for one in self.world.told if one.outcome == "too_low"), key=lambda one: one.window)
        waiting: list[Told] = []
        for entry in PointsEntry.objects.exclude(kind="check").order_by("pk").iterator():
            while refused and refused[0].window[0] < entry.pk:
                waiting.append(refused.pop(0))
            waiting = list(self._still(waiting, entry.pk))
            self._one(entry, legs[entry.pk])
        self.faults += [f"refused though there was enough: {one}" for one in self._still(refused + waiting, None)]
        self._compare()
        return self.faults

    def _still(self, waiting: Iterable[Told], before: int | None) -> Iterator[Told]:
        """Yield refusals that nothing speaks for yet; those whose time is over are faults."""
        for one in waiting:
            points = one.values["points"]
            if self.model.spendable(str(one.values["whose"].pk), one.values["day"]) < abs(points):
                continue
            if before is not None and one.window[1] < before:
                self.faults.append(f"refused though there was enough: {one}")
                continue
            yield one

    def _one(self, entry: PointsEntry, legs: list[tuple[int, int | None, int]]) -> None:
        people = {self.labels[account][0] for account, _, _ in legs if account in self.labels}
        before = self.model.sums(people)
        try:
            self._apply(entry, legs)
        except (TooLow, KeyError) as wrong:
            self.faults.append(f"{entry.pk} {entry.kind} {entry.cause_id}: the model refuses: {wrong!r}")
            return
        after = self.model.sums(people)
        moved: dict[tuple[str, str], int] = defaultdict(int)
        for account, _, points in legs:
            if account in self.labels:
                moved[self.labels[account]] += points
        expected = {key: after[key] - before[key] for key in after if after[key] != before[key]}
        found = {key: points for key, points in moved.items() if points}
        if expected != found:
            self.faults.append(f"{entry.pk} {entry.kind} {entry.cause_id}: {found}, the model says {expected}")

    def _apply(self, entry: PointsEntry, legs: list[tuple[int, int | None, int]]) -> None:
        if entry.kind in ("activate", "expire"):
            self._apply_night(entry, legs)
        elif entry.kind == "merge":
            told = self.joins[entry.pk]
            self.joined[entry.pk] = self.model.merge(str(told.values["loser"].pk), str(told.values["winner"].pk))
        elif entry.kind == "unmerge":
            self.model.unmerge(self.joined[entry.undoes_id or 0])
        else:
            self._apply_told(entry)

    def _apply_night(self, entry: PointsEntry, legs: list[tuple[int, int | None, int]]) -> None:
        if entry.cause_kind == "cancel":
            told = self.by_key["cancel", self.keys[int(entry.cause_id)]]
            self.model.end_again(told.values["spent"], told.values["day"])
            return
        lot = int(entry.cause_id.split(":")[0])
        whose = next(self.labels[account][0] for account, named, _ in legs if named == lot)
        if entry.kind == "activate":
            self.model.activate(whose, lot)
        else:
            self.model.expire(whose, lot)

    def _apply_told(self, entry: PointsEntry) -> None:
        told = self.by_key[entry.kind, entry.cause_id]
        if (entry.kind, entry.cause_id) in self._seen:
            self.faults.append(f"{entry.pk} {entry.kind} {entry.cause_id}: written twice")
        self._seen.add((entry.kind, entry.cause_id))
        self.keys[entry.pk] = entry.cause_id
        values, day = told.values, told.values["day"]
        whose = str(values["whose"].pk) if "whose" in values else ""
        lot = self._lots.get(entry.pk)
        if told.what == "earn" and lot is not None:
            waits = values["waits"]
            self.model.earn(whose, values["points"], told.key, lot=lot.pk, ends=lot.expires_on_date, waits=waits)
        elif told.what == "adjust" and lot is not None:
            self.model.earn(whose, values["points"], told.key, lot=lot.pk, ends=lot.expires_on_date, waits=False)
        elif told.what == "adjust":
            self.model.take_by_hand(whose, -values["points"], day)
        elif told.what == "spend":
            self.model.spend(whose, values["points"], told.key, day)
        elif told.what == "cancel":
            self.model.cancel(values["spent"], self.model.left_to_cancel(values["spent"]), day)
        elif told.what == "reverse":
            self.model.reverse(values["earned"], values["share"], day)

    def _compare(self) -> None:
        """Hold everybody's lots and debts, and what clients were told, against the ledger."""
        rows = PointsLeg.objects.filter(account__in=list(self.labels)).values_list("account", "lot")
        found = {
            (*self.labels[account], lot or 0): int(left)
            for account, lot, left in rows.annotate(left=Sum("points"))
            if left
        }
        model = self.model.picture()
        self.faults += [
            f"{key}: {found.get(key, 0)}, the model says {model.get(key, 0)}"
            for key in found.keys() | model.keys()
            if found.get(key, 0) != model.get(key, 0)
        ]
        there = set(PointsEntry.objects.values_list("pk", flat=True))
        lost = [one for one in self.world.told if one.outcome == "ok" and one.entry and one.entry not in there]
        self.faults += [f"told as done and not there: {one}" for one in lost]


def labels_now() -> dict[int, tuple[str, str]]:
    """Return whose each account is and of which kind, by its key; asked before anything is merged."""
    rows = PointsAccount.objects.filter(customer__isnull=False).values_list("pk", "customer_id", "kind")
    return {account: (str(customer), kind) for account, customer, kind in rows}


def faults_of(world: World, labels: dict[int, tuple[str, str]]) -> list[str]:
    """Return everything that is wrong: the ledger's own faults, sums that are not nothing, and what the model says."""
    found = [f"{fault.code} {fault.key}" for fault in verify_ledger()]
    total = PointsLeg.objects.aggregate(total=Sum("points"))["total"] or 0
    if total:
        found.append(f"the legs add up to {total}")
    return found + Replay(world, labels).run()
