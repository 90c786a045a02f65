"""Drives a user asks for, on made ground: planned, refused with the reason, checked, bounded."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.study.drive_grounds import (
    BOWL,
    CELL_M,
    FAR,
    START,
    bowl,
    digest_of_drives,
    gapped,
    place,
    walled,
    write_mission,
    write_stops,
)

from lupex.base.errors import GridError, InputError, MissionError, NoRouteError
from lupex.mission import Mission, load_mission
from lupex.model import SiteDrive
from lupex.report.drive.exchange import write_traverse
from lupex.study.questions.drives import (
    checked_drive,
    drive_ground,
    drive_in_time,
    permanent_shadow,
    place_cell,
    reached_ground,
    static_drive,
)
from lupex.study.stages.drive_scene import DriveScene
from lupex.traverse import NoDrive

BEGIN = "2028-01-03T00:00:00Z"


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Mission:
    return load_mission(write_mission(tmp_path_factory.mktemp("bowl"), bowl()))


@pytest.fixture(scope="module")
def planned(mission: Mission) -> tuple[DriveScene, SiteDrive]:
    return drive_in_time(mission, place(START), None, BEGIN)


def on(folder: Path, ground: np.ndarray, **settings: object) -> Mission:
    return load_mission(write_mission(folder, ground, **settings))


def test_a_drive_into_shadow_ends_in_light_with_the_stay_done(
    mission: Mission, planned: tuple[DriveScene, SiteDrive]
) -> None:
    scene, drive = planned
    way = drive.traverse
    assert way is not None and drive.target == "permanent shadow"
    assert scene.terrain.grid.cell_of(way.x_m[0], way.y_m[0]) == place_cell(scene.terrain, place(START), "start")
    at = way.labels.index("target")
    shadow = permanent_shadow(mission, scene.terrain)
    assert shadow[scene.terrain.grid.cell_of(way.x_m[at], way.y_m[at])]
    assert way.summary["drill_hours"] == pytest.approx(4.0, abs=1e-6)
    assert way.disc_fraction[-1] > 0.0 and way.disc_fraction[at] == 0.0
    assert way.battery_wh.min() >= scene.rover.least_battery_wh
    assert drive.risk is not None and drive.risk.survival > 0.95 and drive.risk.draws == 200


def test_drives_and_campaigns_have_the_same_bytes_on_threads_in_a_process_and_on_dask(tmp_path: Path) -> None:
    from distributed import Client, LocalCluster

    ground = write_mission(tmp_path, bowl())
    write_stops(tmp_path)
    wanted = digest_of_drives(ground, 1)
    assert digest_of_drives(ground, 3) == wanted
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        begun = pool.submit(digest_of_drives, ground, 2)
        with (
            LocalCluster(
                n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, local_directory=str(tmp_path)
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            assert client.submit(digest_of_drives, ground, 1).result(timeout=300) == wanted
        assert begun.result(timeout=300) == wanted


def test_a_stop_may_last_at_least_as_long_as_planned(planned: tuple[DriveScene, SiteDrive]) -> None:
    way = planned[1].traverse
    assert way is not None and way.safe_until_tdb_s is not None
    assert np.all(way.safe_until_tdb_s[:-1] >= way.times_tdb_s[1:] - 1e-3)


def test_a_planned_drive_passes_the_check(
    mission: Mission, planned: tuple[DriveScene, SiteDrive], tmp_path: Path
) -> None:
    way = planned[1].traverse
    assert way is not None
    for path in write_traverse(tmp_path, way, "drive")[:3]:
        checked = checked_drive(mission, path)
        assert checked.broken == (), path
        assert checked.traverse.distance_m[-1] == pytest.approx(way.distance_m[-1], rel=1e-3)
        lowest = checked.traverse.summary["lowest_battery_wh"]  # played by the cell, planned by the mean of two
        assert lowest == pytest.approx(way.summary["lowest_battery_wh"], abs=0.03 * 7000.0)


def test_a_drive_one_way_ends_at_its_goal_in_light(mission: Mission) -> None:
    scene, drive = drive_in_time(mission, place(START), place(FAR), BEGIN, one_way=True)
    assert drive.traverse is not None
    end = (float(drive.traverse.x_m[-1]), float(drive.traverse.y_m[-1]))
    assert scene.terrain.grid.cell_of(*end) == place_cell(scene.terrain, place(FAR), "goal")
    assert drive.traverse.disc_fraction[-1] > 0.0


def test_a_dark_goal_of_a_drive_one_way_is_refused(mission: Mission) -> None:
    with pytest.raises(NoDrive, match=r"goal -89\.2712, 33\.2766 lies in the dark .* ends in sunlight"):
        drive_in_time(mission, place(START), place(BOWL), BEGIN, one_way=True)


def test_a_goal_out_of_view_is_refused_when_view_is_needed(tmp_path: Path) -> None:
    mission = on(tmp_path, bowl(), rover="comm_to_drive = true")
    with pytest.raises(NoDrive, match="never in view of 'earth'.*only in view") as refused:
        drive_in_time(mission, place(START), place(BOWL), BEGIN)
    assert refused.value.constraint == "comm_to_drive"


def test_a_battery_too_small_is_named_with_one_that_is_enough(tmp_path: Path) -> None:
    mission = on(tmp_path, bowl(), rover="comm_to_drive = false\nbattery_wh = 800.0")
    with pytest.raises(NoDrive, match="the battery runs out") as refused:
        drive_in_time(mission, place(START), None, BEGIN)
    enough = on(tmp_path, bowl(), rover=f"comm_to_drive = false\nbattery_wh = {refused.value.needed + 1.0}")
    assert drive_in_time(enough, place(START), None, BEGIN)[1].traverse is not None


def test_no_shadow_anywhere_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no permanent shadow on the ground of the drive"):
        drive_in_time(on(tmp_path, np.zeros((60, 60))), place(START), None, BEGIN)


def test_a_static_drive_over_level_ground_is_straight(mission: Mission) -> None:
    found = static_drive(mission, place(START), place(FAR), "time")
    length = (FAR[1] - START[1]) * CELL_M
    assert found.route.length_m == pytest.approx(length, rel=1e-4)
    assert found.line.x_m.size == 2
    assert found.line.time_s == pytest.approx(length / 0.045, rel=1e-4)
    assert found.line.energy_j == pytest.approx(length / 0.045 * 137.0, rel=1e-4)


def test_an_energy_limit_too_low_names_the_least_energy(mission: Mission) -> None:
    with pytest.raises(NoRouteError, match=r"within 10 Wh: every way takes at least 422\.8\d Wh"):
        static_drive(mission, place(START), place(FAR), "time", 10.0)


@pytest.mark.parametrize("in_time", [False, True])
def test_a_wall_is_named_with_the_limit_that_opens_it(tmp_path: Path, in_time: bool) -> None:
    mission = on(tmp_path, walled())
    with pytest.raises(NoRouteError, match=r"needs max_up_slope_deg 38\.\d+ instead of 25 .*state it in \[reach\]"):
        if in_time:
            drive_in_time(mission, place(START), place(FAR), BEGIN)
        else:
            static_drive(mission, place(START), place(FAR))
    steeper = replace(mission, reach=replace(mission.reach, max_up_slope_deg=38.7))
    assert len(static_drive(steeper, place(START), place(FAR)).route) == FAR[1] - START[1] + 1


@pytest.mark.parametrize("in_time", [False, True])
def test_holes_of_the_dem_on_the_way_are_named(tmp_path: Path, in_time: bool) -> None:
    mission = on(tmp_path, gapped())
    with pytest.raises(NoRouteError, match="hole in the DEM.*fill the DEM"):
        if in_time:
            drive_in_time(mission, place(START), place(FAR), BEGIN)
        else:
            static_drive(mission, place(START), place(FAR))


def test_places_without_ground_are_refused(tmp_path: Path, mission: Mission) -> None:
    with pytest.raises(InputError, match="start .* has no height"):
        static_drive(on(tmp_path, gapped()), place((30, 21)), place(FAR))
    with pytest.raises(GridError, match=r"goal -89, 30 lies off the ground of the drive \(.* km around the start\)"):
        static_drive(mission, place(START), (-89.0, 30.0))
    with pytest.raises(GridError, match=r"place -88, 30 lies off the region of ground\.tif"):
        drive_ground(mission, (-88.0, 30.0))


def test_a_rover_without_a_needed_fact_is_refused(mission: Mission) -> None:
    facts = tuple(fact for fact in mission.rover if fact.key != "battery_wh")
    with pytest.raises(MissionError, match=r"\[rover\]: battery_wh is unknown; state it"):
        static_drive(replace(mission, rover=facts), place(START), place(FAR))


def waypoints(folder: Path, *rows: str) -> Path:
    path = folder / "way.csv"
    path.write_text("label,lat_deg,lon_deg,depart_utc,activity,duration_hours\n" + "\n".join(rows) + "\n")
    return path


def at(cell: tuple[int, int]) -> str:
    return "{:.7f},{:.7f}".format(*place(cell))


def test_a_wall_on_the_way_is_the_first_limit_broken(tmp_path: Path) -> None:
    mission = on(tmp_path, walled())
    path = waypoints(tmp_path, f"a,{at(START)},{BEGIN},,", f"b,{at(FAR)},,,")
    broken = checked_drive(mission, path).broken
    assert [one.constraint for one in broken] == ["up_slope_deg"]
    assert broken[0].by == pytest.approx(np.degrees(np.arctan(40.0 / 50.0)) - 25.0, abs=0.05)


def test_waypoints_far_away_and_stays_longer_than_the_span_are_still_covered(mission: Mission, tmp_path: Path) -> None:
    path = waypoints(tmp_path, f"a,{at(START)},{BEGIN},wait,100", f"b,{at((2, 58))},,,")
    checked = checked_drive(mission, path)
    assert [one.constraint for one in checked.broken] == []
    assert checked.traverse.summary["duration_hours"] > 100.0
    assert checked.scene.terrain.grid.contains(checked.traverse.x_m[-1], checked.traverse.y_m[-1])


def test_a_drive_begins_when_it_is_told_else_when_its_file_says(mission: Mission, tmp_path: Path) -> None:
    path = waypoints(tmp_path, f"a,{at(START)},2028-01-04T06:00:00Z,,", f"b,{at(FAR)},,,")
    told = checked_drive(mission, path, BEGIN)
    assert told.scene.span_utc[0] == BEGIN
    assert told.traverse.summary["duration_hours"] > 30.0
    assert checked_drive(mission, path).scene.span_utc[0] == "2028-01-04T06:00:00Z"


def test_reach_in_time_lies_within_reach_that_ignores_light(mission: Mission) -> None:
    reached = reached_ground(mission, place(START), BEGIN)
    begin_s = float(reached.scene.light.times_tdb_s[0])
    arrival, static = reached.in_time.arrival_tdb_s - begin_s, reached.ignoring_light.time_s
    there = np.isfinite(arrival)
    assert there.mean() > 0.9
    assert np.all(arrival[there] >= static[there] - 1.0)
    back = np.isfinite(reached.in_time.return_tdb_s)
    assert np.all(reached.in_time.return_tdb_s[back] >= reached.in_time.arrival_tdb_s[back])
    assert np.nanmax(reached.in_time.best_battery_wh) <= reached.scene.rover.full_battery_wh + 1e-6
    assert arrival[reached.start] == 0.0
