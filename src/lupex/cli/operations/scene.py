"""Ground, light and contacts of a place, from the functions every other command uses."""

from typing import Any

FINE_CELL_M = 20.0
SIZE_M = 4800.0


def surroundings_at(dem: str, place: tuple[float, float], span_utc: tuple[str, str], seed: int) -> Any:
    """Ground (made finer with synthetic relief where its cells are wide) and light around a place.

    Args:
        dem: 'default' or the path of a map. place: latitude and east longitude, deg. span_utc: first and last instant.
        seed: of the synthetic relief.
    """
    import numpy as np

    from lupex import study
    from lupex.ephemeris import sky_span
    from lupex.ops.simulator.surroundings import Surroundings
    from lupex.packets.times.cuc import tdb_to_tai_1958_s
    from lupex.study.places import map_point
    from lupex.terrain import fine_grid, refine

    lat_deg, lon_deg = place
    terrain = study.point_terrain(dem, lat_deg, lon_deg)
    x_m, y_m = map_point(terrain, lat_deg, lon_deg)
    if terrain.grid.cell_m > 2.0 * FINE_CELL_M:
        grid = fine_grid(terrain.grid, x_m, y_m, SIZE_M, FINE_CELL_M)
        ground = refine(terrain, grid, np.random.default_rng(seed))
    else:
        ground = terrain
    sky = sky_span(*span_utc, 600.0)
    light = study.light_series_at(terrain, lat_deg, lon_deg, sky, 2.0)
    around = Surroundings(
        terrain=ground,
        light_tai_s=tdb_to_tai_1958_s(sky.times_tdb_s),
        disc_fraction=light["sun_disc_fraction"],
        sun_elevation_deg=light["sun_elevation_deg"],
    )
    return around, (x_m, y_m)


def rover_of(mission: Any) -> Any:
    """The rover of a mission as the planners see it."""
    from lupex.traverse import rover_model

    return rover_model(mission.rover, mission.reach, mission.traverse, name=mission.rover_name)
