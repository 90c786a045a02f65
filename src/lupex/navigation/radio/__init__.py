"""Ranges, Doppler and delays between antennas and a point on the Moon."""
