"""Nouns of stations, radios, passes and schedules."""
