"""Loops over plain arrays, compiled; metres, radians, seconds. Imports only numpy, numba, math; `compiled` says how."""
