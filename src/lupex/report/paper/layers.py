"""How each layer of a map is drawn: colour ramp, range, unit. Ramps are safe for colour-blind readers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.report.paper.words import is_fraction, label, unit


@dataclass(frozen=True)
class Ramp:
    """Name of a colour ramp and the values at its ends (None: from the data, 2nd and 98th percentile)."""

    colours: str
    low: float | None = None
    high: float | None = None


RAMPS: dict[str, Ramp] = {
    "elevation_m": Ramp("cividis"),
    "slope_deg": Ramp("viridis", 0.0, 30.0),
    "lit_fraction_any": Ramp("inferno", 0.0, 100.0),
    "lit_fraction_disc": Ramp("inferno", 0.0, 100.0),
    "sun_disc_fraction": Ramp("inferno", 0.0, 100.0),
    "mean_irradiance_surface_w_m2": Ramp("inferno", 0.0),
    "mean_irradiance_panel_w_m2": Ramp("inferno", 0.0),
    "earth_fraction": Ramp("cividis", 0.0, 100.0),
    "season_lit_fraction": Ramp("inferno", 0.0, 100.0),
    "season_longest_lit_days": Ramp("inferno", 0.0),
    "season_longest_dark_days": Ramp("viridis_r", 0.0),
    "season_earth_fraction": Ramp("cividis", 0.0, 100.0),
    "season_sun_and_earth_fraction": Ramp("viridis", 0.0, 100.0),
    "psr_distance_km": Ramp("cividis_r", 0.0, 30.0),
    "score": Ramp("viridis", 0.0),
    "touchdown_probability": Ramp("viridis", 0.0, 100.0),
    "hazard_probability": Ramp("magma_r", 0.0),
    "reach_probability": Ramp("cividis", 0.0, 100.0),
    "start_need_wh": Ramp("viridis_r", 0.0),
    "reachable": Ramp("cividis", 0.0, 1.0),
    "distance_there_km": Ramp("viridis_r", 0.0),
    "drive_km": Ramp("viridis_r", 0.0),
    "surface_max_k": Ramp("inferno", 25.0, 350.0),
    "mean_at_1m_k": Ramp("inferno", 25.0, 200.0),
    "ice_class": Ramp("cividis", 0.0, 3.0),
    "ice_depth_m": Ramp("viridis", 0.0, 2.0),
    "water_probability": Ramp("YlGnBu", 0.0, 40.0),
    "skyline_fix_m": Ramp("viridis_r"),
}


def ramp(name: str) -> Ramp:
    """How a layer is drawn; shares and probabilities without an entry run from none to all."""
    return RAMPS.get(name, Ramp("viridis", 0.0, 100.0) if is_fraction(name) else Ramp("viridis"))


def shown_values(name: str, layer: NDArray[np.float32]) -> NDArray[np.float32]:
    """The layer in the unit it is printed in (shares in percent)."""
    return layer * np.float32(100.0) if is_fraction(name) else layer


def colour_range(name: str, values: NDArray[np.float32]) -> tuple[float, float]:
    """Values at the two ends of the ramp; never equal.

    Args:
        name: of the layer, whose ramp may fix the ends.
        values: (row, col) of the layer.
    """
    shown = ramp(name)
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return 0.0, 1.0
    low = float(np.quantile(finite, 0.02)) if shown.low is None else shown.low
    high = float(np.quantile(finite, 0.98)) if shown.high is None else shown.high
    if shown.high is None and high <= low:
        high = float(finite.max())
    return (low, high) if high > low else (low, low + 1.0)


def colour_bar_label(name: str) -> str:
    """Name and unit for the colour bar."""
    mark = unit(name)
    return f"{label(name)} ({mark})" if mark else label(name)


def colour_map(name: str) -> Any:
    """The matplotlib ramp of a layer."""
    from matplotlib import colormaps

    return colormaps[ramp(name).colours]


def overlay(name: str, layer: NDArray[np.float32], shade: NDArray[np.float32] | None, span: tuple[float, float]) -> Any:
    """RGB bytes (row, col, 3): the layer's colours with the relief shaded into them; missing cells light grey.

    The shade scales brightness between 0.55 and 1.1 so that colours stay readable on the colour bar.
    """
    values = shown_values(name, layer)
    scaled = np.clip((values - span[0]) / (span[1] - span[0]), 0.0, 1.0)
    rgb = colour_map(name)(np.nan_to_num(scaled))[..., :3].astype(np.float32)
    if shade is not None:
        rgb *= (0.62 + 0.48 * stretched(shade))[..., None]
    rgb[~np.isfinite(values)] = 0.9
    return np.asarray(np.clip(rgb, 0.0, 1.0) * 255.0 + 0.5, dtype=np.uint8)


def grey(shade: NDArray[np.float32]) -> Any:
    """RGB bytes of a hillshade alone."""
    tone = 0.25 + 0.75 * stretched(shade)
    return np.repeat(np.asarray(tone * 255.0 + 0.5, dtype=np.uint8)[..., None], 3, axis=2)


def stretched(shade: NDArray[np.float32]) -> NDArray[np.float32]:
    """A shade stretched to 0..1 between its 1st and 99th percentile; 0.5 where there is none."""
    finite = shade[np.isfinite(shade)]
    if finite.size == 0:
        return np.full(shade.shape, 0.5, np.float32)
    low, high = np.quantile(finite, [0.01, 0.99])
    if high <= low:
        return np.full(shade.shape, 0.5, np.float32)
    return np.nan_to_num(np.clip((shade - low) / (high - low), 0.0, 1.0), nan=0.5).astype(np.float32)
