"""The member site: a door for customers, by its own host name, cookie and session."""
