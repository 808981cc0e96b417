"""The door for programs: typed JSON under /api/v1, one module per noun, no logic of its own."""
