"""Stores of horizons and tiles that can be resumed."""
