"""How much may leave the house with one person's word. Starting values; smaller is safer.

Source: promises.md P19. Courts count records that leak: from 250 with purchases, and from 25 that tell of property, the
law sees a crime of an insider. So one person alone gets 100 rows a day and 1,000 in 30 days, many small files counted
together; a column of level 4 never without a second person; nobody more than 5,000 rows a day. A copy of everything
tells of property too: one person hands out 5 a day and 20 in 30 days, somebody else the next; each counts as a row.
"""

from zhenke.customers.rules.exports import ExportLimits

EXPORT_LIMITS = ExportLimits(
    alone_rows_a_day=100,
    alone_rows_a_month=1_000,
    rows_a_day=5_000,
    hours=24,
    copies_a_day=5,
    copies_a_month=20,
)
