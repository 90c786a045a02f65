"""Signals of Earth orbit and of one beam: GPS and Galileo received on the Moon, and two points seen by one antenna."""

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.constants import SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError
from lupex.ephemeris import BarycentricSeries
from lupex.ephemeris.barycentric import BLOCK_S
from lupex.kernels.navigation import light_time as kernel
from lupex.navigation.radio.paths import Receptions
from lupex.navigation.radio.ranges import RangeModel, downlink, two_way

GPS_L1_HZ, GPS_L5_HZ = 1_575_420_000.0, 1_176_450_000.0
"""L1 C/A and E1, L5 and E5a: what LuGRE received (IS-GPS-200, Galileo OS SIS ICD)."""
AFS_BAND_HZ = (2_483_500_000.0, 2_500_000_000.0)
"""Band of the augmented forward signal of lunar navigation satellites (LNIS version 5, 2025)."""
FARTHEST_GNSS_M = 1.0e8


def gnss_path(
    series: BarycentricSeries, place_me_m: ArrayLike, tdb_s: ArrayLike, satellites_gcrs_m: ArrayLike
) -> tuple[F64, F64]:
    """Path (n,), m, from satellites of the Earth to a place on the Moon, and its change with the place (n, 3).

    Light time in the barycentric frame; the receiver's clock and every delay common to all satellites are left to the
    clock.

    Args:
        series: of Earth and Moon over the times.
        place_me_m: (3,) MOON_ME.
        tdb_s: (n,) of reception, TDB seconds past J2000.
        satellites_gcrs_m: (n, 3) from the geocentre in the axes of J2000, **when the signal left**: as broadcast
            ephemerides are evaluated, turned out of the Earth's axes.

    Raises InputError for satellites that are not in Earth orbit (kilometres, or the Moon's own).
    """
    place, sent = np.asarray(place_me_m, np.float64), np.atleast_2d(np.asarray(satellites_gcrs_m, np.float64))
    times = np.atleast_1d(np.asarray(tdb_s, np.float64))
    if sent.shape != (times.size, 3):
        raise InputError(f"gnss: {times.size} times, places of shape {sent.shape}", "give one place for each time")
    far = np.linalg.norm(sent, axis=1)
    if not np.all((far > 6.3e6) & (far < FARTHEST_GNSS_M)):
        raise InputError("gnss: a satellite is not in Earth orbit", "give metres from the geocentre, axes of J2000")
    whole = np.floor(times)
    blocks, seconds = series.placed(whole, times - whole)
    here = np.empty((times.size, kernel.COLUMNS))
    kernel.states_at(seconds, blocks, series.series, BLOCK_S, here)
    axes = here[:, kernel.MOON_AXES :].reshape(-1, 3, 3)
    receiver = here[:, kernel.EARTH : kernel.EARTH + 3] + here[:, kernel.MOON : kernel.MOON + 3] + axes @ place
    light_s = np.full(times.size, 1.3)
    then = np.empty_like(here)
    for _ in range(5):
        # The Earth's way since the signal left, from the polynomial of the day of reception: a second beyond its edge.
        kernel.states_at(seconds - light_s, blocks, series.series, BLOCK_S, then)
        away = receiver - then[:, kernel.EARTH : kernel.EARTH + 3] - sent
        light_s = np.linalg.norm(away, axis=1) / SPEED_OF_LIGHT_M_S
    path = light_s * SPEED_OF_LIGHT_M_S
    unit = away / path[:, None]
    # The path depends on when it began: d rho = u . dp / (1 - u . v / c), v the Earth's barycentric velocity.
    step = 1.0
    kernel.states_at(seconds - light_s - step, blocks, series.series, BLOCK_S, here)
    velocity = (then[:, kernel.EARTH : kernel.EARTH + 3] - here[:, kernel.EARTH : kernel.EARTH + 3]) / step
    lean = 1.0 - np.einsum("ij,ij->i", unit, velocity) / SPEED_OF_LIGHT_M_S
    return path, np.einsum("ij,ijk->ik", unit, axes) / lean[:, None]


def same_beam(
    model: RangeModel, place_me_m: ArrayLike, lander_me_m: ArrayLike, receptions: Receptions, round_trip: bool = True
) -> tuple[F64, F64]:
    """Path of one point less that of another in the same beam (n,), m, and its change with the first (n, 3).

    Media, station and clocks are common and fall out; what is left knows the second from the first only.

    Args:
        model: series and antennas. place_me_m: (3,) of the rover. lander_me_m: (3,) of the lander.
        receptions: by which antenna, when. round_trip: half of both round trips; False: both downlinks.
    """
    path = two_way if round_trip else downlink
    there, by_there = path(model, place_me_m, receptions)
    lander, _ = path(model, lander_me_m, receptions)
    return there - lander, by_there
