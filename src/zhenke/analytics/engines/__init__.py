"""Engines that answer the questions: DuckDB inside the process."""
