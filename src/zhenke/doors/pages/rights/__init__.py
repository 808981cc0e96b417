"""What a customer may ask of the house: consent, who looked, a copy, to be forgotten."""
