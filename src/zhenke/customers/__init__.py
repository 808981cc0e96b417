"""One archive per person: identity, contacts, dates, traits, tags, interactions, and how archives are filled."""
