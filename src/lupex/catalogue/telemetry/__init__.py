"""Dictionaries of telemetry and commands from their files in the catalogue."""

from lupex.catalogue.telemetry.read import dictionary, dictionary_names, event_texts

__all__ = ["dictionary", "dictionary_names", "event_texts"]
