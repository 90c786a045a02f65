"""What a station file may state: kind, bounds and meaning of every key."""

from typing import NamedTuple

from lupex.model.contact.station import BAND_NAMES

_INF = float("inf")


class Key(NamedTuple):
    """Kind ('text', 'number', 'words', 'numbers'), bounds (inclusive) and meaning of a fact."""

    kind: str
    minimum: float
    maximum: float
    meaning: str


def _number(meaning: str, minimum: float = -_INF, maximum: float = _INF) -> Key:
    return Key("number", minimum, maximum, meaning)


def _text(meaning: str) -> Key:
    return Key("text", 0.0, 0.0, meaning)


_TINY = 1e-9

BAND_KEYS: dict[str, Key] = {
    "g_t_db_k": _number("gain over system noise temperature", -50.0, 90.0),
    "eirp_dbw": _number("equivalent isotropically radiated power", -50.0, 180.0),
    "tx_power_w": _number("transmitter power", _TINY, 1e7),
    "tx_gain_dbi": _number("transmitting gain", -20.0, 100.0),
    "rx_gain_dbi": _number("receiving gain", -20.0, 100.0),
    "system_noise_k": _number("system noise temperature", _TINY, 1e5),
    "rx_min_hz": _number("lower edge of reception", 1e6, 1e12),
    "rx_max_hz": _number("upper edge of reception", 1e6, 1e12),
    "tx_min_hz": _number("lower edge of transmission", 1e6, 1e12),
    "tx_max_hz": _number("upper edge of transmission", 1e6, 1e12),
}

KEYS: dict[str, Key] = {
    "site": _text("place"),
    "complex": _text("antennas that stand together"),
    "country": _text("country, ISO 3166"),
    "lat_deg": _number("geodetic latitude", -360.0, 360.0),
    "lon_deg": _number("east longitude", -360.0, 360.0),
    "height_m": _number("height above the ellipsoid", -1000.0, 10_000.0),
    "x_m": _number("Earth-fixed X", -7e6, 7e6),
    "y_m": _number("Earth-fixed Y", -7e6, 7e6),
    "z_m": _number("Earth-fixed Z", -7e6, 7e6),
    "accuracy_m": _number("uncertainty of the position", 0.0, 1e5),
    "epoch": _text("reference frame and epoch of the position"),
    "dish_m": _number("diameter of the dish", 0.05, 1000.0),
    "min_elevation_deg": _number("lowest elevation at which the antenna is used", -5.0, 89.0),
    "mask_azimuth_deg": Key("numbers", 0.0, 360.0, "azimuths of the antenna's horizon, from true north"),
    "mask_elevation_deg": Key("numbers", -90.0, 90.0, "elevations of the antenna's horizon"),
    "slew_deg_s": _number("fastest turn in azimuth", 0.005, 100.0),
    "keyhole_elevation_deg": _number("elevation above which the antenna cannot track", 0.0, 90.0),
    "setup_s": _number("time booked before a pass", 0.0, 86_400.0),
    "teardown_s": _number("time booked after a pass", 0.0, 86_400.0),
    "cost_per_hour": _number("cost of an hour of the antenna", 0.0),
    "bands": Key("words", 0.0, 0.0, "bands of its radio"),
    **{
        f"{band.lower()}_{key}": what._replace(meaning=f"{what.meaning}, {band} band")
        for band in BAND_NAMES
        for key, what in BAND_KEYS.items()
    },
}


def meaning_of(key: str) -> str:
    """What a key means."""
    return KEYS[key].meaning
