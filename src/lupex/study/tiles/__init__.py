"""Whole DEMs: tiles through one executor, stores, the search of a cap."""
