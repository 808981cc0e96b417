"""Imports: a file is chosen, its columns understood, tried out, taken in, and undone if need be."""
