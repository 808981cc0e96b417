"""Measures the product against its floors: `python -m bench [JOB …] [--small] [--database sqlite|postgres|both]`."""
