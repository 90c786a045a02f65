"""Every packet that came, kept as it came, before anything is made of it."""
