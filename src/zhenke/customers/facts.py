"""What the archive gives to analytics: who the customers are in figures and codes, without names, contacts or notes."""

from __future__ import annotations

from zhenke.basics.facts import Column, FactTable

CUSTOMERS = FactTable(
    name="customers",
    columns=(
        Column("customer_id", "key", "", "The customer."),
        Column("shop_id", "key", "", "Preferred shop."),
        Column("owner_id", "key", "", "Advisor who cares for the customer; empty when nobody does."),
        Column("referrer_id", "key", "", "The customer who brought this one; empty when nobody did."),
        Column("kind", "text", "", "person, company, government or partner."),
        Column("gender", "text", "", "f, m or ''."),
        Column("source", "text", "", "How the customer came: walk_in, referral, import …; '' when unknown."),
        Column("region", "text", "", "City or district, as the shop writes it; '' when unknown."),
        Column("birth_year", "integer", "year", "Year of birth; empty when unknown."),
        Column("created_at", "instant", "UTC", "When the archive was opened."),
        Column("has_phone", "integer", "0 or 1", "1 when a phone is kept."),
        Column("has_birthday", "integer", "0 or 1", "1 when a birthday is kept, with or without its year."),
    ),
    sql=(
        "SELECT c.id AS customer_id, c.shop_id, c.owner_id, c.referrer_id, c.kind, c.gender, c.source, c.region,"
        " b.birth_year, CAST(c.created_at AS TEXT) AS created_at,"
        " CASE WHEN p.customer_id IS NULL THEN 0 ELSE 1 END AS has_phone,"
        " CASE WHEN b.customer_id IS NULL THEN 0 ELSE 1 END AS has_birthday"
        " FROM customers_customer c"
        " LEFT JOIN (SELECT customer_id, MIN(year) AS birth_year FROM customers_customerdate"
        " WHERE kind = 'birthday' GROUP BY customer_id) b ON b.customer_id = c.id"
        " LEFT JOIN (SELECT DISTINCT customer_id FROM customers_contactpoint WHERE kind = 'phone') p"
        " ON p.customer_id = c.id"
    ),
)

INTERACTIONS = FactTable(
    name="interactions",
    columns=(
        Column("interaction_id", "key", "", "The interaction."),
        Column("customer_id", "key", "", "With whom."),
        Column("shop_id", "key", "", "In which shop; empty when in none."),
        Column("staff_id", "key", "", "Who of the staff; empty when the house itself."),
        Column("kind", "text", "", "visit, call, message, note or service."),
        Column("result", "text", "", "Result code, '' when none."),
        Column("at", "instant", "UTC", "When."),
    ),
    sql=(
        "SELECT i.id AS interaction_id, i.customer_id, i.shop_id, i.by_id AS staff_id, i.kind, i.result,"
        " CAST(i.at AS TEXT) AS at FROM customers_interaction i"
    ),
)

FACTS: tuple[FactTable, ...] = (CUSTOMERS, INTERACTIONS)
