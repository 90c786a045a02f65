"""Loops of driving: edges, routes, charge in time, risk, reach."""
