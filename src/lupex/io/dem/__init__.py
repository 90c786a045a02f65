"""DEMs in: reading, describing, importing, fetching."""
