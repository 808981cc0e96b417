"""One file per job; each measures the product and its floor in turns, in the same run."""
