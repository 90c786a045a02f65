"""Questions about single places, drives and links."""
