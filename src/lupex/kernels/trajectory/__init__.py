"""Loops of the way to the Moon: windows, guided descent, integration."""
