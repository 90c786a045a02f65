"""Commands of operations: packets, and the daily loop."""
