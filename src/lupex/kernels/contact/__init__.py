"""Loops of signal geometry and of contact between a station and a place."""
