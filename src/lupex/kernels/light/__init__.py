"""Loops of light over time and of long-term light."""
