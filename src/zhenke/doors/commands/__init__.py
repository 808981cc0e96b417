"""The `zhenke` command: one module per command, each one journey, query or start of a process."""
