"""How long the builder takes: a command that prints a table, never a timed test."""
