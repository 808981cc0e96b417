"""Sign-in of staff: password, one-time code, passkey, sessions (by allauth)."""
