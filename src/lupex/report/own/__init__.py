"""Layers a user brings: which sites lie in or near what."""
