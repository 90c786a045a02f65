"""What is added to the geometric path: relativity, clocks, tides, air and plasma, each by its name.

Every term is a pair of columns (n,): metres on the downlink and on the uplink. A two-way range takes half their sum.
They are small (below 20 m), so their own effect on the light time, below 0.02 mm, is left out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M, SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError
from lupex.ephemeris import tdb_minus_tt_s
from lupex.kernels.navigation import light_time as kernel
from lupex.navigation.radio.paths import Antennas, Paths

C2 = SPEED_OF_LIGHT_M_S**2
L_C = 1.480_826_867_41e-8
"""Mean rate TCB over TCG less one (IAU 2000 Resolution B1.5): ITRF lengths go with TT, those of DE440 with TDB."""

LOVE_H2, LOVE_L2 = 0.0476, 0.0107
"""Of the Moon, as public laser-ranging code has them (h2 after GRAIL and DE430)."""

MEAN_EARTH_M = 384_399_000.0
"""Semi-major axis of the Moon's orbit, for the part of the tide that never changes (it is in every map)."""


@dataclass(frozen=True, kw_only=True)
class Medium:
    """Air and plasma on the path, as far as nobody measured them.

    Attributes:
        zenith_wet_m: delay of water vapour at sea level in the zenith. Assumption; falls by e every 2 km of height.
        zenith_tecu: electrons over the antenna, 1e16/m2. Assumption: day and night, middle latitude.
        plasma_per_m3: electrons of the solar wind at 1 au. Mean of a quiet Sun, assumption.
        down_hz, up_hz: carrier frequencies. X band of deep space.
    """

    zenith_wet_m: float = 0.1
    zenith_tecu: float = 20.0
    plasma_per_m3: float = 7.0e6
    down_hz: float = 8.45e9
    up_hz: float = 7.19e9


@dataclass(frozen=True, eq=False)
class Geometry:
    """What a term is computed from: paths with all columns, the antennas, the point (3,) and the medium."""

    paths: Paths
    antennas: Antennas
    place_me_m: F64
    medium: Medium = Medium()

    def column(self, first: int, width: int = 1) -> F64:
        """Columns of the kernel, (n,) or (n, width)."""
        found = self.paths.columns[:, first : first + width]
        return found[:, 0] if width == 1 else found


Term = Callable[[Geometry], tuple[F64, F64]]


def sun_shapiro(geometry: Geometry) -> tuple[F64, F64]:
    """Delay by the Sun's mass: 7.1 to 8.2 m each way."""
    return geometry.column(kernel.SUN_DOWN), geometry.column(kernel.SUN_UP)


def earth_shapiro(geometry: Geometry) -> tuple[F64, F64]:
    """Delay by the Earth's mass: 36 to 74 mm each way."""
    return geometry.column(kernel.EARTH_DOWN), geometry.column(kernel.EARTH_UP)


def moon_shapiro(geometry: Geometry) -> tuple[F64, F64]:
    """Delay by the Moon's mass: below 1 mm each way."""
    return geometry.column(kernel.MOON_DOWN), geometry.column(kernel.MOON_UP)


def station_clock(geometry: Geometry) -> tuple[F64, F64]:
    """The station counts TT, not TDB: what the two drift apart in a round trip (all of it on the downlink).

    TDB - TT at the antenna is that at the Earth's centre plus v_E . r / c^2 (Moyer 2000, eq. 2-23).
    """
    received = geometry.paths.receptions.tdb_s
    gone = geometry.column(kernel.DOWN_S) + geometry.column(kernel.UP_S)
    centre = tdb_minus_tt_s(received) - tdb_minus_tt_s(received - gone)
    v = geometry.column(kernel.EARTH_V, 3)
    moved = np.einsum("ij,ij->i", v, geometry.column(kernel.RX_AT, 3) - geometry.column(kernel.TX_AT, 3)) / C2
    return -SPEED_OF_LIGHT_M_S * (centre + moved), np.zeros_like(received)


def station_frame(geometry: Geometry) -> tuple[F64, F64]:
    """Antenna from the geocentric to the barycentric frame: scale of the Sun's potential and of time, Lorentz.

    r (1 - U/c^2 - L_C) - (v . r) v / (2 c^2)  (Moyer 2000, eq. 4-10; IERS Conventions 2010, ch. 11).
    """
    v = geometry.column(kernel.EARTH_V, 3)
    sun_m = np.linalg.norm(geometry.column(kernel.SUN_ME, 3), axis=1)
    moved = []
    for first in (kernel.RX_AT, kernel.TX_AT):
        r = geometry.column(first, 3)
        scale = -(kernel.GM_SUN / sun_m / C2 + L_C)[:, None] * r
        moved.append(scale - 0.5 * np.einsum("ij,ij->i", v, r)[:, None] * v / C2)
    down = np.einsum("ij,ij->i", geometry.column(kernel.U_DOWN, 3), moved[0])
    return down, -np.einsum("ij,ij->i", geometry.column(kernel.U_UP, 3), moved[1])


def point_frame(geometry: Geometry) -> tuple[F64, F64]:
    """The point from the Moon's own frame to the barycentric one: potential of the Sun and Lorentz, up to 3 mm.

    No L_C: lunar coordinates of DE440 go with TDB.
    """
    v, r = geometry.column(kernel.MOON_V, 3), geometry.column(kernel.POINT_AT, 3)
    sun_m = np.linalg.norm(geometry.column(kernel.SUN_ME, 3), axis=1)
    moved = -(kernel.GM_SUN / sun_m / C2)[:, None] * r - 0.5 * np.einsum("ij,ij->i", v, r)[:, None] * v / C2
    down = -np.einsum("ij,ij->i", geometry.column(kernel.U_DOWN, 3), moved)
    return down, np.einsum("ij,ij->i", geometry.column(kernel.U_UP, 3), moved)


def solid_tide(geometry: Geometry) -> tuple[F64, F64]:
    """The Moon's solid tide at the point, less the part that never changes and is in every map.

    Degree 2, raised by Earth and Sun (IERS Conventions 2010, eq. 7.5, with the Moon's Love numbers).
    """
    place = geometry.place_me_m
    moved = tide_m(place, geometry.column(kernel.EARTH_ME, 3), kernel.GM_EARTH)
    moved = moved + tide_m(place, geometry.column(kernel.SUN_ME, 3), kernel.GM_SUN)
    return _by_move(geometry, moved - tide_m(place, np.array([[MEAN_EARTH_M, 0.0, 0.0]]), kernel.GM_EARTH))


def tide_m(place_me_m: F64, body_me_m: F64, gm: float) -> F64:
    """Displacement (n, 3) of a point (3,) by the degree-2 tide of a body at (n, 3), metres, MOON_ME.

    Args:
        gm: of the body, m3/s2.
    """
    up = place_me_m / np.linalg.norm(place_me_m)
    distance = np.linalg.norm(body_me_m, axis=1)
    towards = body_me_m / distance[:, None]
    cosine = towards @ up
    size = gm / kernel.GM_MOON * MOON_RADIUS_M**4 / distance**3
    radial = LOVE_H2 * (1.5 * cosine**2 - 0.5)
    return size[:, None] * (radial[:, None] * up + 3.0 * LOVE_L2 * cosine[:, None] * (towards - cosine[:, None] * up))


def troposphere(geometry: Geometry) -> tuple[F64, F64]:
    """Delay of the air: zenith of Saastamoinen (1972) in the standard atmosphere, mapped as Black and Eisner (1984)."""
    heights = geometry.antennas.height_m
    heights = heights if heights.size else np.zeros(len(geometry.antennas.names))
    x, y, z = geometry.antennas.itrf_m.T
    lat = np.arctan2(z, np.hypot(x, y))
    pressure = 1013.25 * (1.0 - 2.2557e-5 * heights) ** 5.2568
    dry = 0.0022768 * pressure / (1.0 - 0.00266 * np.cos(2.0 * lat) - 2.8e-7 * heights)
    zenith = dry + geometry.medium.zenith_wet_m * np.exp(-heights / 2000.0)
    found = []
    for first, which in (
        (kernel.SIN_EL_RX, geometry.paths.receptions.rx),
        (kernel.SIN_EL_TX, geometry.paths.receptions.tx),
    ):
        sine = np.maximum(geometry.column(first), 0.02)
        found.append(zenith[which] * 1.001 / np.sqrt(0.002001 + sine**2))
    return found[0], found[1]


def ionosphere(geometry: Geometry) -> tuple[F64, F64]:
    """Group delay by the electrons over the antennas: 40.3 TEC / f^2, a thin shell at 450 km."""
    found = []
    for first, hz in ((kernel.SIN_EL_RX, geometry.medium.down_hz), (kernel.SIN_EL_TX, geometry.medium.up_hz)):
        sine = np.clip(geometry.column(first), 0.0, 1.0)
        slant = 1.0 / np.sqrt(1.0 - (6371.0 / 6821.0) ** 2 * (1.0 - sine**2))
        found.append(40.3 * geometry.medium.zenith_tecu * 1e16 * slant / hz**2)
    return found[0], found[1]


def solar_plasma(geometry: Geometry) -> tuple[F64, F64]:
    """Group delay by the solar wind between Earth and Moon: millimetres in X band."""
    found = []
    for first, hz in ((kernel.DOWN_S, geometry.medium.down_hz), (kernel.UP_S, geometry.medium.up_hz)):
        path = SPEED_OF_LIGHT_M_S * geometry.column(first)
        found.append(40.3 * geometry.medium.plasma_per_m3 * path / hz**2)
    return found[0], found[1]


def _by_move(geometry: Geometry, moved_me_m: F64) -> tuple[F64, F64]:
    down = -np.einsum("ij,ij->i", geometry.column(kernel.TOWARDS_RX_ME, 3), moved_me_m)
    up = -np.einsum("ij,ij->i", geometry.column(kernel.TOWARDS_TX_ME, 3), moved_me_m)
    return down, up


TERMS: Mapping[str, Term] = {
    "sun_shapiro": sun_shapiro,
    "earth_shapiro": earth_shapiro,
    "moon_shapiro": moon_shapiro,
    "station_clock": station_clock,
    "station_frame": station_frame,
    "point_frame": point_frame,
    "solid_tide": solid_tide,
    "troposphere": troposphere,
    "ionosphere": ionosphere,
    "solar_plasma": solar_plasma,
}
"""Every term by its name; the order is that of the columns a user sees."""


def range_terms_m(geometry: Geometry, names: Iterable[str] = TERMS) -> dict[str, F64]:
    """Name -> metres (n,) that each term adds to a two-way range (half the round trip).

    Raises InputError for a name that is no term.
    """
    found = {}
    for name in names:
        if name not in TERMS:
            raise InputError(f"range: no term '{name}'", f"known: {', '.join(TERMS)}")
        down, up = TERMS[name](geometry)
        found[name] = 0.5 * (down + up)
    return found
