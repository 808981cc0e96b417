"""The member's own data: see, copy, correct, who looked, be forgotten."""
