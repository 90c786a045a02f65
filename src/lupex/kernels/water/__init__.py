"""Loops of the inference about water."""
