"""Screen: messages that wait, went, were not sent or are held; their texts and the contact rules."""
