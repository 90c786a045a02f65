"""An antenna on the ground: where it stands, what it can see and what its radio does."""

from dataclasses import dataclass, field

import numpy as np

from lupex.base.errors import InputError
from lupex.model.fact import Fact
from lupex.model.glance import Glance

BAND_NAMES = ("UHF", "S", "X", "Ka")


@dataclass(frozen=True, kw_only=True)
class Band:
    """Radio of a station in one band; None is not published and stays the user's to fill.

    Attributes:
        name: 'UHF', 'S', 'X' or 'Ka'.
        g_t_db_k: gain over system noise temperature, receiving. eirp_dbw: gain and power, sending.
        tx_power_w: power at the feed. tx_gain_dbi, rx_gain_dbi: gains of the dish.
        system_noise_k: noise temperature of the receiving system.
        rx_min_hz .. tx_max_hz: edges of the bands received (downlink) and sent (uplink).
    """

    name: str
    g_t_db_k: float | None = None
    eirp_dbw: float | None = None
    tx_power_w: float | None = None
    tx_gain_dbi: float | None = None
    rx_gain_dbi: float | None = None
    system_noise_k: float | None = None
    rx_min_hz: float | None = None
    rx_max_hz: float | None = None
    tx_min_hz: float | None = None
    tx_max_hz: float | None = None

    def __post_init__(self) -> None:
        if self.name not in BAND_NAMES:
            raise InputError(f"band '{self.name}' is unknown", f"known: {', '.join(BAND_NAMES)}")
        for key in ("tx_power_w", "system_noise_k", "rx_min_hz", "rx_max_hz", "tx_min_hz", "tx_max_hz"):
            value = getattr(self, key)
            if value is not None and not (np.isfinite(value) and value > 0.0):
                raise InputError(f"band {self.name}: {key} = {value:g}", "give a positive number or leave it out")
        for side in ("rx", "tx"):
            low, high = getattr(self, f"{side}_min_hz"), getattr(self, f"{side}_max_hz")
            if low is not None and high is not None and high <= low:
                raise InputError(
                    f"band {self.name}: bandwidth of {side} is {high - low:g} Hz",
                    f"{side}_max_hz must be above {side}_min_hz",
                )


@dataclass(frozen=True, kw_only=True, repr=False)
class Station(Glance):
    """One antenna with its facts.

    Attributes:
        name, title: as in the catalogue, and as people say it. site: place; complex: antennas that stand together;
            country: ISO 3166 two letters, '' when unknown.
        lat_deg, lon_deg, height_m: geodetic on GRS80, east longitude, above the ellipsoid.
        itrf_m: the same as Earth-fixed metres (ITRF). accuracy_m of it, None when unknown; epoch: of the coordinates.
        dish_m: diameter. min_elevation_deg: lowest elevation at which it is used.
        mask_azimuth_deg, mask_elevation_deg: horizon of the antenna, azimuths from true north rising in [0, 360),
            linear in between and round; both empty when there is no mask.
        slew_deg_s: fastest turn of an axis. keyhole_elevation_deg: it cannot track above this elevation.
        setup_s, teardown_s: time booked before and after a pass. cost_per_hour: of the antenna, the user's currency.
        bands: radios. facts: every number with its source. unpublished: key -> meaning of what nobody published.
    """

    name: str
    title: str
    site: str
    complex: str
    country: str
    lat_deg: float
    lon_deg: float
    height_m: float
    itrf_m: tuple[float, float, float]
    accuracy_m: float | None
    epoch: str
    dish_m: float
    min_elevation_deg: float
    mask_azimuth_deg: tuple[float, ...] = ()
    mask_elevation_deg: tuple[float, ...] = ()
    slew_deg_s: float | None = None
    keyhole_elevation_deg: float | None = None
    setup_s: float = 0.0
    teardown_s: float = 0.0
    cost_per_hour: float | None = None
    bands: tuple[Band, ...] = ()
    facts: tuple[Fact, ...] = ()
    unpublished: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        az, el = self.mask_azimuth_deg, self.mask_elevation_deg
        if len(az) != len(el):
            raise InputError(
                f"station {self.name}: mask has {len(az)} azimuths and {len(el)} elevations", "give one per azimuth"
            )
        if any(not 0.0 <= a < 360.0 for a in az) or any(b <= a for a, b in zip(az, az[1:], strict=False)):
            raise InputError(f"station {self.name}: mask azimuths do not rise within [0, 360)", "sort them, drop 360")
        if any(not -90.0 <= e <= 90.0 for e in el):
            raise InputError(f"station {self.name}: a mask elevation lies outside -90..90 deg", "give degrees")

    def band(self, name: str) -> Band | None:
        """The radio of this band, None when the station has none."""
        return next((band for band in self.bands if band.name == name), None)

    def fact(self, key: str) -> Fact | None:
        """The fact of this name, None when the catalogue has none."""
        return next((fact for fact in self.facts if fact.key == key), None)

    def _facts(self) -> dict[str, str]:
        place = f"{self.lat_deg:.4f} deg, {self.lon_deg:.4f} deg E, {self.height_m:.0f} m"
        bands = f"bands {', '.join(band.name for band in self.bands)}" if self.bands else ""
        return {"name": self.name, "site": self.site, "place": place, "dish": f"dish {self.dish_m:g} m", "bands": bands}

    def _details(self) -> dict[str, str]:
        return self._facts() | {fact.key: f"{fact.value} ({fact.source})" for fact in self.facts} | self.unpublished
