"""Chapter: temperatures of the ground and ice."""
