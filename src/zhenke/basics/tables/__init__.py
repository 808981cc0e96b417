"""Tables in files of unknown make: what they are, how they are read, which column is which, and what was refused."""
