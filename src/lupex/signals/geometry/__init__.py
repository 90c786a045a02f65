"""Directions, ranges and Doppler between Earth stations, orbiters and places on the Moon."""
