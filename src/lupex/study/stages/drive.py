"""The recommended drive of a site: into permanent shadow and back to light, in time."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from lupex.base.arrays import Cell, Mask
from lupex.base.constants import HOUR_S
from lupex.base.errors import NoRouteError
from lupex.base.frames import lat_lon_deg, map_xy_m
from lupex.base.running import Running
from lupex.catalogue import shadow_names
from lupex.mission import Mission
from lupex.model import Haven, Rover, SiteDrive, Terrain, Traverse, TraverseRisk, ever_in_view
from lupex.results import DriveScene, SiteStudy
from lupex.study.stages.drive_scene import around, drive_begin_utc, drive_scene, poor_fix, time_settings
from lupex.study.stages.region import Region
from lupex.traverse import (
    LivingEnds,
    NoDrive,
    Task,
    TimeSettings,
    drive_end,
    havens,
    needed_battery,
    plan_in_time,
    risk,
    route,
    safe_until,
    standing_dark_hours,
    why_cut,
)
from lupex.traverse.in_time.why_not import why_not

DRILL, TARGET = "drill", "target"

NEED = "start_need_wh"
"""Layer of the least charge to begin with, where the landing has been judged."""

NO_MARGIN = (
    "no drive ends where it could also end late (end_late_hours) and with less charge (end_reserve_fraction); this one "
    "must come in time, with the charge planned"
)
NO_RESERVE = "no drive keeps the reserve of charge asked for (reserve_fraction); this one keeps the least charge only"

SAFE_AROUND_M = 1500.0
"""How far around the route a way to survive is sought when asking how long a stop may last; beyond it, none counts."""


def site_scene(mission: Mission, region: Region, look: SiteStudy, running: Running = Running()) -> DriveScene:
    """Ground, rover and light of the drives on a site's fine map. Raises MissionError for a rover without needed
    facts."""
    return drive_scene(mission, look.terrain, drive_begin_utc(mission, region.season), running)


def site_drive(mission: Mission, look: SiteStudy, scene: DriveScene, running: Running = Running()) -> SiteDrive:
    """The drive from a site's best place into permanent shadow on its fine map, a stay there, and back to light.

    ``scene`` as `site_scene` gives it. Where there is no drive, the reason stands in the answer.

    Args:
        mission: the settings.
        look: the fine look at the site.
    """
    start = look.terrain.grid.cell_of(look.place.x_m, look.place.y_m)
    none = SiteDrive(rover=scene.rover, target="", window_utc=scene.span_utc, step_s=scene.step_s)
    poor = poor_fix(mission)
    if poor:
        return replace(none, reason=f"{poor}.")
    goals, hidden = shadow_in_view(scene, look.shadow)
    if not goals.any():
        return replace(none, reason=hidden)
    try:
        none = replace(none, static_km=route(scene.edges, start, look.shadow, cost="length").length_m / 1000.0)
        if _known_hopeless(mission, look, scene, start):
            return replace(none, reason=_in_words(_what_stops(mission, scene, start, goals)))
        traverse = into_shadow_and_back(mission, scene, start, goals, running)
    except NoRouteError as cut:
        why = why_cut(look.terrain, scene.rover, start, look.shadow, neighbours=mission.traverse.neighbours)
        return replace(none, reason=why.sentence if why else str(cut))
    except NoDrive as stopped:
        return replace(none, reason=_in_words(stopped))
    traverse, chances, stands = with_margins(mission, scene, traverse)
    target = target_name(traverse, look)
    return replace(none, target=target, traverse=traverse, risk=chances, havens=stands, end=scene.end_at(traverse))


def _in_words(stopped: NoDrive) -> str:
    """What stops a drive, without the name every drive of a study has."""
    return str(stopped).removeprefix(f"drive '{TimeSettings().name}': ")


def _known_hopeless(mission: Mission, look: SiteStudy, scene: DriveScene, start: Cell) -> bool:
    """Whether the map of charges to begin with says that no drive begins here: a search would only come to the same."""
    needs = look.maps.layers.get(NEED)
    rounded = 1.0 + 1e-6  # the map is float32
    return needs is not None and not float(needs[start]) <= start_charge_wh(mission, scene.rover) * rounded


def _what_stops(mission: Mission, scene: DriveScene, start: Cell, target: Mask) -> NoDrive:
    """Why no drive from a cell into a target (row, col) keeps the rover's own limits."""
    rover, how = scene.rover, time_settings(scene, objective=mission.traverse.objective)
    stay, charge_wh = stay_at(mission, rover, target), start_charge_wh(mission, rover)
    return why_not(scene.edges, rover, scene.light, start, charge_wh, [stay], None, how)


def shadow_in_view(scene: DriveScene, shadow: Mask) -> tuple[Mask, str]:
    """The part of a shadow a rover may drive into at all, and what to say when there is none."""
    if not shadow.any():
        return shadow, "No permanent shadow large enough to count lies on the fine map."
    if not scene.rover.comm_to_drive:
        return shadow, ""
    share = "No permanent shadow on the fine map is ever in view of the Earth while the drive may last, and the rover "
    return shadow & ever_in_view(scene.light, scene.last_step), f"{share}drives only in view of it (comm_to_drive)."


def into_shadow_and_back(
    mission: Mission, scene: DriveScene, start: Cell, target: Mask, running: Running = Running()
) -> Traverse:
    """The timed drive from a cell to a target (row, col), [traverse] stay_hours of drilling there, back to light.

    It keeps what `with_reserves` says in hand. Raises NoDrive saying what stops it.

    Args:
        mission: the settings.
        scene: ground, rover, steps and light of the drive.
        start: row and column of the start.
    """
    settings, rover = mission.traverse, scene.rover
    stay, charge_wh = stay_at(mission, rover, target), start_charge_wh(mission, rover)

    def planned(keeping: Rover, living: LivingEnds | None, diagnose: bool) -> Traverse:
        how = time_settings(scene, objective=settings.objective, diagnose=diagnose, living=living)
        return plan_in_time(scene.edges, keeping, scene.light, start, charge_wh, [stay], None, how, running)

    return with_reserves(mission, scene, planned)


def with_reserves(
    mission: Mission, scene: DriveScene, planned: Callable[[Rover, LivingEnds | None, bool], Traverse]
) -> Traverse:
    """A drive planned with what [traverse] keeps in hand: reserve_fraction of the battery all the way, and an end that
    is one also end_late_hours later and with end_reserve_fraction of the battery less.

    Where no drive keeps all of it, the end's margin is given up first, then the reserve; the notes say so.

    Args:
        mission: the settings.
        scene: ground, rover, steps and light of the drive.
        planned: (rover with its least charge raised, ends, whether to say what stops it) -> the drive; may raise
            NoDrive.
    """
    rover = scene.rover
    charge_wh = start_charge_wh(mission, rover)
    reserve = min(mission.traverse.reserve_fraction, 0.999 * (charge_wh / rover.battery_wh - rover.min_charge_fraction))
    keeping = replace(rover, min_charge_fraction=rover.min_charge_fraction + max(0.0, reserve))
    safer = _safer_ends(mission, scene)
    without = () if safer is None else (NO_MARGIN,)
    tries: list[tuple[Rover, LivingEnds | None, tuple[str, ...]]] = [(keeping, scene.living, without)]
    if safer is not None:
        tries.insert(0, (keeping, safer, ()))
    if reserve > 0.0:
        tries.append((rover, scene.living, (*without, NO_RESERVE)))
    found = None
    # The hardest is what is wanted, and where the easiest has no drive nothing between has one.
    for number in (0, -1, *range(1, len(tries) - 1)):
        one, living, notes = tries[number]
        last = number == -1 or len(tries) == 1
        try:
            drive = _counted_from_least(planned(one, living, last), scene, one, notes)
        except NoDrive:
            if last:
                raise
            continue
        if number != -1:
            return drive
        found = drive
    assert found is not None
    return found


def _safer_ends(mission: Mission, scene: DriveScene) -> LivingEnds | None:
    """Ends with the margin of [traverse]; None where none is asked for."""
    late = math.ceil(mission.traverse.end_late_hours * HOUR_S / scene.step_s * (1.0 - 1e-6))
    reserve_wh = mission.traverse.end_reserve_fraction * scene.rover.battery_wh
    if scene.living is None or (late == 0 and reserve_wh == 0.0):
        return None
    return scene.living.with_margin(late, reserve_wh)


def stay_at(mission: Mission, rover: Rover, target: Mask) -> Task:
    """The [traverse] stay_hours of drilling somewhere in a target (row, col)."""
    return Task(target, mission.traverse.stay_hours * HOUR_S, rover.drill_power_w, DRILL, TARGET)


def start_charge_wh(mission: Mission, rover: Rover) -> float:
    """What a drive begins with."""
    return mission.traverse.start_charge_fraction * rover.full_battery_wh


def _counted_from_least(drive: Traverse, scene: DriveScene, keeping: Rover, notes: tuple[str, ...]) -> Traverse:
    """A drive planned with reserves, its slack counted from the rover's own least charge and what its end needs."""
    reserve_wh = keeping.least_battery_wh - scene.rover.least_battery_wh
    slack = {**drive.slack, "battery_wh": drive.slack["battery_wh"] + reserve_wh}
    end = scene.end_at(drive)
    if end is not None:
        slack["end_wh"] = np.where(np.isnan(slack["end_wh"]), np.nan, drive.battery_wh - end.need_wh)
    summary = {**drive.summary, "lowest_margin_wh": drive.summary["lowest_margin_wh"] + reserve_wh}
    return replace(drive, slack=slack, summary=summary, notes=(*drive.notes, *notes))


def with_margins(
    mission: Mission, scene: DriveScene, traverse: Traverse
) -> tuple[Traverse, TraverseRisk, tuple[Haven, ...]]:
    """A drive with how long each stop may last, its chances under uncertainty, and the havens by its way.

    Args:
        mission: the settings.
        scene: ground, rover, steps and light of the drive.
        traverse: the timed drive.
    """
    rover, light, grid = scene.rover, scene.light, scene.terrain.grid
    cells = [grid.cell_of(x, y) for x, y in zip(traverse.x_m.tolist(), traverse.y_m.tolist(), strict=True)]
    near = around(scene, cells, SAFE_AROUND_M)
    inside = [(row - near.row, col - near.col) for row, col in cells]
    how = time_settings(scene, living=near.living)
    dark = standing_dark_hours(traverse, light)
    needed = needed_battery(near.edges, rover, near.light, how, inside, dark, running=Running(mission.study.workers))
    safe = safe_until(traverse, light, needed, rover)
    if scene.rule is not None:
        safe[-1] = drive_end(traverse, rover, light, scene.rule).may_stay_until_tdb_s
    traverse = replace(traverse, safe_until_tdb_s=safe)
    rng = np.random.default_rng(mission.study.seed)
    chances = risk(traverse, rover, light, mission.traverse, rng, scene.rule)
    return traverse, chances, tuple(havens(traverse, scene.edges, rover, light))


def target_name(traverse: Traverse, look: SiteStudy) -> str:
    """What the shadow driven into is called: its published name where one is near enough, and its place."""
    at = traverse.labels.index(TARGET)
    x, y = float(traverse.x_m[at]), float(traverse.y_m[at])
    lat, lon = (float(v) for v in lat_lon_deg(x, y, traverse.pole))
    place = f"permanent shadow at {abs(lat):.3f}° {'S' if lat < 0 else 'N'}, {lon:.2f}° E"
    names = _names_on(look.terrain, look.shadow, (x, y))
    return f"{names[0]} ({place})" if names else place


def _names_on(terrain: Terrain, shadow: Mask, at_m: tuple[float, float]) -> list[str]:
    """Published names of permanent shadows that lie in the same connected shadow of the map as a point."""
    from scipy.ndimage import label

    grid = terrain.grid
    parts, _ = label(shadow, np.ones((3, 3)))
    here = parts[grid.cell_of(*at_m)]
    found = []
    for name, (lat, lon) in shadow_names(grid.pole).items():
        x, y = (float(v) for v in map_xy_m(lat, lon, grid.pole))
        if grid.contains(x, y) and here and parts[grid.cell_of(x, y)] == here:
            found.append(name)
    return found
