"""View factors against the spherical bowl, for closure, reciprocity and what hides what; light and heat in a bowl."""

import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.model import Grid
from lupex.thermal.facing.views import EXACT, ViewSettings, exchanged, ground_cell_m, scattered, view_factors

SIGMA = 5.670374419e-8
CELL_M = 0.1
"""So small that the ground is a plane: over kilometres the local vertical turns by more than the views are off."""


class Bowl:
    """A spherical bowl 0.8 of the map wide in level ground at the south pole."""

    def __init__(self, cells, depth_over_diameter=0.2):
        self.cells, self.diameter = cells, 0.8 * cells * CELL_M
        self.depth = depth_over_diameter * self.diameter
        self.radius = (self.diameter**2 / 4 + self.depth**2) / (2 * self.depth)
        self.grid = Grid.centred("south", 0.0, 0.0, cells, CELL_M)
        x = (np.arange(cells) - cells / 2 + 0.5) * CELL_M
        self.x, self.y = np.meshgrid(x, -x)
        square = self.x**2 + self.y**2
        self.inside = square < self.diameter**2 / 4
        self.below = np.sqrt(np.maximum(self.radius**2 - square, 0.0))
        floor = np.where(self.inside, self.radius - self.depth - self.below, 0.0)
        self.height = floor + square / (2 * MOON_RADIUS_M)  # level with its rim, on the sphere's tangent plane
        normal = np.stack([-self.x, -self.y, self.below], axis=-1) / self.radius
        self.normals = np.where(self.inside[..., None], normal, np.array([0.0, 0.0, 1.0]))
        self.fraction = 1.0 / (1.0 + (1.0 / depth_over_diameter) ** 2 / 4.0)

    def views(self, settings=ViewSettings()):
        return view_factors(self.grid, self.height, self.normals, settings)

    def direct(self, sun_rad):
        """Sunlight (cell, 1) on the bowl: what the sphere's far side does not hide, by its own geometry."""
        sun = np.array([np.cos(sun_rad), 0.0, np.sin(sun_rad)])
        place = np.stack([self.x, self.y, -self.below], axis=-1)
        leaves = -2.0 * (place @ sun) * sun[2] - self.below + self.radius - self.depth
        mu = np.clip(self.normals @ sun, 0.0, None)
        return (1361.0 * mu * (leaves >= 0.0) * self.inside).ravel()[:, None]


@pytest.mark.parametrize("settings", [ViewSettings(), EXACT], ids=["parted", "exact"])
@pytest.mark.parametrize("depth", [0.05, 0.2])
def test_every_cell_of_a_bowl_sees_the_same_share_of_it(settings, depth):
    bowl = Bowl(64, depth)
    seen = bowl.views(settings).terrain_view.reshape(64, 64)
    assert seen[bowl.inside].mean() == pytest.approx(bowl.fraction, rel=1.25 / 64)
    assert seen[bowl.inside].std() < 0.5 / 64 * bowl.fraction
    assert np.abs(seen[~bowl.inside]).max() == 0.0


@pytest.mark.parametrize("depth", [0.05, 0.2])
def test_halving_the_cells_halves_the_distance_to_the_sphere(depth):
    off = []
    for cells in (32, 64, 128):
        bowl = Bowl(cells, depth)
        seen = bowl.views().terrain_view.reshape(cells, cells)[bowl.inside].mean()
        off.append(abs(seen / bowl.fraction - 1.0))
    assert off[1] < 0.6 * off[0]
    assert off[2] < 0.6 * off[1]
    assert off[2] < 0.012


def test_a_uniformly_bright_bowl_lights_itself_evenly():
    bowl = Bowl(64)
    bright = np.where(bowl.inside.ravel(), 100.0, 0.0)[:, None]
    for settings in (ViewSettings(), EXACT):
        got = bowl.views(settings).received(bright).reshape(64, 64)[bowl.inside]
        assert got.mean() == pytest.approx(100.0 * bowl.fraction, rel=1.25 / 64)


def rough_map(cells=24, waves=(1, 2, 3), seed=3):
    rng = np.random.default_rng(seed)
    cell_m = 12_000.0 / cells
    grid = Grid.centred("south", 0.0, 0.0, cells, cell_m)
    y, x = np.mgrid[:cells, :cells] / cells * 2 * np.pi
    height = sum(400.0 / k * np.sin(k * x + rng.uniform(0, 6)) * np.cos(k * y + rng.uniform(0, 6)) for k in waves)
    gy, gx = np.gradient(height, cell_m)
    normals = np.stack([-gx, gy, np.ones_like(gx)], axis=-1)
    return grid, height, normals / np.linalg.norm(normals, axis=-1, keepdims=True)


def matrix(views):
    cells = views.starts.size - 1
    out = np.zeros((cells, cells))
    owner = np.repeat(np.arange(cells), np.diff(views.starts))
    np.add.at(out, (owner, views.index), views.share)
    return out


def test_what_one_piece_of_ground_sends_another_it_gets_back_from_it():
    """Reciprocity: area times view factor is symmetric. Rays sample it, so it holds for groups of cells."""
    off = []
    for cells in (24, 48):
        grid, height, normals = rough_map(cells, (1, 2))
        views = view_factors(grid, height, normals, ViewSettings(sectors=360, cuts=None, growth=0.0))
        sent = views.area_m2[:, None] * matrix(views)
        rows = np.arange(cells) // (cells // 4)
        group = (rows[:, None] * 4 + rows[None, :]).ravel()
        member = np.equal(group[:, None], np.arange(16)[None, :]).astype(float)
        between = member.T @ sent @ member
        off.append(np.abs(between - between.T).max() / between.max())
    assert off[1] < 0.55 * off[0]  # halving the cells halves what is missed
    assert off[1] < 0.055


def test_view_of_ground_and_of_sky_make_a_whole():
    """Closure: the sky seen, by a plain march of the skyline on its own, is what the ground leaves."""
    grid, height, normals = rough_map()
    seen = view_factors(grid, height, normals, ViewSettings(sectors=90, cuts=None, growth=0.0)).terrain_view
    cell = ground_cell_m(grid)
    for row, col in ((3, 4), (12, 12), (20, 7), (8, 18)):
        sky = 0.0
        for turn in 2 * np.pi * (np.arange(90) + 0.5) / 90:
            dx, dy = np.sin(turn), -np.cos(turn)
            nx, ny, nz = normals[row, col]
            skyline = np.arctan(-(nx * dx - ny * dy) / nz)
            for way in np.arange(1, 40):
                x, y = col + way * dx, row + way * dy
                if not (0 <= x <= 23 and 0 <= y <= 23):
                    break
                j, i = min(int(x), 22), min(int(y), 22)
                box = height[i : i + 2, j : j + 2]
                z = (box * np.outer([1 - y + i, y - i], [1 - x + j, x - j])).sum()
                ground = way * cell[row, col]
                skyline = max(skyline, np.arctan((z - height[row, col]) / ground - ground / (2 * MOON_RADIUS_M)))
            e = np.linspace(skyline, np.pi / 2, 2001)
            e = 0.5 * (e[1:] + e[:-1])
            cosine = np.clip(nz * np.sin(e) + (nx * dx - ny * dy) * np.cos(e), 0, None)
            sky += np.sum(cosine * np.cos(e)) * (np.pi / 2 - skyline) / 2000 * 2 * np.pi / 90 / np.pi
        assert sky + seen[row * 24 + col] == pytest.approx(1.0, abs=2e-3)


def test_a_wall_lights_the_ground_before_it_and_not_behind():
    cells = 40
    grid = Grid.centred("south", 0.0, 0.0, cells, 100.0)
    height = np.zeros((cells, cells))
    height[:, 20] = 300.0
    normals = np.zeros((cells, cells, 3))
    normals[..., 2] = 1.0
    normals[:, 19] = np.array([-1.0, 0.0, 0.3]) / np.hypot(1.0, 0.3)
    bright = np.zeros((cells, cells))
    bright[:, 20] = 100.0
    got = view_factors(grid, height, normals, EXACT).received(bright.reshape(-1, 1), balance=False).reshape(40, 40)
    assert got[20, 15] > 4.0
    assert got[20, 5] < got[20, 15]
    height[:, 10] = 400.0
    hidden = view_factors(grid, height, normals, EXACT).received(bright.reshape(-1, 1), balance=False)
    assert hidden.reshape(40, 40)[20, 5] < 0.2 * got[20, 5]


def test_cells_without_height_neither_see_nor_are_seen():
    bowl = Bowl(32)
    height = bowl.height.copy()
    height[10:14, 10:14] = np.nan
    views = view_factors(bowl.grid, height, bowl.normals, EXACT)
    gone = np.zeros((32, 32), bool)
    gone[10:14, 10:14] = True
    assert np.all(views.terrain_view[gone.ravel()] == 0.0)
    assert not np.isin(views.index, np.nonzero(gone.ravel())[0]).any()
    assert np.isfinite(views.received(np.ones((1024, 2)))).all()


@pytest.mark.parametrize(("depth", "sun_deg"), [(0.2, 1.6), (0.2, 5.0), (0.1, 1.6), (0.1, 5.0), (0.15, 3.0)])
def test_a_shadowed_floor_is_as_warm_as_ingersoll_says(depth, sun_deg):
    """Ingersoll et al. 1992: sigma T^4 = F0 sin e f (1-A)/(1-Af) [1 + A (1-f)/eps], without conduction."""
    albedo, emissivity = 0.068, 0.98
    bowl, sun = Bowl(96, depth), np.radians(sun_deg)
    f, views, light = bowl.fraction, bowl.views(), bowl.direct(sun)
    # cells cut the narrow lit strip unevenly: what enters by the mouth is known, and it is the views that are tested
    light *= 1361.0 * np.sin(sun) * np.pi * bowl.diameter**2 / 4 / (light[:, 0] @ views.area_m2)
    supply = (1 - albedo) * (light + scattered(albedo * light, albedo, views))
    heat = np.zeros_like(supply)
    for _ in range(8):  # what the ground emits, and what the infrared of the others adds
        heat = exchanged(supply + emissivity * heat, emissivity, views)
    kelvin = ((supply + emissivity * heat) / (emissivity * SIGMA)) ** 0.25
    dark = (light == 0.0).ravel() & (np.hypot(bowl.x, bowl.y) < 0.25 * bowl.diameter).ravel()
    theory = 1361.0 * np.sin(sun) * f * (1 - albedo) / (1 - albedo * f) * (1 + albedo * (1 - f) / emissivity)
    assert kelvin[dark].mean() == pytest.approx((theory / SIGMA) ** 0.25, rel=0.006)


def test_parted_views_receive_what_exact_ones_do():
    bowl = Bowl(64)
    light = bowl.direct(np.radians(3.0))
    parted, exact = (bowl.views(settings).received(light).ravel() for settings in (ViewSettings(), EXACT))
    inner = (np.hypot(bowl.x, bowl.y) < 0.25 * bowl.diameter).ravel()
    assert parted[inner].mean() == pytest.approx(exact[inner].mean(), rel=0.04)
    entering = 1361.0 * np.sin(np.radians(3.0)) * np.pi * bowl.diameter**2 / 4
    theory = entering / (4 * np.pi * bowl.radius**2)  # of a sphere: everywhere the same
    assert exact[inner].mean() == pytest.approx(theory * (light[:, 0] @ bowl.views().area_m2) / entering, rel=0.005)


@pytest.mark.parametrize("wrong", [{"sectors": 2}, {"cuts": (0.0, 0.5)}, {"cuts": (0.5, 0.2, 1.0)}, {"growth": 2.0}])
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(InputError, match="view factors:"):
        ViewSettings(**wrong)
