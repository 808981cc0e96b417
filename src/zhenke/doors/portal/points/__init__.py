"""Points with their history, the tier and what is missing to the next."""
