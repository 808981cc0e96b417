"""Whole contacts that were shown today, by person, and the limits of the house."""
