"""What the member owns and wears."""
