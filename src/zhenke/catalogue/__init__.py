"""Styles: what the shop sells."""
