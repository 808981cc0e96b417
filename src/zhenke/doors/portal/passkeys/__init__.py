"""Passkeys of members: making one, and signing in by it."""
