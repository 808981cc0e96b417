"""The ways in from outside: pages, api, jobs, commands."""
