"""Screens of the pieces that customers own, and the page that a link shows to others."""
