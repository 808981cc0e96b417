"""What hangs on notes: naming a colleague, her line on Today, photos, and taking a note back."""
