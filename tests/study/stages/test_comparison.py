"""Sites in the order of their ranking."""

from dataclasses import replace

import numpy as np

from lupex.io import write_cog
from lupex.mission import load_mission
from lupex.model import Candidate, CriteriaTable, Grid, HorizonMap, Ranking, Site, Terrain
from lupex.study.stages.comparison import ice_depth_m, in_order
from lupex.thermal import Surface, thermal_map


def _site(name: str, rank: int) -> Site:
    candidate = Candidate(name=name, lat_deg=-89.0, lon_deg=0.0, x_m=0.0, y_m=0.0, rank=rank, score=0.5)
    return Site(
        candidate=candidate,
        fine_grid=Grid.centred("south", 0.0, 0.0, 4, 10.0),
        fine={},
        rank_regional=rank,
        rank=rank,
        score=0.5,
        synthetic_below_m=None,
        reasons=("by score",),
    )


def _ranking() -> Ranking:
    table = CriteriaTable(("A", "B"), ("lit",), (True,), np.array([[0.2], [0.7]]), np.zeros((2, 1)))
    return Ranking(
        table=table,
        pareto=np.array([False, True]),
        rank_acceptability=np.array([[0.25, 0.75], [0.75, 0.25]]),
        central_weights=np.ones((2, 1)),
        confidence=np.array([0.0, 1.0]),
        weighted_sum=np.array([0.2, 0.7]),
        topsis=np.array([0.0, 1.0]),
        order=("B", "A"),
        method="acceptability",
        deciding="lit",
        deciding_shift=0.5,
        draws=100,
    )


def test_sites_follow_the_ranking_and_say_so() -> None:
    ordered = in_order([_site("A", 1), _site("B", 2)], _ranking())
    assert [site.candidate.name for site in ordered] == ["B", "A"]
    assert [site.rank for site in ordered] == [1, 2]
    assert ordered[0].reasons == (
        "rank 1 by acceptability under uncertain weights and values; first in 75.0 % of the draws",
        "by score",
    )


def test_without_a_ranking_the_order_stays() -> None:
    sites = [_site("A", 1), _site("B", 2)]
    assert in_order(sites, None) == sites


def test_a_map_of_ice_depth_is_laid_on_the_fine_grid(tmp_path) -> None:
    wide = Grid.centred("south", 0.0, 0.0, 40, 100.0)
    east = np.tile(0.5 + wide.x_m() / 1.0e4, (40, 1)).astype(np.float32)
    write_cog(tmp_path / "ice.tif", wide, east, name="ice_depth_m", unit="m", meaning="depth of stable ice")
    mission = load_mission(None)
    mission = replace(mission, ranking=replace(mission.ranking, ice_depth_map=str(tmp_path / "ice.tif")))
    fine = Grid.centred("south", 300.0, 0.0, 10, 20.0)
    depth = ice_depth_m(mission, fine)
    assert np.allclose(depth, 0.5 + fine.x_m()[None, :] / 1.0e4, atol=1e-4)


def test_the_depth_of_ice_comes_from_the_sites_own_map_where_the_mission_names_none():

    grid = Grid.centred("south", 0.0, 0.0, 10, 500.0)
    level = np.zeros(grid.shape)
    counts = np.zeros((8, *grid.shape), np.int16)
    skies = HorizonMap(
        grid=grid,
        azimuths_pencil_deg=np.arange(8) * 45.0,
        counts=counts,
        observer_height_m=0.0,
        search_radius_m=250e3,
    )
    heat = thermal_map(Surface(Terrain(grid, level.astype(np.float32)), skies, level, level))
    fine = Grid.centred("south", 0.0, 0.0, 40, 125.0)
    depth = ice_depth_m(load_mission(None), fine, heat)
    assert depth.shape == fine.shape
    assert np.all(depth == np.repeat(np.repeat(heat.maps["ice_depth_m"], 4, axis=0), 4, axis=1))
