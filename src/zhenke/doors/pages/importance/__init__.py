"""Importance and service team of a customer, and the owner's page of protected people."""
