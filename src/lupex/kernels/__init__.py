"""Loops over plain arrays, compiled; metres, radians, seconds.

Imports only numpy, math and `compiled`; `heat.fused` alone knows more of numba.
"""
