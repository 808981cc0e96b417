"""Grading: weights, bands and cut-offs against the pyramid of today; publish, versions, regrade."""
