"""One stream of everything that happened to a customer in every room, for every door that shows it."""
