"""Light of a drive whose rover must be in view of one antenna instead of the Earth's centre."""

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import U8
from lupex.base.frames import lat_lon_deg
from lupex.base.running import Running
from lupex.ephemeris import sky_span
from lupex.ground import contact_plan
from lupex.illumination import HorizonLight
from lupex.mission import Mission
from lupex.model import HorizonMap, LightSeries, LunarPlace, Terrain
from lupex.model.fields.light_series import LightAxis, OnAxis, Window
from lupex.study.contacts.chosen import asked_station, pass_settings

EARTH = "earth"


class StationLight(OnAxis):
    """A LightSeries whose view counts only while the antenna can look at the Moon (step,): its horizon and limits.

    The terrain of every cell is judged by the light it wraps.
    """

    def __init__(self, light: LightSeries, on: NDArray[np.bool_]) -> None:
        super().__init__(LightAxis.of(light))
        self._light = light
        self._on = on.astype(np.uint8)

    def read(self, first: int, last: int, window: Window | None = None) -> tuple[U8, U8]:
        """As in LightSeries."""
        disc, view = self._light.read(first, last, window)
        return disc, view * self._on[first:last, None, None]


def drive_light(
    mission: Mission,
    terrain: Terrain,
    horizons: HorizonMap,
    middles_utc: tuple[str, str],
    step_s: float,
    running: Running = Running(),
) -> LightSeries:
    """Light of the steps whose first and last middles are given, with the view of [traverse] station.

    Args:
        mission: the settings.
        terrain: heights to stand on.
        horizons: skylines on the grid of the terrain.
        middles_utc: middle of each step.
        step_s: length of a step.

    Raises InputError for an unknown station (with the nearest right one), SpanError outside the kernels.
    """
    if mission.traverse.station == EARTH:
        return HorizonLight(terrain, horizons, sky_span(*middles_utc, step_s), running=running)
    antenna = asked_station(mission.traverse.station, mission.ground)
    sky = sky_span(*middles_utc, step_s, stations={antenna.name: np.array(antenna.itrf_m)})
    light = HorizonLight(terrain, horizons, sky, antenna.name, running)
    grid = terrain.grid
    lat, lon = lat_lon_deg(0.5 * (grid.left_m + grid.right_m), 0.5 * (grid.top_m + grid.bottom_m), grid.pole)
    # Skyline far below: the antenna's own horizon alone; the ground's is judged cell by cell.
    open_place = LunarPlace(
        name="drive",
        lat_deg=float(lat),
        lon_deg=float(lon),
        height_m=0.0,
        skyline_azimuth_true_deg=np.zeros(1),
        skyline_elevation_deg=np.full(1, -90.0),
    )
    times = light.times_tdb_s
    plan = contact_plan([antenna], open_place, (float(times[0]), float(times[-1])), pass_settings(mission.ground))
    seen = plan.windows[antenna.name]
    at = np.searchsorted(seen.start_tdb_s, sky.times_tdb_s, side="right") - 1
    on = (at >= 0) & (sky.times_tdb_s < np.append(seen.stop_tdb_s, -np.inf)[at])
    return StationLight(light, on)
