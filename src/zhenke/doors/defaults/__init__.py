"""Starting values that a shop may change: care plans with their words, festivals."""
