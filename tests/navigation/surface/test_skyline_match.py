import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.base.frames import convergence_deg, pencil_from_grid_deg
from lupex.model import Grid, HorizonMap, Terrain
from lupex.navigation.surface.skyline_coarse import Panorama, SettingsOfMatch, coarse_candidates
from lupex.navigation.surface.skyline_match import missed_probability, skyline_fix
from lupex.terrain import SkylineSettings, horizon_map, point_skyline_deg

SIZE, CELL = 48, 50.0


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    """Hills of random place and size (synthetic) on 7 km; the middle part is searched."""
    grid = Grid.centred("south", 12_000.0, -8_000.0, 140, CELL)
    x, y = grid.xy_m()
    rng = np.random.default_rng(8)
    height = np.zeros(grid.shape)
    for _ in range(60):
        cx, cy = rng.uniform(grid.left_m, grid.right_m), rng.uniform(grid.bottom_m, grid.top_m)
        height += rng.uniform(20, 220) * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2.0 * rng.uniform(150, 600) ** 2))
    return Terrain(grid, height.astype(np.float32))


@pytest.fixture(scope="module")
def horizon(terrain: Terrain) -> HorizonMap:
    """Skylines of the middle 48 x 48 cells."""
    whole = horizon_map(terrain, SkylineSettings(observer_height_m=2.0))
    grid = terrain.grid.crop(46, 46, SIZE, SIZE)
    return HorizonMap(
        grid=grid, azimuths_pencil_deg=whole.azimuths_pencil_deg, counts=whole.counts[:, 46:94, 46:94].copy(),
        observer_height_m=2.0, search_radius_m=whole.search_radius_m,
    )  # fmt: skip


def panorama(
    terrain: Terrain, horizon: HorizonMap, seed: int, sector_deg: float = 360.0, noise_deg: float = 0.05
) -> tuple[Panorama, float, float, float]:
    """What a camera sees at a random place with a random yaw; also that place and the true yaw."""
    rng = np.random.default_rng(seed)
    g = horizon.grid
    x = g.left_m + rng.uniform(0.15, 0.85) * SIZE * CELL
    y = g.top_m - rng.uniform(0.15, 0.85) * SIZE * CELL
    yaw = rng.uniform(0.0, 360.0)
    azimuth = np.arange(0.0, sector_deg, 1.0) + 0.3
    grid_azimuth = azimuth + yaw + convergence_deg(x, y, "south")
    seen = point_skyline_deg(terrain, x, y, pencil_from_grid_deg(grid_azimuth, x, y), 2.0)
    return Panorama(azimuth, seen + noise_deg * rng.normal(size=azimuth.size)), x, y, yaw


SETTINGS = SettingsOfMatch(sigma_deg=0.07, starts=10)


@pytest.mark.parametrize(("seed", "sector"), [(1, 360.0), (2, 360.0), (3, 360.0), (4, 180.0), (5, 180.0)])
def test_a_panorama_finds_its_place_and_yaw_without_a_prior(
    terrain: Terrain, horizon: HorizonMap, seed: int, sector: float
) -> None:
    seen, x, y, yaw = panorama(terrain, horizon, seed, sector)
    best = skyline_fix(horizon, seen, SETTINGS).modes[0]
    off = np.array([best.x_m - x, best.y_m - y])
    assert np.hypot(*off) < CELL
    assert abs((best.yaw_deg - yaw + 180.0) % 360.0 - 180.0) < 0.5
    assert off @ np.linalg.solve(best.covariance_m2, off) < 16.0
    assert best.probability > 0.9
    assert 0.2 < best.chi2_per_datum < 2.0


def test_three_sectors_of_sixty_degrees_do_as_well(terrain: Terrain, horizon: HorizonMap) -> None:
    seen, x, y, _ = panorama(terrain, horizon, 6)
    kept = (seen.azimuth_deg % 120.0) < 60.0
    fix = skyline_fix(horizon, Panorama(seen.azimuth_deg[kept], seen.elevation_deg[kept]), SETTINGS)
    assert np.hypot(fix.modes[0].x_m - x, fix.modes[0].y_m - y) < 1.5 * CELL
    assert any("of 360 deg" in note for note in fix.notes)


def test_the_probabilities_of_all_modes_add_up(terrain: Terrain, horizon: HorizonMap) -> None:
    seen, *_ = panorama(terrain, horizon, 7, 60.0, 0.3)
    fix = skyline_fix(horizon, seen, SettingsOfMatch(sigma_deg=0.4, modes=100, starts=10))
    assert sum(mode.probability for mode in fix.modes) + fix.elsewhere == pytest.approx(1.0)
    assert fix.elsewhere == missed_probability(60.0)


def test_a_wider_view_is_missed_less_and_none_is_never_missed() -> None:
    """The trials these come from: 8 of 40, 2 of 40, 0 of 36 missed; a chance of nothing is never claimed."""
    chances = [missed_probability(covered) for covered in (30.0, 60.0, 90.0, 120.0, 240.0, 360.0)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == chances[1] == pytest.approx(0.214, abs=1e-3)
    assert chances[-1] > 0.0


def test_modes_are_ordered_by_probability(terrain: Terrain, horizon: HorizonMap) -> None:
    seen, *_ = panorama(terrain, horizon, 7, 60.0, 0.3)
    fix = skyline_fix(horizon, seen, SettingsOfMatch(sigma_deg=0.4, modes=100, starts=10))
    assert [mode.probability for mode in fix.modes] == sorted((m.probability for m in fix.modes), reverse=True)


def test_the_coarse_search_agrees_with_plain_sums(terrain: Terrain, horizon: HorizonMap) -> None:
    """The matrix products against a loop over cells and yaws in plain numpy, for a panorama with a gap."""
    seen, *_ = panorama(terrain, horizon, 9, 232.0)
    cells, yaws = coarse_candidates(horizon, seen, SETTINGS)
    means = horizon.counts.reshape(90, 4, -1).mean(axis=1) * HorizonMap.UNIT_DEG
    image = np.array([seen.elevation_deg[(seen.azimuth_deg // 4).astype(int) == k].mean() for k in range(58)])
    cost = np.empty((90, means.shape[1]))
    for turn in range(90):
        left = image[:, None] - means[(np.arange(58) + turn) % 90]
        cost[turn] = (left**2).sum(axis=0) - left.sum(axis=0) ** 2 / ((0.07 / 0.1) ** 2 + 58.0)
    best = int(np.argmin(cost.min(axis=0)))
    assert cells[0] == best
    assert yaws[0] == 4.0 * int(np.argmin(cost[:, best]))


def test_a_known_yaw_is_used(terrain: Terrain, horizon: HorizonMap) -> None:
    seen, x, y, yaw = panorama(terrain, horizon, 10, 60.0)
    known = SettingsOfMatch(sigma_deg=0.07, yaw_deg=yaw, yaw_sigma_deg=1.0, starts=10)
    best = skyline_fix(horizon, seen, known).modes[0]
    assert abs((best.yaw_deg - yaw + 180.0) % 360.0 - 180.0) < 3.0


def test_panoramas_that_cannot_be_are_refused(terrain: Terrain, horizon: HorizonMap) -> None:
    seen, *_ = panorama(terrain, horizon, 1)
    with pytest.raises(InputError, match="upside down"):
        skyline_fix(
            horizon, Panorama(-seen.azimuth_deg, -seen.elevation_deg), SettingsOfMatch(sigma_deg=0.07, starts=4)
        )
    with pytest.raises(InputError, match="off the map"):
        skyline_fix(
            horizon, Panorama(seen.azimuth_deg, seen.elevation_deg * 3.0), SettingsOfMatch(sigma_deg=0.02, starts=3)
        )
    with pytest.raises(InputError, match="12 or more"):
        Panorama(seen.azimuth_deg[:5], seen.elevation_deg[:5])
    with pytest.raises(InputError, match="given twice"):
        Panorama(np.append(seen.azimuth_deg, seen.azimuth_deg[0]), np.append(seen.elevation_deg, 1.0))
    with pytest.raises(InputError, match="not finite"):
        Panorama(seen.azimuth_deg, np.where(seen.azimuth_deg < 2.0, np.nan, seen.elevation_deg))
    with pytest.raises(InputError, match="beyond 60 deg"):
        Panorama(seen.azimuth_deg, seen.elevation_deg + 80.0)
