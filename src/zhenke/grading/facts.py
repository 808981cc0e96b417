"""What grading gives to analytics: whom to grade and by what, the grades as they stand, the overrides that hold.

The tables of people are narrow on purpose: everybody is read each night, so nothing is joined that is not needed.
"""

from __future__ import annotations

from zhenke.basics.facts import Column, ColumnType, FactTable
from zhenke.grading.rules.rows import GRADE_COLUMNS

_MEANINGS = {
    "letter": ("", "A–E of buyers after any override; '' for prospects."),
    "computed_letter": ("", "A–E as computed."),
    "stage": ("", "A–E of people who never bought."),
    "score": ("0–10000", "Weighted band points."),
    "lifecycle": ("", "prospect, active, at_risk, lapsed or lost."),
    "amount_band": ("", "high, middle or low."),
    "frequency_band": ("", "high, middle or low."),
    "last_bought_date": ("local day", "Newest purchase."),
    "frequency": ("purchases", "In the window."),
    "amount_minor": ("minor units", "Paid in the window, net of returns."),
    "lifetime_minor": ("minor units", "Paid ever, net of returns."),
    "lifetime_frequency": ("purchases", "Ever."),
    "margin_minor": ("minor units", "In the window, where the cost is known."),
    "margin_permille": ("per mille", "Margin of what was paid where the cost is known."),
    "engagement": ("contacts", "Visits, calls and messages in the engagement window."),
    "satisfaction": ("0–100", "As last said."),
    "referral": ("people", "Brought by this customer."),
    "bands": ("", "Band points in the order of the dimensions; 0 = absent."),
}


def _type_of(name: str, kind: str) -> ColumnType:
    if name == "last_bought_date":
        return "date"
    return "text" if kind.startswith("varchar") else "integer"


GRADES = FactTable(
    name="current_grades",
    columns=(
        Column("customer_id", "key", "", "Whose grade."),
        Column("revision", "key", "", "New at each write."),
        Column("scheme_id", "key", "", "The version that graded."),
        *(Column(name, _type_of(name, kind), *_MEANINGS[name]) for name, kind in GRADE_COLUMNS),
    ),
    sql="SELECT customer_id, revision, scheme_id, "  # noqa: S608 (names of columns)
    + ", ".join(
        "COALESCE(CAST(last_bought_date AS TEXT), '') AS last_bought_date" if name == "last_bought_date" else name
        for name, _ in GRADE_COLUMNS
    )
    + " FROM grading_grade",
)

OVERRIDES = FactTable(
    name="open_overrides",
    columns=(
        Column("customer_id", "key", "", "Whose grade is set by hand."),
        Column("letter", "text", "", "The letter that holds."),
        Column("until_date", "date", "local day", "The last day on which it holds."),
    ),
    sql="SELECT customer_id, letter, until_date FROM grading_gradeoverride WHERE ended_at IS NULL",
)

PEOPLE = FactTable(
    name="people",
    columns=(
        Column("customer_id", "key", "", "Who is to be graded."),
        Column("shop_id", "key", "", "Preferred shop; its cluster gives the amount bounds."),
        Column("referrer_id", "key", "", "Who brought this customer; empty when nobody did."),
    ),
    sql="SELECT id AS customer_id, shop_id, referrer_id FROM customers_customer",
)

CONTACTS = FactTable(
    name="contacts",
    columns=(
        Column("contact_id", "key", "", "The interaction."),
        Column("customer_id", "key", "", "With whom."),
        Column("at", "instant", "UTC", "When."),
        Column("is_contact", "integer", "0 or 1", "1 for visits, calls and messages, which engagement counts."),
        Column("satisfaction", "text", "0–100", "What the customer said, as digits; '' when nothing."),
    ),
    sql=(
        "SELECT id AS contact_id, customer_id, at,"
        " CASE WHEN kind IN ('visit', 'call', 'message') THEN 1 ELSE 0 END AS is_contact,"
        " COALESCE(CAST(facts ->> 'satisfaction' AS TEXT), '') AS satisfaction FROM customers_interaction"
    ),
)

STYLED_SALES = FactTable(
    name="styled_sales",
    columns=(
        Column("sale_id", "key", "", "A receipt with a line of a known style."),
        Column("category", "text", "", "Category of that style."),
    ),
    # From the styles down, so that a few categories are found without walking over every line.
    sql="SELECT l.sale_id, t.category FROM catalogue_style t JOIN sales_saleline l ON l.style_id = t.id",
)

ARCHIVES = FactTable(
    name="archives",
    columns=(
        Column("customer_id", "key", "", "Whose archive."),
        Column("known_fields", "integer", "0–6", "Contact, date, gender, region, source, advisor: how many are known."),
    ),
    sql=(
        "SELECT c.id AS customer_id, CASE WHEN c.gender <> '' THEN 1 ELSE 0 END"
        " + CASE WHEN c.region <> '' THEN 1 ELSE 0 END + CASE WHEN c.source <> '' THEN 1 ELSE 0 END"
        " + CASE WHEN c.owner_id IS NOT NULL THEN 1 ELSE 0 END"
        " + CASE WHEN EXISTS (SELECT 1 FROM customers_contactpoint p WHERE p.customer_id = c.id) THEN 1 ELSE 0 END"
        " + CASE WHEN EXISTS (SELECT 1 FROM customers_customerdate d WHERE d.customer_id = c.id) THEN 1 ELSE 0 END"
        " AS known_fields FROM customers_customer c"
    ),
)

INTENTS = FactTable(
    name="intents",
    columns=(
        Column("customer_id", "key", "", "Who."),
        Column("key", "text", "", "Key of the trait."),
        Column("day", "text", "YYYY-MM-DD", "The trait's text when it has the form of a day, else ''; no other words."),
    ),
    sql=("SELECT customer_id, key, CASE WHEN text LIKE '____-__-__' THEN text ELSE '' END AS day FROM customers_trait"),
)

FACTS: tuple[FactTable, ...] = (GRADES, OVERRIDES, PEOPLE, CONTACTS, STYLED_SALES, ARCHIVES, INTENTS)
