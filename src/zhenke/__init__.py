"""Zhenke 珍客: the customer system of a jewellery shop."""

__version__ = "0.1.0"
