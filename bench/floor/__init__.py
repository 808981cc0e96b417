"""The floor of the pages: bare Django, the same queries, one template, no middleware."""
