"""Drives that respect every constraint in space and time."""
