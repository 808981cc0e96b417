"""The messaging room: what is to be said to a customer, whether it may be said now, and by which channel it goes."""
