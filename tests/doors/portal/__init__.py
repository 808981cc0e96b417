"""The member site over HTTP and in a browser."""
