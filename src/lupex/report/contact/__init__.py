"""Chapter: contacts with the antennas, and contacts as files."""
