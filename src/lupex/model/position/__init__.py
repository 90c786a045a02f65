"""Where something is, and how sure that is."""
