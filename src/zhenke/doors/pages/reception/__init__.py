"""At the door: who has just come in, and the six things to know about her, in one glance."""
