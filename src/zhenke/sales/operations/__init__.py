"""Writes of the sales room."""

from zhenke.sales.operations.giving import name_recipient
from zhenke.sales.operations.returning import add_return
from zhenke.sales.operations.selling import AddedSale, add_sale
from zhenke.sales.queries.locks import hold_key

__all__ = ["AddedSale", "add_return", "add_sale", "hold_key", "name_recipient"]
