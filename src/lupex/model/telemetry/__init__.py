"""What a dictionary of telemetry and commands says: types, packets, commands."""
