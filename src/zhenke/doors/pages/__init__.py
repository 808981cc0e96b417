"""The staff desk: one folder per screen."""
