"""Signing in by a code, something known on a new device, signing out."""
