"""Care plans, occasions and tasks: whom to care for today, why, and what to say."""
