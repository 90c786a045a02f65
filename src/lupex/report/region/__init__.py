"""Chapter: the region and its seasons."""
