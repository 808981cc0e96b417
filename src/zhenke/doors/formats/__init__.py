"""How numbers are written in each language, where it differs from what the framework knows."""
