"""One customer: who she is, what to do next, why she has her grade, and everything that is known."""
