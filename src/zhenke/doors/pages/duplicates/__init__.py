"""Possible duplicates: the list to review, two archives side by side, and the way back."""
