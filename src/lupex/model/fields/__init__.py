"""Nouns that say what the Moon and the sky are."""
