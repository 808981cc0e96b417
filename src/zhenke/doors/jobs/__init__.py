"""The clock and the queue: a job is one journey call."""
