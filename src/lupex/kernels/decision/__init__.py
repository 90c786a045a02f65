"""Loops of rank acceptability, of the landing footprint and of best compromises."""
