"""Loops over plain arrays, compiled; metres, radians, seconds. Imports only numpy, math and `compiled`."""
