"""One's own page: who I am here, language, light, how and where I am signed in."""
