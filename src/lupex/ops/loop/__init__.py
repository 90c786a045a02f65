"""The daily loop: telemetry, state, energy, next drive, commands in the next contact."""
