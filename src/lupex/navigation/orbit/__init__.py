"""The Moon's gravity, the plumb line, and orbits about the Moon with their covariance."""
