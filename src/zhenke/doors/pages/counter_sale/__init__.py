"""A sale written down by hand at the counter, and the receipt with what came of it."""
