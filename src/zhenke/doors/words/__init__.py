"""Sentences for people, made from facts in the reader's language; used by pages, commands and api alike."""
