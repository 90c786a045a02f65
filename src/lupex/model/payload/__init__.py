"""Nouns of the payload: instruments as they are to be accommodated, hosts and mounts, margins, budgets."""
