"""Waypoints, science stops and grid maps of users."""
