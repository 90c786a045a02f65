"""Circular orbits about the Moon with a formula of their own."""

import numpy as np
from tests.ground.scenes_passes import START

from lupex.ephemeris import tdb_s_to_utc
from lupex.model import OrbitTable
from lupex.signals import Orbit, orbit

GM_M3_S2 = 4.9028e12


def circle(times: np.ndarray, radius_m: float, rate: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Over the poles in the x-z plane, over +x at START."""
    w = np.sqrt(GM_M3_S2 / radius_m**3) if rate is None else rate
    angle = w * (times - START)
    along = np.stack([np.cos(angle), 0 * angle, np.sin(angle)], axis=1)
    across = np.stack([-np.sin(angle), 0 * angle, np.cos(angle)], axis=1)
    return radius_m * along, radius_m * w * across


def polar_orbit(hours: float = 26.0, step_s: float = 120.0, frame: str = "MOON_ME", **how: object) -> Orbit:
    times = START - 600.0 + step_s * np.arange(int(hours * 3600.0 / step_s))
    epochs = tuple(text.removesuffix("Z") for text in tdb_s_to_utc(times, 6))
    position, velocity = circle(times, 1_837_400.0)
    return orbit(
        OrbitTable(
            name="RELAY",
            center="MOON",
            frame=frame,
            time_system="UTC",
            epochs=epochs,
            position_m=position,
            velocity_m_s=velocity,
            **how,
        )
    )  # type: ignore[arg-type]
