"""Nouns of driving."""
