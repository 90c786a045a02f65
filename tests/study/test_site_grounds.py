"""A site over many grounds, all the way to its drive: quantile maps, probabilities, spread for the ranking."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from tests.study.drive_grounds import START, bowl, place, write_mission

from lupex.base.errors import GridError, InputError
from lupex.base.running import Running
from lupex.mission import Mission, load_mission
from lupex.results import SiteStudy
from lupex.study.ground import fine_terrain, region_terrain
from lupex.study.grounds_of_site import ground_source, grounds_of_site
from lupex.study.run import _landed
from lupex.study.site_grounds import over_grounds
from lupex.study.stages.comparison import _inputs
from lupex.study.stages.region import Region, Skies, examine_region, skies
from lupex.study.stages.site import look_closer, seen_from_panel
from lupex.study.steps import Kept

PLACE = '\n[[place]]\nname = "start"\nlat_deg = {:.6f}\nlon_deg = {:.6f}\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grounds")
    path = write_mission(folder, bowl())
    path.write_text(path.read_text(encoding="utf-8") + PLACE.format(*place(START)), encoding="utf-8")
    return folder


def _mission(folder: Path, **terrain: object) -> Mission:
    mission = load_mission(folder / "mission.toml")
    return replace(
        mission,
        terrain=replace(mission.terrain, **terrain),  # type: ignore[arg-type]
        horizon=replace(mission.horizon, azimuths=72, search_radius_km=60.0),
        light=replace(mission.light, stop_utc="2028-06-01T00:00:00Z", step_hours=12.0, season_days=30.0),
        sites=replace(mission.sites, count=1, min_lit_days=1.0, min_psr_area_km2=0.05),
        dispersion=replace(mission.dispersion, along_sigma_m=100.0, cross_sigma_m=100.0),
    )


@pytest.fixture(scope="module")
def studied(folder: Path) -> Iterator[tuple[Mission, Region, Skies, SiteStudy]]:
    mission = _mission(folder, grounds=20, error_m=1.5, error_length_m=200.0)
    sky = skies(mission.light)
    region = examine_region(mission, region_terrain(mission.terrain), sky)
    look = look_closer(mission, region, region.candidates[-1], sky)
    landed = _landed(mission, region, look, None, Running(), Kept())
    yield mission, region, sky, seen_from_panel(mission, region, landed, sky)


def test_every_ground_goes_as_far_as_the_drive(studied: tuple[Mission, Region, Skies, SiteStudy]) -> None:
    mission, region, sky, study = studied
    over = over_grounds(mission, region, study, sky)
    numbers = over.over_grounds
    assert numbers["grounds"] == 20.0
    for name in ("season_lit_fraction", "slope_deg", "touchdown_probability", "reach_probability"):
        assert numbers[f"{name}_p05"] <= numbers[f"{name}_p50"] <= numbers[f"{name}_p95"]
    assert numbers["touchdown_probability_sigma"] > 0.0
    assert 0.0 <= numbers["drive_probability"] <= 1.0
    assert (over.maps["slope_deg_p05"] <= over.maps["slope_deg_p95"]).all()
    # Errors of 1.5 m over 200 m tilt a level plain by about 0.6 degrees; the own ground has none.
    plain = np.s_[5:20, 5:20]
    assert float(study.maps["slope_deg"][plain].max()) < 0.1 < float(over.maps["slope_deg_p50"][plain].mean()) < 1.5
    dark = study.shadow
    assert dark.any() and float(over.maps["psr_probability"][dark].mean()) > 0.5
    assert "20 grounds: errors of 1.5 m" in over.maps.meanings["psr_probability"]
    before, after = _inputs(mission, study), _inputs(mission, over)
    assert after.given_sigma["touchdown_probability"] >= numbers["touchdown_probability_sigma"]
    assert after.given_sigma["touchdown_probability"] > before.given_sigma["touchdown_probability"]
    assert after.given["touchdown_probability"] == before.given["touchdown_probability"]


def _written(folder: Path, name: str, heights: np.ndarray, shift_m: float = 0.0) -> None:
    with rasterio.open(folder / "ground.tif") as dataset:
        profile = dataset.profile
    profile["transform"] = profile["transform"] @ profile["transform"].translation(shift_m / 50.0, 0.0)
    with rasterio.open(folder / name, "w", **profile) as out:
        out.write(heights.astype("float32"), 1)


def test_clones_as_surfaces_or_errors_and_maps_of_errors_move_the_ground(
    studied: tuple[Mission, Region, Skies, SiteStudy], folder: Path, tmp_path: Path
) -> None:
    _, region, _, study = studied
    for number in range(20):
        _written(folder, str(tmp_path / f"{number:02d}.tif"), bowl() * (number % 2) + 0.01 * number)
    mission = _mission(folder, grounds=20, clones=(str(tmp_path),))
    c = study.candidate
    at = (c.lat_deg, c.lon_deg)
    own = fine_terrain(mission.terrain, region.terrain, c.x_m, c.y_m, at, np.random.default_rng(1)).elevation_m
    moved = [float((one.elevation_m - own).mean()) for one in grounds_of_site(mission, region.terrain, c)]
    assert moved == pytest.approx([0.01 * n for n in range(20)], abs=1e-3)
    _written(folder, str(tmp_path / "sigma.tif"), np.full(bowl().shape, 2.0))
    mission = _mission(folder, grounds=20, error_map=str(tmp_path / "sigma.tif"), error_length_m=100.0)
    spread = [one.elevation_m - own for one in grounds_of_site(mission, region.terrain, c)]
    assert float(np.std(spread)) == pytest.approx(2.0, rel=0.1)


def test_what_does_not_fit_is_refused(
    studied: tuple[Mission, Region, Skies, SiteStudy], folder: Path, tmp_path: Path
) -> None:
    _, region, _, study = studied

    def first(**terrain: object) -> None:
        next(grounds_of_site(_mission(folder, grounds=20, **terrain), region.terrain, study.candidate))

    with pytest.raises(InputError, match="no error of it is stated"):
        first()
    _written(folder, str(tmp_path / "one.tif"), bowl())
    with pytest.raises(InputError, match="1 clones where 20 grounds"):
        first(clones=(str(tmp_path),))
    _written(folder, str(tmp_path / "sigma.tif"), np.full(bowl().shape, 2000.0))
    with pytest.raises(InputError, match="is it in centimetres"):
        first(error_map=str(tmp_path / "sigma.tif"))
    _written(folder, str(tmp_path / "half.tif"), np.full(bowl().shape, 1.0), shift_m=25.0)
    with pytest.raises(GridError, match="of this very DEM"):
        first(error_map=str(tmp_path / "half.tif"))
    with pytest.raises(InputError, match="ask for 20 grounds"):
        over_grounds(_mission(folder, grounds=19), region, study, None)  # type: ignore[arg-type]
    default = replace(load_mission(None).terrain, clones=(str(tmp_path),), grounds=20)
    mission = replace(load_mission(None), terrain=default)
    with pytest.raises(InputError, match="the relief here is synthetic"):
        next(grounds_of_site(mission, region_terrain(default), study.candidate))


def test_where_grounds_come_from_is_said() -> None:
    terrain = load_mission(None).terrain
    assert ground_source(terrain, True) == "seeds of the synthetic relief"
    assert ground_source(replace(terrain, clones=("published",)), False).startswith("published clones")
    assert "map of standard deviations" in ground_source(replace(terrain, error_map="e.tif"), False)
