"""The page on which a customer writes herself down."""
