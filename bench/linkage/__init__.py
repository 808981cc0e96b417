"""Labelled people for measuring and training linkage."""
