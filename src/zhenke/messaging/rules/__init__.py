"""Pure rules of messages: intents, templates, contact rules, the gate, opt-out words, what a channel answers."""
