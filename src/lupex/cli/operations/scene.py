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


def contacts_of_day(
    mission: Any, args: Any, span_tdb_s: tuple[float, float]
) -> tuple[tuple[tuple[float, float], ...], str]:
    """Spans of contact (TAI since 1958) of a day, and a note: the passes the schedule books, or every pass.

    Args:
        mission: with the needs of the schedule. args: place, stations, dem and every_pass of the command.
        span_tdb_s: of the day.
    """
    from dataclasses import replace

    import numpy as np

    from lupex import study
    from lupex.ephemeris import tdb_s_to_utc
    from lupex.ops.loop.inputs import contact_spans, joined_spans
    from lupex.packets.times.cuc import tdb_to_tai_1958_s

    names = ",".join(name.strip() for name in args.stations.split(","))
    days = 0.0 if args.every_pass else max(1.0, (span_tdb_s[1] - span_tdb_s[0]) / 86_400.0)
    ground = replace(mission.ground, stations=names, schedule_days=days)
    first, last = tdb_s_to_utc(list(span_tdb_s))
    terrain = study.point_terrain(args.dem, *args.place)
    found = study.contacts_at(terrain, args.place, (first, last), ground, mission.link, "rover")
    if args.every_pass:
        return contact_spans(found.plan), ""
    if found.schedule is None or not found.schedule.booked:
        reason = found.schedule_reason or "nothing is booked"
        return contact_spans(found.plan), f"no schedule of passes ({reason.rstrip('.')}); every pass is used"
    spans = [(one.start_tdb_s, one.stop_tdb_s) for one in found.schedule.booked]
    tai = [tuple(map(float, tdb_to_tai_1958_s(np.array(span)))) for span in spans]
    unmet = "; ".join(str(one) for one in found.schedule.notes)
    return joined_spans(tai), unmet


def rover_of(mission: Any) -> Any:
    """The rover of a mission as the planners see it."""
    from lupex.traverse import rover_model

    return rover_model(mission.rover, mission.reach, mission.traverse, name=mission.rover_name)
