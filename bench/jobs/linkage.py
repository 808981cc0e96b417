"""Who is here twice: found by the product's question, against a join by exact keys; and the febrl sets.

The crowd is generated (bench/linkage/people.py) and labelled, so that what is found can be told from what is true. A
new customer against everybody is asked of the shop itself, by the query that the page for a new customer uses.
"""

from __future__ import annotations

import time
from datetime import date
from statistics import median

import pyarrow as pa
from django.db import connection

from bench.jobs.regrade import cpu, watched
from bench.linkage.engine import bare_engine
from bench.linkage.febrl import febrl
from bench.linkage.measure import fill, precision_recall, true_pairs
from bench.measure import Figure, percentile
from bench.places import Size
from zhenke.analytics.engines.duckdb import Engine
from zhenke.analytics.questions.duplicates import likely_pairs, shop_model, take_people
from zhenke.customers.models import Customer
from zhenke.customers.queries import likely_same
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.staff.models import StaffMember

_SEED = 5
_ASKED = 200
# What a shop can do without linkage: the same name with the same phone, WeChat id or birthday.
_EXACT = ("phone", "wechat", "born")
_BY_NAME = {"febrl3": 0.998, "febrl4": 0.999}


def measure_linkage(size: Size, today: date) -> list[Figure]:
    """Link a crowd of that size, both febrl sets (one of them in the small run), and newcomers against the shop."""
    names = list(_BY_NAME)[:1] if size.name == "small" else list(_BY_NAME)
    return [_crowd(size.customers), *map(_febrl, names), _newcomer(size)]


def _crowd(customers: int) -> Figure:
    figure = Figure(
        job="linkage", unit="s", is_rate=False, target="≤ 60 s at 1 M, ≤ 4,096 MB, precision ≥ .995, recall ≥ .95",
        target_memory_mb=4096,
    )  # fmt: skip
    peak = [0.0]
    with bare_engine() as engine:
        batches = fill(engine, customers, seed=_SEED)
        true_pairs(engine)
        began, used = time.perf_counter(), cpu()
        with watched(peak):
            take_people(engine, iter(batches))
            found = [pair for part in likely_pairs(engine, model=shop_model()) for pair in part]
        figure.ours.append(time.perf_counter() - began)
        figure.cpu_ours.append(cpu() - used)
        kept = [[pair.first for pair in found], [pair.second for pair in found]]
        engine.duck.register("found", pa.table(kept, ["first", "second"]))
        ours = precision_recall(engine, "found")
        began, used = time.perf_counter(), cpu()
        _exact_join(engine)
        figure.floors.append(time.perf_counter() - began)
        figure.cpu_floors.append(cpu() - used)
        floor = precision_recall(engine, "exact")
    figure.memory_mb = peak[0]
    figure.note = (
        f"{customers:,} generated archives: precision {ours[0]:.4f}, recall {ours[1]:.4f};"
        f" exact keys: precision {floor[0]:.4f}, recall {floor[1]:.4f}; processor {figure.cpu_ours[0]:.1f} s"
    )
    return figure


def _exact_join(engine: Engine) -> None:
    pairs = " UNION ".join(
        "SELECT a.unique_id AS first, b.unique_id AS second FROM people a JOIN people b"
        f" ON a.name = b.name AND a.{key} = b.{key} AND a.unique_id < b.unique_id"
        for key in _EXACT
    )
    engine.run(f"CREATE OR REPLACE TABLE exact AS {pairs}")


def _febrl(name: str) -> Figure:
    """How well a labelled set is linked; what it is held against is the figure to beat, not a time."""
    began = time.perf_counter()
    precision, recall = febrl(name)
    score = 2 * precision * recall / (precision + recall)
    figure = Figure(job=f"linkage, {name}", unit="F1", target=f"F1 ≥ {_BY_NAME[name]}", target_ratio=1.0)
    figure.ours.append(score)
    figure.floors.append(_BY_NAME[name])
    took = time.perf_counter() - began
    figure.note = (
        f"F1 {score:.5f} (precision {precision:.5f}, recall {recall:.5f}), weights found without labels, {took:.1f} s"
    )
    return figure


def _newcomer(size: Size) -> Figure:
    """Ask who a new customer may be already: each a name with a phone, half of them known."""
    figure = Figure(job="a newcomer against all", unit="ms", is_rate=False, target="p95 ≤ 50 ms", target_p95_ms=50)
    viewer = StaffMember.objects.filter(role="shop_manager").select_related("shop").first()
    if viewer is None:
        return figure
    names = list(Customer.objects.order_by("pk").values_list("name", flat=True)[: _ASKED * 50 : 50])
    took = []
    for number, name in enumerate(names):
        draft = CustomerDraft(name=name, phones=(f"138{number * 37 % 10**8:08d}",), card_number=f"X{number}")
        began = time.perf_counter()
        likely_same(viewer=viewer, draft=draft)
        took.append((time.perf_counter() - began) * 1000)
    figure.ours.append(median(took))
    figure.p95_ms = percentile(took, 0.95)
    with connection.cursor() as cursor:
        floors = []
        for name in names:
            began = time.perf_counter()
            cursor.execute("SELECT id FROM customers_customer WHERE card_number = %s", [name])
            cursor.fetchall()
            floors.append((time.perf_counter() - began) * 1000)
    figure.floors.append(median(floors))
    figure.floor_p95_ms = percentile(floors, 0.95)
    figure.note = f"{len(took)} newcomers against {size.customers:,} customers; the floor is one look-up by key"
    return figure
