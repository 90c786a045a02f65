"""Chapter: one site."""
