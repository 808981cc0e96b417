"""One folder for each way out."""
