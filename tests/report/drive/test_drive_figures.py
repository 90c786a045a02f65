"""Map, profile and frames of a drive are drawn without a warning, and what they point at is there."""

import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.report.made_up_study import made_up_study

from lupex.base.errors import InputError, StoreError
from lupex.base.frames import map_xy_m
from lupex.model import Traverse
from lupex.report import drive_frames
from lupex.report.drive.drive_figures import drive_figures
from lupex.report.drive.drive_map import close_to
from lupex.report.drive.drive_profile import spare_hours
from lupex.report.drive.frames import frame_times_tdb_s, place_km, sun_at, towards
from lupex.report.paper import style
from lupex.results import SiteResult, StudyResult


@pytest.fixture(scope="module", autouse=True)
def coarse_pictures() -> Iterator[None]:
    """Figures of few dots, and no warning unnoticed."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("error")
        patch.setattr(style, "DPI", 40)
        yield


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study(24, 64, 2)


@pytest.fixture(scope="module")
def site(study: StudyResult) -> SiteResult:
    return study.sites[0]


def drive_of(site: SiteResult) -> Traverse:
    assert site.drive is not None and site.drive.traverse is not None
    return site.drive.traverse


def with_drive(site: SiteResult, traverse: Traverse) -> SiteResult:
    assert site.drive is not None
    return replace(site, drive=replace(site.drive, traverse=traverse))


def test_map_and_profile_are_drawn_and_carry_the_synthetic_label(
    study: StudyResult, site: SiteResult, tmp_path: Path
) -> None:
    figures = drive_figures(study, site, tmp_path)
    assert sorted(figures) == ["drive_map", "drive_profile"]
    for figure in figures.values():
        assert figure.path.name.endswith("_synthetic_below_1600m.png")
        with Image.open(figure.path) as picture:
            assert picture.size[0] == round(7.2 * 40)
    assert drive_figures(study, study.sites[1], tmp_path) == {}
    assert "still come through" in figures["drive_profile"].caption


def test_a_drive_of_one_waypoint_off_the_map_without_margins_is_drawn(
    study: StudyResult, site: SiteResult, tmp_path: Path
) -> None:
    traverse = drive_of(site)
    one = {
        name: getattr(traverse, name)[-1:]
        for name in ("times_tdb_s", "activity", "labels", "distance_m", "energy_wh", "battery_wh", "disc_fraction",
                     "earth_in_view", "dark_hours", "slope_deg")
    }  # fmt: skip
    far = {"x_m": np.array([9e5]), "y_m": np.array([9e5])}
    alone = replace(traverse, **one, **far, slack={}, safe_until_tdb_s=None)
    figures = drive_figures(study, with_drive(site, alone), tmp_path)
    assert "still come through" not in figures["drive_profile"].caption


def test_the_map_is_cut_to_the_drive_with_room_around_it(site: SiteResult) -> None:
    traverse = drive_of(site)
    near = close_to(site, traverse)
    grid = near.maps.grid
    assert grid.rows == grid.cols < site.maps.grid.cols
    assert near.terrain.grid == grid
    assert grid.left_m + grid.cell_m <= traverse.x_m.min()
    assert traverse.x_m.max() <= grid.right_m - grid.cell_m
    place = site.site.lat_deg, site.site.lon_deg
    here, there = grid.row_col(*place), site.maps.grid.row_col(*place)
    assert near.maps["slope_deg"][here] == site.maps["slope_deg"][there]
    assert near.terrain.elevation_m[here] == site.terrain.elevation_m[there]


def test_the_time_to_spare_is_the_hours_until_it_is_unsafe(site: SiteResult) -> None:
    traverse = drive_of(site)
    spare = spare_hours(traverse)
    assert spare[0] == pytest.approx((6900.0 - 1400.0) / 95.0, abs=1e-6)
    assert np.isnan(spare[-1])
    assert np.isnan(spare_hours(replace(traverse, safe_until_tdb_s=None))).all()


def test_frames_are_evenly_spaced_and_end_with_the_drive(site: SiteResult) -> None:
    traverse = drive_of(site)
    times = frame_times_tdb_s(traverse, 24.0)
    assert np.diff(times)[:-1] == pytest.approx(86_400.0, abs=1e-6)
    assert times[-1] == traverse.times_tdb_s[-1]
    assert times.size == 5
    for wrong in (0.0, -1.0, float("nan"), 1e-6):
        with pytest.raises(InputError, match="frames: every"):
            frame_times_tdb_s(traverse, wrong)


def test_frames_and_their_animation_are_written(site: SiteResult, tmp_path: Path) -> None:
    made = drive_frames(site, tmp_path / "frames", 30.0)
    assert [p.name for p in made] == [
        *(f"site_S1_drive_synthetic_below_1600m_frame_{i}.png" for i in range(4)),
        "site_S1_drive_synthetic_below_1600m.gif",
    ]
    assert sorted(p.name for p in (tmp_path / "frames").iterdir()) == sorted(p.name for p in made)
    with Image.open(made[-1]) as moving:
        assert moving.n_frames == 4
    assert made[0].read_bytes() != made[1].read_bytes()
    again = drive_frames(site, tmp_path / "again", 30.0, animation=False)
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in made[:-1]]


def test_a_site_without_a_drive_or_a_folder_in_the_way_is_one_clear_line(study: StudyResult, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="site S2 has no drive to draw .the battery cuts every way back"):
        drive_frames(study.sites[1], tmp_path, 1.0)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot write the frames"):
        drive_frames(study.sites[0], tmp_path / "file", 40.0)


def test_the_arrow_to_a_sun_in_the_north_points_away_from_the_south_pole() -> None:
    x, y = (float(v) for v in map_xy_m(-86.0, 130.0, "south"))
    assert np.dot(towards(0.0, x, y, "south"), (x, y)) / np.hypot(x, y) == pytest.approx(1.0, abs=1e-9)
    east = np.array(map_xy_m(-86.0, 130.001, "south")) - (x, y)
    assert np.dot(towards(90.0, x, y, "south"), east) / np.hypot(*east) == pytest.approx(1.0, abs=1e-6)


def test_the_sun_is_read_across_north_and_not_outside_its_track(site: SiteResult) -> None:
    t = np.array([0.0, 10.0])
    sun = replace(
        site.sun, times_tdb_s=t, azimuth_true_deg=np.array([358.0, 4.0]), elevation_deg=np.array([1.0, 2.0]),
        radius_deg=np.array([0.27, 0.27]),
    )  # fmt: skip
    found = sun_at(sun, 5.0)
    assert found is not None
    assert found == pytest.approx((1.0, 1.5), abs=1e-9)
    assert sun_at(sun, 11.0) is None


def test_the_rover_stands_between_waypoints_in_proportion_to_time(site: SiteResult) -> None:
    traverse = drive_of(site)
    middle = 0.5 * (traverse.times_tdb_s[0] + traverse.times_tdb_s[1])
    expected = 0.0005 * (traverse.x_m[0] + traverse.x_m[1])
    assert place_km(traverse, middle)[0] == pytest.approx(expected, rel=1e-9)
