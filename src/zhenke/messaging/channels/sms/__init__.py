"""SMS by an HTTP provider: calls out are signed, notices in are checked."""
