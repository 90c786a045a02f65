"""Light time between antennas and points on the Moon, and the Moon's gravity."""
