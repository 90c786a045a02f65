"""Loops of the skyline: sweep over a map, near and far field, march from one place."""
