"""Thousands are set apart by threes, as tills, receipts and banks write them."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
