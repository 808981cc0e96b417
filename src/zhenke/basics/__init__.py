"""Plain ideas that every room shares: money, days, phones, names, ids, errors, clock, cipher."""
