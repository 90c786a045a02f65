"""Loops of rank acceptability and of the landing footprint."""
