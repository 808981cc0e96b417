"""Today: whom to care for, why, what to say, and one tap to close it."""
