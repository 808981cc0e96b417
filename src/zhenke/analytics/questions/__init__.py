"""Questions over facts, each written once."""
