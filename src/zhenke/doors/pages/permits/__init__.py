"""Looks that two people answer for: what was asked, who agrees, and the parts of a sheet that ask."""
