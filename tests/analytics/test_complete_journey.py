"""The grades of 2,377 real households against plain pandas, written without looking at our SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from tests.cast import NOW
from tests.shared_data import shared_file

from zhenke.basics.ids import new_ids
from zhenke.customers.models import Customer
from zhenke.grading.models import Grade, Yardstick
from zhenke.journeys.regrade_customers import regrade_customers
from zhenke.sales.models import Sale
from zhenke.staff.models import Shop

pytestmark = pytest.mark.django_db(transaction=True)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def receipts(path: Path) -> pd.DataFrame:
    """One row per basket: household, local day, amount in cents."""
    lines = pd.read_csv(path, dtype={"sales_value": str})
    lines["minor"] = lines.sales_value.map(lambda text: int(Decimal(text) * 100))
    lines["at"] = pd.to_datetime(lines.transaction_timestamp)
    baskets = lines.groupby("basket_id").agg(
        household=("household_id", "first"), at=("at", "min"), minor=("minor", "sum"), lines=("minor", "size")
    )
    baskets["day"] = baskets["at"].dt.date
    return baskets.reset_index()


@pytest.fixture
def baskets(transactional_db: None) -> Iterator[pd.DataFrame]:
    """The real baskets, written straight into the tables of one shop."""
    table = receipts(shared_file("complete_journey/transactions.csv.gz"))
    shop = Shop(code="CJ", name="CJ", kind="shop")
    shop.path = f"{shop.id}/"
    shop.save()
    households = sorted(int(household) for household in table.household.unique())
    people = dict(zip(households, new_ids(len(households)), strict=True))
    Customer.objects.bulk_create(
        [
            Customer(id=key, source_key=f"h{household}", shop=shop, created_at=NOW, updated_at=NOW)
            for household, key in people.items()
        ],
        batch_size=2_000,
    )
    rows = zip(new_ids(len(table)), table.itertuples(), strict=True)
    Sale.objects.bulk_create(
        [
            Sale(
                id=key,
                source_key=f"b{row.basket_id}",
                customer_id=people[int(row.household)],
                shop=shop,
                sold_at=row.at.to_pydatetime().replace(tzinfo=SHANGHAI).astimezone(UTC),
                sold_date=row.day,
                amount_minor=int(row.minor),
                line_count=int(row.lines),
                created_at=NOW,
            )
            for key, row in rows
        ],
        batch_size=2_000,
    )
    table["customer_id"] = table.household.map(lambda household: people[int(household)])
    yield table


def plain_grades(baskets: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Recency, frequency and amount of each household, band points, score and letter: what anybody would write."""
    window = baskets[baskets.day > (as_of - pd.DateOffset(months=36)).date()]
    people = window.groupby("customer_id").agg(last=("day", "max"), frequency=("day", "size"), amount=("minor", "sum"))
    people["recency"] = people["last"].map(lambda day: (as_of - day).days)
    people["r"] = pd.cut(people.recency, [-1, 90, 180, 365, 730, 10**6], labels=[5, 4, 3, 2, 1]).astype(int)
    people["f"] = pd.cut(people.frequency, [-1, 1, 2, 3, 5, 10**6], labels=[1, 2, 3, 4, 5]).astype(int)
    ordered = people.amount.sort_values(ignore_index=True)
    bounds = [ordered[-(-len(ordered) * fifth // 5) - 1] for fifth in (1, 2, 3, 4)]
    people["m"] = 1 + sum((people.amount > bound).astype(int) for bound in bounds)
    # Weights 20, 15 and 30 of 65: the other dimensions are absent here.
    people["score"] = ((people.r - 1) * 20 + (people.f - 1) * 15 + (people.m - 1) * 30) * 2500 // 65
    ranked = people.sort_values(["score", "amount"], ascending=False)
    place = pd.Series(range(1, len(ranked) + 1), index=ranked.index)
    # Equal pairs stand together: all take the best place among them.
    place = place.groupby([ranked.score, ranked.amount]).transform("min")
    lasts = [int(len(people) * share / 100 + 0.5) for share in (5, 20, 50, 80)]
    people["letter"] = place.map(lambda at: "ABCDE"[sum(at > last for last in lasts)])
    return people


class TestRegradeOfRealHouseholds:
    def test_equals_plain_pandas_for_every_household(self, baskets: pd.DataFrame) -> None:
        found = regrade_customers(reason="import", now=NOW)
        last = max(baskets.day)
        assert (found.customers, len(baskets)) == (2_377, 47_243)
        assert (found.as_of, found.as_of_reason) == (last, "newest_sale")
        expected = plain_grades(baskets, last)
        rows = Grade.objects.values(
            "customer_id", "last_bought_date", "frequency", "amount_minor", "bands", "score", "letter"
        )
        ours = pd.DataFrame.from_records(list(rows)).set_index("customer_id").loc[expected.index]
        assert (ours.last_bought_date == expected["last"]).all()
        assert (ours.frequency == expected.frequency).all()
        assert (ours.amount_minor == expected.amount).all()
        assert (ours.bands == expected.r.map(str) + expected.f.map(str) + expected.m.map(str) + "0000").all()
        assert (ours.score == expected.score).all()
        assert (ours.letter == expected.letter).all()
        assert found.grades == expected.letter.value_counts().to_dict()
        shares = [found.grades[letter] / found.customers for letter in "ABCDE"]
        assert shares == pytest.approx([0.05, 0.15, 0.30, 0.30, 0.20], abs=0.001)
        assert Yardstick.objects.get().rules["silent"] == ["engagement", "referral"]

        again = regrade_customers(reason="night", now=NOW + timedelta(days=1))
        assert (again.changed, again.customers) == (0, 2_377)
