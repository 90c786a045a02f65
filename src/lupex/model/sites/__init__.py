"""Nouns of landing sites and their comparison."""
