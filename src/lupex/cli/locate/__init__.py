"""The commands of ``lupex locate``."""
