"""The place and antennas of the published budget and of the published comparison of two-way ranges."""

import numpy as np

from lupex.catalogue import station
from lupex.ephemeris import barycentric_series, utc_to_tdb_s
from lupex.ephemeris.barycentric import BarycentricSeries
from lupex.model.position.fix import place_me_m
from lupex.navigation.radio.paths import Antennas, Receptions

START = float(np.floor(utc_to_tdb_s("2026-03-01T00:00:00Z")[0]))
PLACE = place_me_m(-89.45, 222.69, 1200.0)


def antennas(*names: str) -> Antennas:
    """From the catalogue."""
    found = [station(name) for name in names]
    return Antennas(names, np.array([one.itrf_m for one in found]), height_m=np.array([one.height_m for one in found]))


def series(days: float = 28.0) -> BarycentricSeries:
    """From the start on."""
    return barycentric_series(START - 7200.0, START + days * 86_400.0 + 7200.0)


def month(step_h: float = 6.0) -> Receptions:
    """112 receptions of March 2026 by the first antenna."""
    return Receptions.of(START + 100.0 + step_h * 3600.0 * np.arange(112))
