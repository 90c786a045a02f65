"""Turn kernels and times into tables of Sun, Earth and station directions, then close the kernels."""

from lupex.ephemeris.barycentric import BarycentricSeries, barycentric_series
from lupex.ephemeris.coverage import sky_cover_tdb_s, station_cover_tdb_s
from lupex.ephemeris.directions import angular_radius_deg, subpoint_lat_lon_deg, topocentric
from lupex.ephemeris.files import earth_orientation_kernels, kernel_digests, sky_kernels
from lupex.ephemeris.ground_geometry import (
    EarthMoonSeries,
    earth_moon_series,
    earth_orientation_note,
    earth_orientation_source,
    orientation_seam_note,
)
from lupex.ephemeris.pool import kernels
from lupex.ephemeris.sky import sky_rows, sky_span, sky_table
from lupex.ephemeris.spk import SpkOrbit, spk_states, write_spk
from lupex.ephemeris.times import (
    steps_tdb_s,
    tdb_minus_tt_s,
    tdb_s_to_datetime64,
    tdb_s_to_utc,
    utc_to_split_tdb_s,
    utc_to_tdb_s,
)
from lupex.ephemeris.translunar import MoonTable, moon_table

__all__ = [
    "BarycentricSeries",
    "EarthMoonSeries",
    "angular_radius_deg",
    "MoonTable",
    "SpkOrbit",
    "barycentric_series",
    "earth_moon_series",
    "earth_orientation_kernels",
    "earth_orientation_note",
    "earth_orientation_source",
    "moon_table",
    "orientation_seam_note",
    "kernel_digests",
    "kernels",
    "sky_cover_tdb_s",
    "sky_kernels",
    "sky_rows",
    "sky_span",
    "sky_table",
    "spk_states",
    "station_cover_tdb_s",
    "steps_tdb_s",
    "subpoint_lat_lon_deg",
    "tdb_s_to_datetime64",
    "tdb_minus_tt_s",
    "tdb_s_to_utc",
    "topocentric",
    "utc_to_split_tdb_s",
    "utc_to_tdb_s",
    "write_spk",
]
