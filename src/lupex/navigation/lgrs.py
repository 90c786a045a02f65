"""Letters and numbers of the Lunar Grid Reference System (LGRS), full and in Artemis Condensed Coordinates (ACC).

Definition: McClernan 2024, USGS, Lunar Grid Reference System, doi 10.5066/P13YPWQD, and the program published with it
(public domain). Poleward of 80 degrees the grid is Lunar Polar Stereographic (scale 0.994, both origins 500 km), one
letter for the half (A west, B east of the south pole; Y, Z of the north pole); elsewhere Lunar Transverse Mercator (45
zones of 8 degrees, scale 0.999, false easting 250 km, southern false northing 2500 km) with zone and latitude band. Two
letters name a square of 25 km, and numbers the metres in it; ACC writes a letter for each kilometre instead of its
thousands, '-' for the first. What is written is cut to the metre, so a text names the south-west corner of one metre;
as in that program, what lies within a millimetre of a whole metre is taken for it: a text comes back as itself.
"""

import re
from dataclasses import dataclass

import numpy as np

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.base.frames import Pole, lat_lon_deg, map_xy_m
from lupex.base.gate import printable

POLAR_SCALE, POLAR_ORIGIN_M, POLAR_FROM_DEG = 0.994, 500_000.0, 80.0
ZONE_SCALE, ZONE_EAST_M, ZONE_NORTH_M, ZONE_DEG = 0.999, 250_000.0, 2_500_000.0, 8.0
SQUARE_M = 25_000.0
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without I and O, which look like numbers."""
BANDS = "CDEFGHJKLMNPQRSTUVWX"
"""Latitude bands of 8 degrees from 80 S to 80 N."""
ZONE_COLUMNS, ZONE_ROWS = LETTERS[:10], LETTERS[:20]
KILOMETRES = "-" + LETTERS
_POLAR = re.compile(r"([ABYZ])([A-Z])([A-Z])(\d{5})(\d{5})")
_POLAR_ACC = re.compile(r"([ABYZ])([A-Z])([A-Z])([-A-Z])(\d{3})([-A-Z])(\d{3})")
_ZONE = re.compile(r"(\d{1,2})([C-X])([A-Z])([A-Z])(\d{5})(\d{5})")
_ZONE_ACC = re.compile(r"(\d{1,2})([C-X])([A-Z])([A-Z])([-A-Z])(\d{3})([-A-Z])(\d{3})")


@dataclass(frozen=True, kw_only=True)
class GridPlace:
    """A place in LGRS.

    Attributes:
        zone: 'A', 'B', 'Y', 'Z' or number and band ('23Q'). square: two letters of the square of 25 km.
        east_m, north_m: in the square, 0 to 25,000.
        easting_m, northing_m: in the projection of the zone.
    """

    zone: str
    square: str
    east_m: float
    north_m: float
    easting_m: float
    northing_m: float

    @property
    def text(self) -> str:
        """Cut to the metre, without spaces: zone, square, five digits east, five north."""
        return f"{self.zone}{self.square}{int(self.east_m):05d}{int(self.north_m):05d}"

    @property
    def condensed(self) -> str:
        """In Artemis Condensed Coordinates, cut to the metre: a letter for the kilometre and three digits, twice."""
        parts = [f"{KILOMETRES[int(v // 1000.0)]}{int(v % 1000.0):03d}" for v in (self.east_m, self.north_m)]
        return f"{self.zone}{self.square}{parts[0]}{parts[1]}"


def grid_place(lat_deg: float, lon_deg: float) -> GridPlace:
    """The LGRS place of a latitude and east longitude (deg, planetocentric, MOON_ME).

    Raises InputError for a latitude beyond a pole.
    """
    if not (abs(lat_deg) <= 90.0 and np.isfinite(lon_deg)):
        raise InputError(f"lgrs: latitude {lat_deg:g}, longitude {lon_deg:g}", "give degrees")
    if abs(lat_deg) >= POLAR_FROM_DEG:
        pole: Pole = "south" if lat_deg < 0.0 else "north"
        x, y = (_snapped(POLAR_SCALE * float(v)) for v in map_xy_m(lat_deg, lon_deg, pole))
        half = ("A" if x < 0.0 else "B") if pole == "south" else ("Y" if x < 0.0 else "Z")
        column, row = int(np.floor(x / SQUARE_M)) % len(LETTERS), int(np.floor(y / SQUARE_M)) + 12
        return GridPlace(
            zone=half,
            square=LETTERS[column] + LETTERS[row],
            east_m=x % SQUARE_M,
            north_m=y % SQUARE_M,
            easting_m=x + POLAR_ORIGIN_M,
            northing_m=y + POLAR_ORIGIN_M,
        )
    lon = (lon_deg + 180.0) % 360.0 - 180.0
    zone = int(np.floor((lon + 180.0) / ZONE_DEG)) + 1
    east, north = (_snapped(v) for v in _transverse(lat_deg, lon - _meridian_deg(zone)))
    band = BANDS[min(int(np.floor((lat_deg + 80.0) / 8.0)), len(BANDS) - 1)]
    column, row = int(np.floor(east / SQUARE_M)) - 5, int(np.floor(north / SQUARE_M))
    return GridPlace(
        zone=f"{zone}{band}",
        square=ZONE_COLUMNS[column] + ZONE_ROWS[(row + _shift(zone)) % 20],
        east_m=east % SQUARE_M,
        north_m=north % SQUARE_M,
        easting_m=east,
        northing_m=north,
    )


def lgrs_lat_lon(text: str) -> tuple[float, float]:
    """Latitude and east longitude (deg) of an LGRS text, full or condensed: the south-west corner of its metre.

    Args:
        text: as 'ATF0421604216' or 'ATFD216D216', '23QFK0000005860' or '23QFK-000E860'; spaces do not matter.

    Raises InputError for a text of another form, a letter that is not used there or a square outside its zone.
    """
    compact = "".join(text.split()).upper()
    for pattern in (_POLAR, _POLAR_ACC, _ZONE, _ZONE_ACC):
        match = pattern.fullmatch(compact)
        if match is not None:
            break
    else:
        raise InputError(
            f"lgrs: '{printable(text)}' is no LGRS place", "give as ATF0421604216 or, condensed, ATFD216D216"
        )
    groups = match.groups()
    condensed = pattern in (_POLAR_ACC, _ZONE_ACC)
    east, north = (_metres(text, groups[-4:-2]), _metres(text, groups[-2:])) if condensed else map(float, groups[-2:])
    if east >= SQUARE_M or north >= SQUARE_M:
        raise InputError(f"lgrs: '{printable(text)}' lies beyond its square of 25 km", "give metres below 25000")
    if pattern in (_POLAR, _POLAR_ACC):
        return _polar(text, groups, east, north)
    return _zoned(text, groups, east, north)


def _polar(text: str, groups: tuple[str, ...], east: float, north: float) -> tuple[float, float]:
    half, column, row = groups[0], _index(text, LETTERS, groups[1]), _index(text, LETTERS, groups[2])
    x = (column - (len(LETTERS) if half in "AY" else 0)) * SQUARE_M + east
    y = (row - 12) * SQUARE_M + north
    pole: Pole = "south" if half in "AB" else "north"
    lat, lon = (float(v) for v in lat_lon_deg(x / POLAR_SCALE, y / POLAR_SCALE, pole))
    if abs(lat) < POLAR_FROM_DEG - 0.1:  # a square begins up to 25 km outside the circle; a metre in it does not
        raise InputError(f"lgrs: '{printable(text)}' lies at {lat:.2f} deg, outside the polar zones", "check it")
    return lat, lon


def _zoned(text: str, groups: tuple[str, ...], east: float, north: float) -> tuple[float, float]:
    zone, band = int(groups[0]), _index(text, BANDS, groups[1])
    if not 1 <= zone <= 45:
        raise InputError(f"lgrs: '{printable(text)}' names zone {zone}", "zones are 1 to 45")
    column = _index(text, ZONE_COLUMNS, groups[2])
    row = (_index(text, ZONE_ROWS, groups[3]) - _shift(zone)) % 20
    x = (column + 5) * SQUARE_M + east
    lowest = -80.0 + 8.0 * band
    found = []
    for block in range(6):  # rows repeat every 500 km, a band is 243 km high
        lat, off = _geographic(x, (row + 20 * block) * SQUARE_M + north, lowest < 0.0)
        found.append((lat, off))
    inside = [(lat, off) for lat, off in found if lowest - 1e-4 <= lat <= lowest + 8.0 + 1e-4]
    if not inside or abs(inside[0][1]) > 0.5 * ZONE_DEG + 1e-3:
        raise InputError(f"lgrs: square {groups[2]}{groups[3]} is not in zone {zone}{groups[1]}", "check the letters")
    return inside[0][0], (inside[0][1] + _meridian_deg(zone)) % 360.0


def _metres(text: str, pair: tuple[str, ...]) -> float:
    return 1000.0 * _index(text, KILOMETRES, pair[0]) + float(pair[1])


def _index(text: str, letters: str, letter: str) -> int:
    if letter not in letters:
        raise InputError(f"lgrs: '{printable(text)}' has a letter {letter} where none such is used", "check it")
    return letters.index(letter)


def _snapped(value_m: float) -> float:
    whole = round(value_m)
    return float(whole) if abs(value_m - whole) < 1e-3 else value_m


def _shift(zone: int) -> int:
    """Rows begin at A, F or L by turns of the zones."""
    return (0, 5, 10)[(zone - 1) % 3]


def _meridian_deg(zone: int) -> float:
    return -180.0 + ZONE_DEG * (zone - 0.5)


def _transverse(lat_deg: float, off_deg: float) -> tuple[float, float]:
    """Easting and northing (m) of the transverse Mercator of a sphere (Snyder 1987, eq. 8-1, 8-3)."""
    lat, off = np.radians(lat_deg), np.radians(off_deg)
    x = np.arctanh(np.cos(lat) * np.sin(off))
    y = np.arctan2(np.tan(lat), np.cos(off))
    scale = ZONE_SCALE * MOON_RADIUS_M
    return float(ZONE_EAST_M + scale * x), float(scale * y + (ZONE_NORTH_M if lat_deg < 0.0 else 0.0))


def _geographic(east: float, north: float, south: bool) -> tuple[float, float]:
    """Latitude and longitude off the meridian (deg) (Snyder 1987, eq. 8-6, 8-7)."""
    scale = ZONE_SCALE * MOON_RADIUS_M
    x, y = (east - ZONE_EAST_M) / scale, (north - (ZONE_NORTH_M if south else 0.0)) / scale
    lat = np.arcsin(np.sin(y) / np.cosh(x)) if abs(y) <= 0.5 * np.pi else np.nan
    return float(np.degrees(lat)), float(np.degrees(np.arctan2(np.sinh(x), np.cos(y))))
