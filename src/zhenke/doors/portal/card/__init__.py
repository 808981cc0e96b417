"""The member's card with its code that changes, the app's manifest and worker."""
