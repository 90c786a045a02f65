"""How well a lander at a site would know where it is: the budget over days with the site's own contact plan."""

from collections.abc import Sequence

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import DAY_S
from lupex.base.errors import MissionError
from lupex.ephemeris import barycentric_series, earth_orientation_note, tdb_s_to_utc, utc_to_tdb_s
from lupex.mission import Mission
from lupex.model import LightMap, SiteContacts, Station
from lupex.model.position.fix import place_me_m
from lupex.model.quantities import sentences
from lupex.navigation.design.arcs import arc_rows, method_factor, set_row
from lupex.navigation.design.budget import BudgetRow, BudgetScene, budget_methods
from lupex.navigation.methods import METHODS
from lupex.navigation.radio.paths import Antennas
from lupex.results import SiteStudy
from lupex.results.position import SitePosition
from lupex.study.places import map_slopes
from lupex.study.stages.drive_scene import drive_begin_utc
from lupex.study.stages.region import Region
from lupex.terrain import point_height_m

SKYLINE_FIX = "skyline_fix_m"
ARCS_DAYS = (0.25, 1.0, 3.0, 7.0, 14.0, 28.0)
"""Arcs of the table, up to the longest asked for, which is added."""
CANDIDATES = (
    "delta_dor",
    "lunar_satellites",
    "orbiter_range",
    "craters",
    "star_tilt",
    "image",
    "skyline",
    "dem_height",
)
"""What might be measured next; constant biases of long arcs of satellites make them slow, so they are tried on the
shortest arc of a day or more."""
NEXT_SHOWN = 3


def checked_methods(mission: Mission) -> tuple[str, ...]:
    """The methods of [position]. Raises MissionError for one that a budget does not know, or none."""
    known = budget_methods()
    for name in mission.position.methods:
        if name not in known:
            raise MissionError(f"[position] methods: '{name}'", f"a budget of a place at rest knows {', '.join(known)}")
    if not mission.position.methods:
        raise MissionError("[position] methods is empty", "name one, or set in_study = false")
    return mission.position.methods


def site_position(
    mission: Mission, region: Region, study: SiteStudy, contacts: SiteContacts | None
) -> SitePosition | None:
    """The budget of the position at a site; None where it is not asked for.

    Args:
        mission: [position]. region: for the day of the first drive.
        study: with its map of the skyline's precision.
        contacts: with the ground; without them methods from the Earth have no data.
    """
    settings = mission.position
    if not settings.in_study:
        return None
    names, place, terrain = checked_methods(mission), study.place, study.terrain
    stations: Sequence[Station] = () if contacts is None else contacts.stations
    landing_s = float(utc_to_tdb_s(region.season.start_utc if contacts is None else contacts.span_utc[0])[0])
    first = min((one.aos_tdb_s for one in contacts.plan.passes), default=landing_s) if contacts else landing_s
    start = float(np.floor(first))
    earth = tuple(row.name for row in METHODS if row.kind == "earth")
    usable = names if stations else tuple(name for name in names if name not in earth)
    notes = list(_notes(start, settings.arc_days, study))
    if not usable:
        return None
    if len(usable) < len(names):
        notes.append("No antenna is asked for: methods from the Earth are left out.")
    arcs = tuple(days for days in ARCS_DAYS if days < settings.arc_days) + (settings.arc_days,)
    at = (place.x_m, place.y_m)
    skyline_m = _skyline_at(study)
    scene = BudgetScene(
        place_me_m=place_me_m(place.lat_deg, place.lon_deg, point_height_m(terrain, *at)),
        series=barycentric_series(start - 7200.0, start + settings.arc_days * DAY_S + 7200.0),
        antennas=_antennas(stations),
        lowest_deg=np.zeros(len(stations)),
        start_tdb_s=start,
        slopes=map_slopes(terrain, (place.lat_deg, place.lon_deg)),
        windows=_windows(stations, contacts),
        skyline_m=skyline_m / np.sqrt(2.0) if np.isfinite(skyline_m) else 0.0,
    )
    if not np.isfinite(skyline_m):
        usable = tuple(name for name in usable if name != "skyline") or usable
    rows = arc_rows(scene, arcs, usable)
    together = {row.days: row for row in rows if row.methods == "+".join(usable)}
    good = [days for days, row in together.items() if row.sigma_horizontal_m <= settings.wanted_m]
    drive_days = (float(utc_to_tdb_s(drive_begin_utc(mission, region.season))[0]) - start) / DAY_S
    before = [days for days in arcs if days <= drive_days]
    return SitePosition(
        start_utc=tdb_s_to_utc([start])[0],
        stations=tuple(
            one.name for one, spans in zip(stations, scene.windows or (), strict=True)
            if spans.size and spans[0, 0] <= start + settings.arc_days * DAY_S
        ),
        methods=usable,
        arcs_days=arcs,
        rows=tuple(rows),
        next_rows=_next(scene, next((d for d in arcs if d >= 1.0), arcs[-1]), usable),
        skyline_m=skyline_m,
        maps=LightMap(
            grid=terrain.grid,
            layers={SKYLINE_FIX: study.maps[SKYLINE_FIX]},
            meanings=sentences((SKYLINE_FIX,)),
            span_utc=study.maps.span_utc,
            observer_height_m=study.maps.observer_height_m,
            synthetic_below_m=terrain.synthetic_below_m,
        ),
        wanted_m=settings.wanted_m,
        wanted_days=min(good, default=float("inf")),
        first_drive_days=drive_days,
        first_drive_m=together[before[-1]].sigma_horizontal_m if before else float("nan"),
        notes=tuple(notes),
    )  # fmt: skip


def _next(scene: BudgetScene, days: float, have: Sequence[str]) -> tuple[BudgetRow, ...]:
    """All methods at hand after an arc with one more, the best of them first."""
    several = len(scene.antennas.names) > 1
    known = [method_factor(scene, days, name) for name in have]
    rows = [set_row(scene, days, (*have, name), [*known, method_factor(scene, days, name)])
            for name in CANDIDATES if name not in have and (several or name != "delta_dor")]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: row.sigma_horizontal_m)[:NEXT_SHOWN])


def _antennas(stations: Sequence[Station]) -> Antennas:
    if not stations:
        return Antennas((), np.zeros((0, 3)))
    return Antennas(
        tuple(one.name for one in stations),
        np.array([one.itrf_m for one in stations]),
        height_m=np.array([one.height_m for one in stations]),
    )


def _windows(stations: Sequence[Station], contacts: SiteContacts | None) -> tuple[F64, ...]:
    if contacts is None:
        return ()
    found = []
    for station in stations:
        spans = sorted((p.aos_tdb_s, p.los_tdb_s) for p in contacts.plan.passes if p.station == station.name)
        found.append(np.array(spans, np.float64).reshape(-1, 2))
    return tuple(found)


def _skyline_at(study: SiteStudy) -> float:
    row, col = study.terrain.grid.cell_of(study.place.x_m, study.place.y_m)
    return float(study.maps[SKYLINE_FIX][row, col])


def _notes(start: float, days: float, study: SiteStudy) -> tuple[str, ...]:
    notes = [
        "White noise and constant biases only: errors of the ephemeris, of the Moon's libration and of the Earth's "
        "orientation are not in it. Noise and biases of the methods are published values or assumptions.",
    ]
    if study.terrain.synthetic_below_m is not None:
        notes.append(
            f"Relief below {study.terrain.synthetic_below_m:g} m is synthetic: the skyline's precision is an example."
        )
    told = earth_orientation_note(start, start + days * DAY_S)
    return (*notes, f"{told[:1].upper()}{told[1:].rstrip('.')}.") if told else tuple(notes)
