"""The business, one story per file; the only place where rooms meet."""
