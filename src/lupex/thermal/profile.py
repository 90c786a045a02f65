"""The temperature of one place with depth: on level or sloping ground without terrain, or behind its own skyline."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.model.glance import Glance
from lupex.thermal.columns import Cells, Plan, Wanted, equilibrium
from lupex.thermal.lights import EARTH_TOO, earthshine
from lupex.thermal.regolith import LayerSettings, Regolith, layers_of
from lupex.thermal.sublimation import loss_fit
from lupex.thermal.sun import SunPath, ideal_year, place_vectors

F64 = NDArray[np.float64]

OPEN_AZIMUTHS = 360


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ThermalProfile(Glance):
    """Temperatures of one column over a period that repeats.

    Attributes:
        surface_noon_k, surface_midnight_k: means over the noons and midnights of the period, by the Sun's azimuth.
        depth_m, mean_k, min_k, max_k: (node,).
        loss_kg_m2_gyr: (node,) mean loss of bare ice kept at each node's temperatures.
        drift_k_per_year: largest change of any node over the last, free period.
        heat_imbalance_fraction: (emitted - absorbed - heat flow) / (absorbed + heat flow), means over that period.
        deep_flow_w_m2: mean upward heat flux below 1 m.
        history_k: (step, node) of that period; ``sun`` is what it repeats with.
    """

    lat_deg: float
    lon_deg: float
    surface_noon_k: float
    surface_midnight_k: float
    depth_m: F64
    mean_k: F64
    min_k: F64
    max_k: F64
    loss_kg_m2_gyr: F64
    drift_k_per_year: float
    heat_imbalance_fraction: float
    absorbed_w_m2: float
    deep_flow_w_m2: float
    history_k: F64
    ground: Regolith
    sun: SunPath

    def _facts(self) -> dict[str, str]:
        place = f"{self.lat_deg:.4f} deg, {self.lon_deg:.4f} deg E"
        surface = f"surface {self.min_k[0]:.1f} to {self.max_k[0]:.1f} K, mean {self.mean_k[0]:.1f} K"
        deep = f"{self.mean_k[-1]:.1f} K at {self.depth_m[-1]:.2f} m"
        return {"place": place, "surface": surface, "deep": deep}

    def _picture(self) -> F64:
        return self.history_k.T


def slope_normal(east: F64, north: F64, up: F64, slope_deg: float, aspect_true_deg: float) -> F64:
    """Unit normal of ground that falls by ``slope_deg`` towards the true azimuth ``aspect_true_deg``."""
    slope, aspect = np.radians(slope_deg), np.radians(aspect_true_deg)
    downhill = np.sin(aspect) * east + np.cos(aspect) * north
    return np.asarray(np.cos(slope) * up + np.sin(slope) * downhill)


def slope_skyline_sine(slope_deg: float, aspect_true_deg: float, azimuths: int = OPEN_AZIMUTHS) -> F64:
    """Sine of the skyline (azimuth,) of an endless slope above a level horizon."""
    azimuth = np.radians(np.arange(azimuths) * (360.0 / azimuths) - aspect_true_deg)
    return np.asarray(np.sin(np.arctan(np.maximum(-np.tan(np.radians(slope_deg)) * np.cos(azimuth), 0.0))))


def thermal_profile(
    lat_deg: float,
    lon_deg: float = 0.0,
    ground: Regolith = Regolith(),
    slope: tuple[float, float] = (0.0, 0.0),
    skyline_deg: F64 | None = None,
    sun: SunPath | None = None,
    facing_w_m2: NDArray[np.float32] | None = None,
    layers: LayerSettings = LayerSettings(),
    species: str = "h2o",
    earth: bool = False,
) -> ThermalProfile:
    """The column of one place over a period that repeats.

    Args:
        lat_deg: latitude.
        lon_deg: east longitude.
        ground: regolith and heat flow.
        layers: gaps between the nodes of the column.
        slope: slope (deg) and aspect, the true azimuth of the downhill direction.
        skyline_deg: (azimuth,) elevation over evenly spaced true azimuths from north; None: that of the endless slope.
        sun: path in MOON_ME; the ideal year by default.
        facing_w_m2: (row,) absorbed from facing slopes, by row of the Sun's path; None: nothing.
        species: the ice whose loss is summed.
        earth: sunlight from the Earth and its heat too (`lights.earthshine`).

    Raises: InputError for what cannot be; NotConvergedError rather than an unconverged column.
    """
    _check("latitude", lat_deg, -90.0, 90.0)
    _check("longitude", lon_deg, -360.0, 360.0)
    _check("slope", slope[0], 0.0, 89.0)
    _check("aspect", slope[1], -360.0, 360.0)
    east, north, up = place_vectors(lat_deg, lon_deg)
    if skyline_deg is None:
        sine = slope_skyline_sine(*slope)
    else:
        sine = np.sin(np.radians(np.asarray(skyline_deg, np.float64)))
        if not np.isfinite(sine).all():
            raise InputError("thermal: the skyline holds no numbers in places", "choose a place with terrain around it")
    normal = slope_normal(east, north, up, *slope)
    path = ideal_year() if sun is None else sun
    facing = None if facing_w_m2 is None else np.asarray(facing_w_m2, np.float32)[None]
    sines = sine[None].astype(np.float32)
    cells = Cells(east[None], north[None], up[None], normal[None], sines, np.zeros(1), facing)
    if earth:
        shine = earthshine(cells, ground, None)
        path = replace(path, title=f"{path.title}; {EARTH_TOO}")
        cells = replace(cells, facing_w_m2=shine if facing is None else facing + shine)
    plan, nodes = Plan(), layers_of(ground, layers)
    found = equilibrium(ground, nodes, cells, path, plan, loss_fit(species), Wanted(trace=True))
    noon, midnight = _noon_and_midnight(found.trace_k[:, 0], path, lon_deg)
    absorbed, emitted = float(found.absorbed_w_m2[0]), float(found.emitted_w_m2[0])
    supplied = absorbed + ground.heat_flow_w_m2
    return ThermalProfile(
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        surface_noon_k=noon,
        surface_midnight_k=midnight,
        depth_m=nodes.depth_m,
        mean_k=found.mean_k[0],
        min_k=found.min_k[0],
        max_k=found.max_k[0],
        loss_kg_m2_gyr=found.loss_kg_m2_gyr[0],
        drift_k_per_year=float(found.drift_k_per_year[0]),
        heat_imbalance_fraction=(emitted - supplied) / supplied,
        absorbed_w_m2=absorbed,
        deep_flow_w_m2=float(found.deep_flow_w_m2[0]),
        history_k=found.trace_k,
        ground=ground,
        sun=path,
    )


def _noon_and_midnight(surface_k: F64, path: SunPath, lon_deg: float) -> tuple[float, float]:
    """Mean surface temperature at the noons and midnights of the period, between the two steps round each."""
    steps = surface_k.size
    ends = (np.arange(steps) + 1.0) / steps
    sun = path.direction_at(ends)
    hour = np.arctan2(sun[:, 1], sun[:, 0]) - np.radians(lon_deg)
    return tuple(_at_crossings(hour - at, surface_k) for at in (0.0, np.pi))  # type: ignore[return-value]


def _at_crossings(angle: F64, values: F64) -> float:
    """Mean of ``values`` where the falling ``angle`` (mod 2 pi) passes zero."""
    angle = (angle + np.pi) % (2.0 * np.pi) - np.pi
    after = np.roll(angle, -1)
    crossing = (angle >= 0.0) & (after < 0.0) & (angle - after < 1.0)
    part = angle[crossing] / (angle[crossing] - after[crossing])
    following = np.roll(values, -1)
    return float(np.mean(values[crossing] * (1.0 - part) + following[crossing] * part))


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InputError(f"thermal: {name} {value:g} lies outside {low:g} .. {high:g}", "correct it")
