"""Views: one module per kind of page. Each turns the facts into a frozen dataclass that its template only prints."""
