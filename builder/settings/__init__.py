"""What maintainers write in ``data/*.yml``, checked when it is read."""
