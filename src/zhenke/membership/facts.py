"""What membership gives to analytics: members with the figures of their tiers, and rights that were given."""

from __future__ import annotations

from zhenke.basics.facts import Column, FactTable

MEMBERS = FactTable(
    name="members",
    columns=(
        Column("customer_id", "key", "", "Who."),
        Column("tier", "text", "", "Key of the tier, as the programme's rules name it."),
        Column("joined_date", "date", "local day", "Since when she is a member."),
        Column("since_date", "date", "local day", "First day in this tier."),
        Column("gram_minor", "integer", "minor units", "Paid by gram in the tier's window, net of what came back."),
        Column("other_minor", "integer", "minor units", "Paid in the window for everything else, net."),
        Column("receipts", "integer", "receipts", "Receipts in the window that count."),
        Column("window_points", "integer", "points", "Points of the window; counted only where tiers are by points."),
    ),
    sql=(
        "SELECT customer_id, tier, joined_date, since_date, gram_minor, other_minor, receipts, window_points"
        " FROM membership_membership"
    ),
)

RIGHTS_GIVEN = FactTable(
    name="rights_given",
    columns=(
        Column("right_use_id", "key", "", "The right that was given."),
        Column("customer_id", "key", "", "To whom."),
        Column("shop_id", "key", "", "In which shop."),
        Column("right_key", "text", "", "Key of the right, as the programme's rules name it."),
        Column("tier", "text", "", "In which tier she had it."),
        Column("on_date", "date", "local day of the shop", "When."),
    ),
    sql=(
        'SELECT id AS right_use_id, customer_id, shop_id, "right" AS right_key, tier, on_date'
        " FROM membership_rightuse WHERE undone_at IS NULL"
    ),
)

FACTS: tuple[FactTable, ...] = (MEMBERS, RIGHTS_GIVEN)
