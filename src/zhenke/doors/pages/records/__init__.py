"""How well the shop knows its customers, and where two sources say different things."""
