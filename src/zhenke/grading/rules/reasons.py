"""Why a low one is low: codes that a page turns into a sentence."""

from __future__ import annotations

from datetime import date

from zhenke.grading.rules.grades import Inputs, value_band
from zhenke.grading.rules.yardstick import Yardstick


def low_value_reasons(*, inputs: Inputs, yardstick: Yardstick, first_day: date) -> tuple[str, ...]:
    """Return why the value band of amount or frequency is low; empty when neither is.

    Codes:  never_bought, bought_before_window (nothing since `first_day`), one_purchase, small_receipts (an average
            receipt no better than the low band), returned_much (nothing is left of what was paid in the window).
    """
    if inputs.last_bought_date is None:
        return ("never_bought",)
    bounds = yardstick.bounds_for(inputs.cluster)
    amount_is_low = value_band(inputs.amount_minor, bounds.amount) == "low"
    frequency_is_low = value_band(inputs.frequency, bounds.frequency) == "low"
    if not amount_is_low and not frequency_is_low:
        return ()
    if inputs.last_bought_date < first_day:
        return ("bought_before_window",)
    reasons = []
    if amount_is_low and inputs.amount_minor <= 0:
        reasons.append("returned_much")
    if frequency_is_low and inputs.frequency == 1:
        reasons.append("one_purchase")
    if amount_is_low and inputs.frequency and 0 < inputs.amount_minor // inputs.frequency <= bounds.amount[1]:
        reasons.append("small_receipts")
    return tuple(reasons)
