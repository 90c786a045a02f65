"""Chapter: sites compared, landing dates."""
