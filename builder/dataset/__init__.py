"""Forms as filed → typed tables, checked, kept as CSV; and what each release of them changed."""
