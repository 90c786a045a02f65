"""A way to the Moon that several tests correct."""

import numpy as np
import pytest

from lupex.base.constants import DAY_S
from lupex.ephemeris import BarycentricSeries, barycentric_series
from lupex.trajectory import TransferAim
from lupex.trajectory.design.arc import moon_state

DEPART = 898_267_869.0


@pytest.fixture(scope="module")
def series() -> BarycentricSeries:
    return barycentric_series(DEPART - DAY_S, DEPART + 12.0 * DAY_S)


@pytest.fixture(scope="module")
def aim(series: BarycentricSeries) -> TransferAim:
    arrive = DEPART + 4.6 * DAY_S
    out = moon_state(arrive, series)[0][:3]
    normal = np.cross(np.cross(out, [0.0, 0.0, 1.0]), out)
    return TransferAim(
        depart_tdb_s=DEPART, arrive_tdb_s=arrive, perigee_km=200.0, normal=normal / np.linalg.norm(normal),
        perilune_km=100.0, site_me=np.array([0.0, np.sin(0.01), -np.cos(0.01)]), landing_tdb_s=arrive + 5.0 * DAY_S,
    )  # fmt: skip
