"""Routes over ground that does not change with time."""
