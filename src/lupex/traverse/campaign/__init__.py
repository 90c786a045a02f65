"""Campaigns over science stops: which, in what order, when."""
