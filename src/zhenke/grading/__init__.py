"""Dimensions, schemes, grades and their explanations."""
