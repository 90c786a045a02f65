"""Attenuation by the Earth's atmosphere and the noise it adds.

The zenith table was computed with the package itur 0.4.0 (ITU-R P.676 gases, P.840 clouds, P.618 rain and
scintillation, a dish of 34 m, 89.9 degrees of elevation) at eight sites; a station takes the nearest of them.
"""

from importlib import import_module

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model.contact.station import Station

MEAN_RADIATING_K = 275.0
"""Mean radiating temperature of the troposphere where none was measured (ITU-R P.618)."""

PERCENTS = (50.0, 90.0, 95.0, 98.0, 99.0)

ZENITH_DB: dict[str, tuple[float, float, dict[str, tuple[float, ...]]]] = {
    "Misasa": (36.141, 138.352, {"S": (0.023, 0.031, 0.035, 0.040, 0.043), "X": (0.033, 0.113, 0.177, 0.269, 0.344),
                                 "Ka": (0.311, 1.688, 2.820, 4.638, 6.300)}),
    "Uchinoura": (31.254, 131.078, {"S": (0.032, 0.043, 0.048, 0.054, 0.058), "X": (0.057, 0.189, 0.285, 0.443, 0.595),
                                    "Ka": (0.789, 3.463, 5.490, 9.105, 12.748)}),
    "Byalalu": (12.902, 77.368, {"S": (0.029, 0.038, 0.043, 0.049, 0.053), "X": (0.056, 0.137, 0.211, 0.340, 0.456),
                                 "Ka": (0.749, 2.531, 4.112, 7.060, 9.957)}),
    "Goldstone": (35.426, -116.890, {"S": (0.027, 0.031, 0.033, 0.035, 0.037), "X": (0.035, 0.043, 0.053, 0.073, 0.095),
                                     "Ka": (0.196, 0.390, 0.601, 1.042, 1.526)}),
    "Canberra": (-35.402, 148.981, {"S": (0.030, 0.036, 0.038, 0.042, 0.044), "X": (0.042, 0.079, 0.113, 0.172, 0.227),
                                    "Ka": (0.337, 1.102, 1.804, 3.096, 4.424)}),
    "Madrid": (40.431, -4.248, {"S": (0.029, 0.034, 0.036, 0.039, 0.041), "X": (0.039, 0.060, 0.079, 0.109, 0.141),
                                "Ka": (0.268, 0.697, 1.080, 1.788, 2.562)}),
    "New Norcia": (-31.048, 116.192, {"S": (0.033, 0.039, 0.041, 0.045, 0.048),
                                      "X": (0.046, 0.067, 0.089, 0.139, 0.196),
                                      "Ka": (0.356, 0.900, 1.418, 2.557, 3.864)}),
    "Malargue": (-35.776, -69.398, {"S": (0.024, 0.028, 0.029, 0.032, 0.033), "X": (0.031, 0.043, 0.055, 0.076, 0.099),
                                    "Ka": (0.191, 0.463, 0.731, 1.265, 1.861)}),
}  # fmt: skip
"""Site -> latitude, longitude (deg), band (2.25, 8.45, 32.0 GHz) -> zenith attenuation in dB at PERCENTS."""

UHF_ZENITH_DB = 0.021
"""Gases at 435 MHz, ITU-R P.676 at 1013.25 hPa, 288.15 K, 7.5 g/m3; weather adds nothing that counts."""

_SHELL = 6371.0 / 8.0


def air_mass(elevation_deg: ArrayLike) -> F64:
    """Length of the path through the air over that towards the zenith: an even shell of 8 km on a round Earth.

    Equals 1/sin(elevation) within 1 % above 11 degrees and stays finite (40) at 0.
    """
    sine = np.sin(np.radians(np.asarray(elevation_deg, dtype=np.float64)))
    return np.asarray(np.sqrt((_SHELL * sine) ** 2 + 2.0 * _SHELL + 1.0) - _SHELL * sine)


def zenith_attenuation_db(station: Station, band: str, availability_percent: float) -> tuple[float, str]:
    """Attenuation towards the zenith not exceeded for this share of the year, and where the number comes from.

    Linear in dB over the logarithm of the share of time exceeded.
    Raises: InputError for a share outside 50 to 99 percent.

    Args:
        station: whose climate and table are used.
        band: 'S', 'X' or 'Ka'.
        availability_percent: share of the year, 50 to 99.
    """
    if not PERCENTS[0] <= availability_percent <= PERCENTS[-1]:
        raise InputError(
            f"atmosphere: availability {availability_percent:g} percent", "the table covers 50 to 99; or use 'itur'"
        )
    if band == "UHF":
        return UHF_ZENITH_DB, "ITU-R P.676, standard atmosphere"
    name, table = _nearest(station.lat_deg, station.lon_deg)
    exceeded = -np.log10(100.0 - np.array(PERCENTS))
    value = float(np.interp(-np.log10(100.0 - availability_percent), exceeded, table[band]))
    return value, f"ITU-R P.618, P.676, P.840 at {name}, {availability_percent:g} % of the year"


def attenuation_db(
    station: Station, band: str, frequency_hz: float, elevation_deg: ArrayLike, availability_percent: float, model: str
) -> tuple[F64, str]:
    """Attenuation along the path (dB, shape of the elevations) and its source.

    Args:
        station: whose climate is used.
        band: 'S', 'X' or 'Ka'.
        frequency_hz: of the carrier.
        elevation_deg: of the path at the station, any shape.
        availability_percent: share of the year in which the attenuation is not exceeded.
        model: 'table' (zenith table times air mass; on the safe side for rain, whose layer is low), 'itur'
            (ITU-R at the station itself, every elevation rounded to half a degree, from 5 degrees up) or 'none'.

    Raises: InputError for elevations below 0, an unknown model, or 'itur' without that package.
    """
    elevation = np.asarray(elevation_deg, dtype=np.float64)
    if not np.all(elevation >= 0.0):
        raise InputError(f"link: elevation {np.nanmin(elevation):g} deg", "the target is below the horizon")
    if model == "none":
        return np.zeros_like(elevation), "left out"
    if model == "itur":
        return _itur_db(station, frequency_hz, elevation, availability_percent), "ITU-R by the package itur"
    if model != "table":
        raise InputError(f"link: atmosphere '{model}' is unknown", "known: table, itur, none")
    zenith, source = zenith_attenuation_db(station, band, availability_percent)
    return np.asarray(zenith * air_mass(elevation)), source


def sky_noise_k(loss_db: ArrayLike) -> F64:
    """Noise temperature the atmosphere adds: T_m (1 - 10^(-A/10)), T_m = 275 K (ITU-R P.618)."""
    return np.asarray(MEAN_RADIATING_K * (1.0 - 10.0 ** (-np.asarray(loss_db, dtype=np.float64) / 10.0)))


def _nearest(lat_deg: float, lon_deg: float) -> tuple[str, dict[str, tuple[float, ...]]]:
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)

    def closeness(site: str) -> float:
        site_lat, site_lon = np.radians(ZENITH_DB[site][0]), np.radians(ZENITH_DB[site][1])
        across = np.cos(lat) * np.cos(site_lat) * np.cos(lon - site_lon)
        return float(np.sin(lat) * np.sin(site_lat) + across)

    name = max(ZENITH_DB, key=closeness)
    return name, ZENITH_DB[name][2]


def _itur_db(station: Station, frequency_hz: float, elevation_deg: F64, availability_percent: float) -> F64:
    try:
        itur = import_module("itur")
    except ImportError:
        raise InputError(
            "link: atmosphere 'itur' needs the package itur", "pip install itur, or choose 'table'"
        ) from None
    rounded, back = np.unique(np.round(np.maximum(elevation_deg, 5.0) * 2.0) / 2.0, return_inverse=True)
    values = [
        itur.atmospheric_attenuation_slant_path(
            station.lat_deg,
            station.lon_deg,
            frequency_hz / 1e9,
            min(angle, 89.9),
            100.0 - availability_percent,
            station.dish_m,
            hs=station.height_m / 1000.0,
        ).value
        for angle in rounded
    ]
    return np.asarray(np.array(values, dtype=np.float64)[back].reshape(elevation_deg.shape))
