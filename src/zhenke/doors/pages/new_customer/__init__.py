"""A new customer at the counter, in under a minute."""
