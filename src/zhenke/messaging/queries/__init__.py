"""Reads of the messaging room, by topic."""
