"""Drives in time with light, view and charge, exact on the grid of cells and steps."""
