"""Entries for the catalogue of lupex."""
