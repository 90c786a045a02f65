"""Typed settings, one class per table of the mission file."""
