"""The question: what did every customer do, in the few figures that grading needs?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, tzinfo

from zhenke.analytics.engines.duckdb import Engine
from zhenke.basics.facts import Column
from zhenke.grading.facts import ARCHIVES, CONTACTS, INTENTS, PEOPLE, STYLED_SALES
from zhenke.grading.rules import Scheme, StageRules, instants_of, window_of
from zhenke.sales.facts import SALES


def take_facts(engine: Engine, scheme: Scheme) -> date | None:
    """Read everything that grading needs and return the day of the newest purchase, None when nobody ever bought.

    Shape: tables `people`, `sales`, `contacts` in the engine, and `styled_sales` of bridal categories only.
    """
    engine.take(PEOPLE, ("customer_id", "shop_id", "referrer_id"))
    engine.take(
        SALES,
        ("sale_id", "customer_id", "sold_date", "net_minor", "net_cost_minor", "counts"),
        where="fact.customer_id IS NOT NULL",
    )
    engine.take(CONTACTS, ("contact_id", "customer_id", "at", "is_contact", "satisfaction"))
    categories = ", ".join(_text(category) for category in scheme.bridal_categories) or "NULL"
    engine.take(STYLED_SALES, ("sale_id",), where=f"fact.category IN ({categories})")
    [(newest,)] = engine.rows("SELECT max(sold_date) FILTER (WHERE counts = 1) FROM sales")
    return newest


def ask_inputs(
    engine: Engine, *, scheme: Scheme, as_of: date, zone: tzinfo, clusters: Mapping[int, str]
) -> frozenset[str]:
    """Make the table `inputs` and return the dimensions that nobody in the house has (they are silent).

    Grain:  one row per customer, those who never bought too: `recency_days` is then empty.
    Window: purchases in the scheme's months up to `as_of`, contacts in the engagement months, lifetime up to `as_of`.
    Source: the purchases of the sales room's README, "Purchase".
    """
    first, last = window_of(as_of, scheme.window_months)
    engine.give(
        "clusters",
        (Column("shop_id", "key", "", ""), Column("cluster", "text", "", "")),
        list(clusters.items()),
    )
    engine.run(_bought(first, last))
    begins, ends = (
        f"TIMESTAMP '{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S}'"
        for instant in instants_of(*window_of(as_of, scheme.engagement_months), zone)
    )
    engine.run(_contacted(begins, ends))
    engine.run(_said(ends))
    engine.run(
        "CREATE OR REPLACE TABLE brought AS SELECT referrer_id AS customer_id, CAST(count(*) AS BIGINT) AS referral"
        " FROM people WHERE referrer_id IS NOT NULL GROUP BY referrer_id"
    )
    [(has_contacts,)] = engine.rows("SELECT coalesce(max(engagement), 0) > 0 FROM contacted")
    [(has_brought,)] = engine.rows("SELECT count(*) > 0 FROM brought")
    silent = {name for name, is_heard in (("engagement", has_contacts), ("referral", has_brought)) if not is_heard}
    engine.run(_joined(as_of, silent))
    return frozenset(silent)


def take_archives(engine: Engine, *, scheme: Scheme) -> None:
    """Read the archives and the intents of everybody who, by the table `inputs`, never bought."""
    nobody = "SELECT customer_id FROM inputs WHERE recency_days IS NULL"
    engine.take(ARCHIVES, ("customer_id", "known_fields"), among=nobody)
    rules = scheme.stages
    keys = ", ".join(_text(key) for key in (*rules.intent_keys, *rules.intent_date_keys, *rules.budget_keys)) or "NULL"
    engine.take(INTENTS, ("customer_id", "key", "day"), where=f"fact.key IN ({keys})", among=nobody)


def ask_stage_facts(engine: Engine, *, rules: StageRules, as_of: date) -> None:
    """Make the table `stage_facts`: what is known of everybody who never bought.

    Grain:  one row per customer without a purchase up to `as_of`.
    """
    engine.run(
        f"""
        CREATE OR REPLACE TABLE stage_facts AS
        SELECT a.customer_id, a.known_fields, coalesce(c.contacts, 0) AS contacts,
          coalesce(i.has_intent, FALSE) AS has_intent, coalesce(i.has_budget, FALSE) AS has_budget, i.intent_date
        FROM archives a
        LEFT JOIN contacted c ON c.customer_id = a.customer_id
        LEFT JOIN (
          SELECT customer_id, bool_or({_among("key", rules.intent_keys)}) AS has_intent,
            bool_or({_among("key", rules.budget_keys)}) AS has_budget,
            min(TRY_CAST(day AS DATE)) FILTER (
              WHERE {_among("key", rules.intent_date_keys)}
              AND regexp_full_match(day, '[12][0-9]{{3}}-[0-9]{{2}}-[0-9]{{2}}')
              AND TRY_CAST(day AS DATE) >= {_day(as_of)}) AS intent_date
          FROM intents GROUP BY customer_id
        ) i ON i.customer_id = a.customer_id
        """  # noqa: S608 (texts are quoted, dates are ours)
    )


def _bought(first: date, last: date) -> str:
    inside = f"sold_date >= {_day(first)}"
    known = f"{inside} AND net_cost_minor IS NOT NULL"
    return f"""
        CREATE OR REPLACE TABLE bought AS
        SELECT customer_id,
          max(sold_date) FILTER (WHERE counts = 1) AS last_bought_date,
          CAST(sum(counts) FILTER (WHERE {inside}) AS BIGINT) AS frequency,
          CAST(sum(net_minor) FILTER (WHERE {inside}) AS BIGINT) AS amount_minor,
          CAST(sum(net_minor - net_cost_minor) FILTER (WHERE {known}) AS BIGINT) AS margin_minor,
          CAST(sum(net_minor) FILTER (WHERE {known}) AS BIGINT) AS cost_known_minor,
          CAST(sum(net_minor) AS BIGINT) AS lifetime_minor,
          CAST(sum(counts) AS BIGINT) AS lifetime_frequency,
          max(sale_id) FILTER (WHERE counts = 1) AS one_sale_id
        FROM sales WHERE sold_date <= {_day(last)} GROUP BY customer_id
        """  # noqa: S608 (dates of ours)


def _contacted(begins: str, ends: str) -> str:
    return f"""
        CREATE OR REPLACE TABLE contacted AS
        SELECT customer_id, CAST(sum(is_contact) FILTER (WHERE "at" >= {begins}) AS BIGINT) AS engagement,
          CAST(sum(is_contact) AS BIGINT) AS contacts
        FROM contacts WHERE "at" < {ends} GROUP BY customer_id
        """  # noqa: S608 (instants of ours)


def _said(ends: str) -> str:
    """The newest satisfaction of the few who ever said one, apart from the contacts that everybody has."""
    return f"""
        CREATE OR REPLACE TABLE said AS
        SELECT customer_id, arg_max(said, ("at", contact_id)) FILTER (WHERE said IS NOT NULL) AS satisfaction
        FROM (
          SELECT *, CASE WHEN regexp_full_match(satisfaction, '[0-9]{{1,3}}')
            AND CAST(satisfaction AS INTEGER) <= 100 THEN CAST(satisfaction AS BIGINT) END AS said
          FROM contacts WHERE satisfaction <> '' AND "at" < {ends}
        ) GROUP BY customer_id
        """  # noqa: S608 (an instant of ours)


def _joined(as_of: date, silent: set[str]) -> str:
    engagement = "NULL" if "engagement" in silent else "coalesce(c.engagement, 0)"
    referral = "NULL" if "referral" in silent else "coalesce(r.referral, 0)"
    return f"""
        CREATE OR REPLACE TABLE inputs AS
        SELECT p.customer_id, p.shop_id, b.last_bought_date,
          {_day(as_of)} - b.last_bought_date AS recency_days,
          coalesce(b.frequency, 0) AS frequency, coalesce(b.amount_minor, 0) AS amount_minor, b.margin_minor,
          CASE WHEN b.cost_known_minor > 0 AND b.margin_minor IS NOT NULL
            THEN greatest(b.margin_minor, 0) * 1000 // b.cost_known_minor END AS margin_permille,
          CAST({engagement} AS BIGINT) AS engagement, s.satisfaction, CAST({referral} AS BIGINT) AS referral,
          coalesce(b.lifetime_minor, 0) AS lifetime_minor, coalesce(b.lifetime_frequency, 0) AS lifetime_frequency,
          coalesce(b.lifetime_frequency = 1 AND b.one_sale_id IN (SELECT sale_id FROM styled_sales), FALSE)
            AS is_bridal_only
        FROM people p
        JOIN clusters k ON k.shop_id = p.shop_id
        LEFT JOIN bought b ON b.customer_id = p.customer_id
        LEFT JOIN contacted c ON c.customer_id = p.customer_id
        LEFT JOIN said s ON s.customer_id = p.customer_id
        LEFT JOIN brought r ON r.customer_id = p.customer_id
        """  # noqa: S608 (dates of ours)


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _among(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN (" + ", ".join(_text(value) for value in values) + ")" if values else "FALSE"
