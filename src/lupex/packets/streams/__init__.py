"""Streams of space packets: cut by their length fields, and their sequence counts watched."""
