"""Chapter: drives, and drives as files."""
