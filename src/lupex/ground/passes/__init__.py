"""When an antenna sees a place past both horizons, direct or through a relay."""
