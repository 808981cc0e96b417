"""What the member allows."""
