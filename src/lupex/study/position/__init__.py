"""Data of positions: files, orbits, and made-up ones."""
