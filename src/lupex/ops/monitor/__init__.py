"""Is the spacecraft well: limits by packet time, what is missing, what happened."""
