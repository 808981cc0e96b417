"""Screens of the staff desk, over HTTP and in a browser."""
