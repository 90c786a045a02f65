"""Published DEMs: the catalogue of them, and how one comes into the cache."""
