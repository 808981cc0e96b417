"""Pure rules of sales: slips, what they must hold, what may come back, and what counts as a purchase."""

from zhenke.sales.rules.checks import (
    WRONGS,
    AlreadyReturned,
    BadSlip,
    CurrencyMismatch,
    NotReturnable,
    RefundTooHigh,
    SaleKeyReused,
    SoldInFuture,
    check_lines,
    check_return,
    check_sale,
    check_weights,
    keyed_lines,
)
from zhenke.sales.rules.periods import Booked, Grain, Period, PeriodSales, periods_until, year_before
from zhenke.sales.rules.purchases import WINDOW_MONTHS, PurchaseSummary, window_start
from zhenke.sales.rules.returns import Portion, portion_back
from zhenke.sales.rules.slips import LineSlip, ReturnLine, ReturnSlip, SaleSlip, style_drafts
from zhenke.sales.rules.totals import NetLine, Totals, TotalsGroup, totals_over

__all__ = [
    "WINDOW_MONTHS",
    "WRONGS",
    "AlreadyReturned",
    "BadSlip",
    "Booked",
    "CurrencyMismatch",
    "Grain",
    "LineSlip",
    "NetLine",
    "NotReturnable",
    "Period",
    "PeriodSales",
    "Portion",
    "PurchaseSummary",
    "RefundTooHigh",
    "ReturnLine",
    "ReturnSlip",
    "SaleKeyReused",
    "SaleSlip",
    "SoldInFuture",
    "Totals",
    "TotalsGroup",
    "check_lines",
    "check_return",
    "check_sale",
    "check_weights",
    "keyed_lines",
    "periods_until",
    "portion_back",
    "style_drafts",
    "totals_over",
    "window_start",
    "year_before",
]
