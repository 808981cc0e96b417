"""Exports: a list is asked for as a file, a second person agrees where it must be, and the file lives for a day."""
