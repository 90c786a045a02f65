"""Antennas, passes, link margins, contact plans."""

from lupex.ground.geodesy import geodetic_from_itrf, itrf_from_geodetic_m
from lupex.ground.stations import station, station_names, stations

__all__ = [
    "geodetic_from_itrf",
    "itrf_from_geodetic_m",
    "station",
    "station_names",
    "stations",
]
