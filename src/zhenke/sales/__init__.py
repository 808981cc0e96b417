"""Sales, lines, returns, exchanges."""
